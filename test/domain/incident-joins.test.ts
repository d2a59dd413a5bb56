import { blind, healed, joinAlerts, unsettled } from '../../domain/incident-alerts';
import { escalateBlind } from '../../domain/incident-moves';
import { enterJoined } from '../../domain/incident-joins';
import { newIncidentState } from '../../domain/incident-state';
import type { IncidentState } from '../../domain/incident-state';
import { sampleAlert } from '../fakes/sample-incident';

const NOW = Date.UTC(2026, 0, 5, 12);

function opened(): IncidentState {
  return newIncidentState({ incidentId: 'inc-a', workflowId: 'w', runId: 'r', environment: 'prod', service: 'bookshop', now: NOW });
}

/** Alerts on so many instances, of one message. */
function instances(count: number, status: 'firing' | 'resolved' = 'firing', round = 1): ReturnType<typeof sampleAlert>[] {
  return Array.from({ length: count }, (_, i) =>
    sampleAlert(`a${String(i)}-${status}-${String(round)}`, {
      ...{ name: `Down${String(i)}`, fingerprint: `f${String(i)}`, status },
      startsAt: new Date(NOW + round).toISOString(),
    }),
  );
}

function told(count: number, condensed: boolean): string[] {
  const state = opened();
  enterJoined(state, NOW, joinAlerts(state, instances(count), 500), condensed);
  return state.pending.map((entry) => entry.summary);
}

test('a few conditions of one message are told one by one', () => {
  expect(told(3, true)).toHaveLength(3);
  expect(told(3, true)[0]).toMatch(/^Down0 fires: .*\(joins, as it is of the same service\)$/);
});

test('many conditions of one message are one entry, which names the first and counts the rest', () => {
  expect(told(30, true)).toEqual(['Down0, Down1, Down2 and 27 more fire (join, as it is of the same service)']);
});

test('their entry holds how many they are, and who told of them', () => {
  const state = opened();
  enterJoined(state, NOW, joinAlerts(state, instances(30), 500), true);
  expect(state.pending[0]).toMatchObject({ actor: 'generic', kind: 'alert', data: { conditions: 30, fingerprints: ['f0', 'f1', 'f2'] } });
});

test('the end of a condition does not make the anomaly that began it forgotten, and a newer one takes its place', () => {
  const state = opened();
  const told = (status: 'firing' | 'resolved', second: number, anomaly?: string) =>
    sampleAlert(`a-${String(second)}`, {
      ...{ fingerprint: 'f', status, startsAt: new Date(NOW + second).toISOString() },
      ...(anomaly === undefined ? {} : { anomaly }),
    });
  joinAlerts(state, [told('firing', 1, 'ano-1')], 500);
  joinAlerts(state, [told('resolved', 2)], 500);
  expect(state.alerts).toMatchObject([{ status: 'resolved', anomaly: 'ano-1' }]);
  joinAlerts(state, [told('firing', 3, 'ano-2')], 500);
  expect(state.alerts).toMatchObject([{ status: 'firing', anomaly: 'ano-2' }]);
});

test('many that end at once, and many that come back, are one entry each', () => {
  const state = opened();
  joinAlerts(state, instances(10), 500);
  enterJoined(state, NOW, joinAlerts(state, instances(10, 'resolved'), 500), true);
  enterJoined(state, NOW, joinAlerts(state, instances(10, 'firing', 2), 500), true);
  expect(state.pending.map((entry) => entry.summary)).toEqual(['Down0, Down1, Down2 and 7 more have ended.', 'Down0, Down1, Down2 and 7 more fire again.']);
});

test('an incident of an earlier version tells each, as it did', () => {
  expect(told(30, false)).toHaveLength(30);
});

describe('an alert that ends because no data comes any more', () => {
  const silent = (round = 1) => instances(1, 'resolved', round).map((alert) => ({ ...alert, noData: true as const }));

  test('heals nothing: whether it is well is not known', () => {
    const state = opened();
    joinAlerts(state, instances(2), 500);
    joinAlerts(state, silent(), 500);
    expect([healed(state), blind(state)]).toEqual([false, false]);
    joinAlerts(state, instances(2, 'resolved').slice(1), 500);
    expect([healed(state), blind(state)]).toEqual([false, true]);
  });

  test('is told as that, and people are asked', () => {
    const state = opened();
    joinAlerts(state, instances(1), 500);
    enterJoined(state, NOW, joinAlerts(state, silent(), 500), true);
    escalateBlind(state, NOW);
    expect(state.pending.map(({ summary }) => summary)).toEqual([
      'No data of Down0 comes any more; whether it is well is not known.',
      expect.stringMatching(/^No data of Down0 comes any more: whether it is well is not known\..*close the incident/),
    ]);
    expect([state.status, state.outcome]).toEqual(['escalated', undefined]);
  });

  test('opens an incident all the same when its begin came with it, and none when nothing was known of it', () => {
    const [together, alone] = [opened(), opened()];
    joinAlerts(together, [...instances(1), ...silent()], 500);
    joinAlerts(alone, silent(), 500);
    expect([unsettled(together).map(({ name }) => name), unsettled(alone)]).toEqual([['Down0'], []]);
  });

  test('ends as any other when it fires once more and is seen to be well', () => {
    const state = opened();
    joinAlerts(state, instances(1), 500);
    joinAlerts(state, silent(), 500);
    expect(joinAlerts(state, instances(1, 'firing', 2), 500).refired).toHaveLength(1);
    joinAlerts(state, instances(1, 'resolved', 2), 500);
    expect(healed(state)).toBe(true);
  });
});
