import { blind, firing, graverSince, gravest, healed, joinAlerts, unsettled } from '../../domain/incident-alerts';
import { escalateBlind } from '../../domain/incident-moves';
import { announceJoined, enterJoined } from '../../domain/incident-joins';
import { announce, confirm, stillUntold, transitionOf } from '../../domain/incident-record';
import { newIncidentState } from '../../domain/incident-state';
import { STATE_LIMITS, type IncidentState } from '../../domain/incident-state';
import type { Transition } from '../../domain/incident-view';
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

describe('alerts of another service', () => {
  const own = (id: string, over: Parameters<typeof sampleAlert>[1] = {}) =>
    sampleAlert(id, { service: 'bookshop', fingerprint: 'latency', startsAt: new Date(NOW).toISOString(), ...over });
  const joining = (id: string, over: Parameters<typeof sampleAlert>[1] = {}) => own(id, { service: 'db', joins: 'bookshop calls db', ...over });

  test('are conditions of their own, though both services use one fingerprint, and one id', () => {
    const state = opened();
    expect(joinAlerts(state, [own('latency-1'), joining('latency-1')], 500)).toMatchObject({
      duplicates: 0,
      added: [{ name: expect.anything() as string }, { service: 'db' }],
    });
    joinAlerts(state, [joining('latency-2', { status: 'resolved' })], 500);
    expect(firing(state).map(({ service }) => service)).toEqual([undefined]);
    joinAlerts(state, [joining('latency-3', { startsAt: new Date(NOW + 1).toISOString() }), own('latency-4', { status: 'resolved' })], 500);
    expect(firing(state).map(({ service }) => service)).toEqual(['db']);
  });

  test('sent twice count once', () => {
    const state = opened();
    joinAlerts(state, [own('a'), joining('b')], 500);
    expect(joinAlerts(state, [joining('b')], 500)).toMatchObject({ duplicates: 1, added: [], refired: [], renewed: [] });
  });

  test('are forgotten before those of the incident, and what ended before what holds', () => {
    const state = opened();
    joinAlerts(state, [own('own')], 500);
    joinAlerts(state, [joining('over', { fingerprint: 'over', status: 'firing' })], 500);
    const many = Array.from({ length: STATE_LIMITS.alerts - 2 }, (_, i) => own(`own${String(i)}`, { fingerprint: `own${String(i)}` }));
    joinAlerts(state, [...many, own('ended', { fingerprint: 'own0', status: 'resolved' })], 500);
    const held = (): string[] => state.alerts.map(({ fingerprint }) => fingerprint);
    joinAlerts(state, [own('one-more', { fingerprint: 'one-more' })], 500);
    expect([held().includes('own0'), held().includes('over')]).toEqual([false, true]);
    joinAlerts(state, [own('another', { fingerprint: 'another' })], 500);
    expect([held().includes('over'), held().includes('latency'), held().length]).toEqual([false, true, STATE_LIMITS.alerts]);
  });

  /** What the store is told next, as it is written. */
  function sent(state: IncidentState): Transition['notify'] {
    const transition = transitionOf(state, NOW);
    confirm(state, transition, { count: state.entries, hash: '' });
    return transition.notify;
  }

  test('are told to those who answer for that service, once', () => {
    const state = opened();
    joinAlerts(state, [own('own')], 500);
    expect(announceJoined(state, joinAlerts(state, [own('more', { fingerprint: 'more' })], 500))).toBe(false);
    expect([announceJoined(state, joinAlerts(state, [joining('db')], 500)), sent(state), sent(state)]).toEqual([true, 'joined', undefined]);
    expect([announceJoined(state, joinAlerts(state, [joining('db2', { fingerprint: 'other' })], 500)), sent(state)]).toEqual([false, undefined]);
  });

  test('are told after whatever else is told in that moment', () => {
    const state = opened();
    announceJoined(state, joinAlerts(state, [joining('db')], 500));
    announce(state, 'escalated');
    expect([stillUntold(state), sent(state), stillUntold(state), sent(state), stillUntold(state)]).toEqual([false, 'escalated', true, 'joined', false]);
  });

  test('are told where they join while another message is written, and where one of them joins while the joining of another is', () => {
    const state = opened();
    announce(state, 'escalated');
    const [count, hash] = [state.entries, ''];
    const before = transitionOf(state, NOW);
    announceJoined(state, joinAlerts(state, [joining('db')], 500));
    confirm(state, before, { count, hash });
    const first = transitionOf(state, NOW);
    announceJoined(state, joinAlerts(state, [joining('mail', { service: 'mail', fingerprint: 'mail' })], 500));
    confirm(state, first, { count, hash });
    expect([before.notify, first.notify, sent(state), sent(state)]).toEqual(['escalated', 'joined', 'joined', undefined]);
  });

  test('are told of the opening where it is written with them in it, and of nothing more', () => {
    const state = opened();
    announce(state, 'opened');
    announceJoined(state, joinAlerts(state, [joining('db')], 500));
    expect([sent(state), sent(state)]).toEqual(['opened', undefined]);
  });
});

describe('graver than what the last round knew', () => {
  const at = (second: number): string => new Date(NOW + second * 1000).toISOString();
  const known = (): IncidentState => {
    const state = opened();
    joinAlerts(state, [sampleAlert('a', { fingerprint: 'fa', severity: 'sev3', startsAt: at(1) })], 500);
    return { ...state, known: gravest(state) };
  };

  test('is a condition of the service itself of a worse severity, from when it began', () => {
    const state = known();
    expect([state.known, graverSince(state)]).toEqual(['sev3', undefined]);
    joinAlerts(state, [sampleAlert('b', { fingerprint: 'fb', severity: 'sev3', startsAt: at(2) })], 500);
    expect(graverSince(state)).toBeUndefined();
    joinAlerts(state, [sampleAlert('c', { fingerprint: 'fc', severity: 'sev1', startsAt: at(9) })], 500);
    joinAlerts(state, [sampleAlert('d', { fingerprint: 'fd', severity: 'sev2', startsAt: at(5) })], 500);
    expect(graverSince(state)).toBe(NOW + 5000);
  });

  test.each([
    ['it has ended', { status: 'resolved' as const }],
    ['it joined from another service', { service: 'payments', joins: 'bookshop calls it' }],
  ])('is none when %s', (_why, fields) => {
    const state = known();
    const graver = sampleAlert('b', { fingerprint: 'fb', severity: 'sev1', startsAt: at(2), ...fields });
    joinAlerts(
      state,
      [
        { ...graver, status: 'firing' },
        { ...graver, id: 'c' },
      ],
      500,
    );
    expect(graverSince(state)).toBeUndefined();
  });

  test('is none for an incident of before that was known', () => {
    const { known: _known, ...before } = known();
    joinAlerts(before, [sampleAlert('b', { fingerprint: 'fb', severity: 'sev1' })], 500);
    expect(graverSince(before)).toBeUndefined();
  });
});
