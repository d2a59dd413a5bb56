import { joinAlerts } from '../../domain/incident-alerts';
import { resolve } from '../../domain/incident-moves';
import { newIncidentState, type IncidentState } from '../../domain/incident-state';
import { watchEnd } from '../../domain/watch-end';
import { sampleAlert } from '../fakes/sample-incident';

const FIXED = Date.UTC(2026, 0, 5, 12);
const MINUTE = 60_000;
const SETTINGS = { watchMs: 10 * MINUTE, conditionEndsMs: 2 * MINUTE };

function fixed(over: Parameters<typeof sampleAlert>[1]): IncidentState {
  const state = newIncidentState({ incidentId: 'inc-a', workflowId: 'w', runId: 'r', environment: 'prod', service: 'db', now: FIXED });
  joinAlerts(state, [sampleAlert('a', { service: 'db', name: 'LatencyHigh', ...over })], 500);
  state.fixedAt = FIXED;
  state.outcome = { kind: 'fixed', summary: 'Fixed.' };
  return state;
}
const joined = { service: 'payments', joins: 'payments calls db' };
const kind = (state: IncidentState, minutes: number) => watchEnd(state, FIXED + minutes * MINUTE, SETTINGS).kind;

test('the end of what our detector sees is waited for, and then it is a relapse', () => {
  const state = fixed({ source: 'detector' });
  expect([kind(state, 1), kind(state, 2)]).toEqual(['watch-on', 'relapse']);
});

test('what joined is waited for twice the watch; one whose end is never told closes the incident, which names it, and is no relapse', () => {
  const state = fixed(joined);
  expect(watchEnd(state, FIXED + 19 * MINUTE, SETTINGS)).toEqual({ kind: 'watch-on', until: FIXED + 20 * MINUTE });
  expect(kind(state, 20)).toBe('close');
  resolve(state, FIXED + 20 * MINUTE);
  expect(state.reason).toBe('Fixed. No end was received for: LatencyHigh on payments.');
});

test('what joined and our detector still sees is a relapse', () => {
  expect([kind(fixed({ ...joined, source: 'detector' }), 19), kind(fixed({ ...joined, source: 'detector' }), 20)]).toEqual(['watch-on', 'relapse']);
});

test('other alerts of the service itself are not waited for, as it was measured, and a person ends it at once', () => {
  expect(kind(fixed({}), 0)).toBe('close');
  const byPerson = fixed(joined);
  byPerson.outcome = { kind: 'resolved-by-person', summary: 'ana: done' };
  expect(kind(byPerson, 0)).toBe('close');
});
