import { joinAlerts } from '../../domain/incident-alerts';
import { applyRemediation, avert, beginRemediation, escalateUnended, interrupt } from '../../domain/incident-moves';
import { newIncidentState } from '../../domain/incident-state';
import type { IncidentState } from '../../domain/incident-state';
import type { RemediationResult } from '../../domain/steps';
import { sampleAlert, sampleProposal } from '../fakes/sample-incident';

const NOW = Date.UTC(2026, 0, 5, 12);
const HOUR = 3_600_000;
const WATCH_MS = 900_000;
const AFTER = { watchMs: WATCH_MS, standsBy: true };
const predicted = (id: string, over = {}) => sampleAlert(id, { fingerprint: 'pool', name: 'PredictedBreach', source: 'forecast', ...over });
const provided: RemediationResult = {
  ...{ kind: 'measured', reason: '', refusals: [], effects: [] },
  verification: { verdict: 'unknown', reason: 'Nothing was broken before the remedy.', before: null, after: null, inconclusive: false, foretold: true },
};

/** An incident about a prediction, in which an approved remedy is under way. */
function remedied(): IncidentState {
  const state = newIncidentState({ incidentId: 'inc-a', workflowId: 'w', runId: 'r', environment: 'prod', service: 'bookshop', now: NOW });
  joinAlerts(state, [predicted('a')], 500);
  const policy = {
    mode: 'approve',
    reason: '',
    approvers: [],
    quorum: 1,
    notAuthor: false,
    expireAfterMs: 1,
    remindAfterMs: 1,
    escalateTo: 'on-call',
  } as const;
  state.asked = { proposal: sampleProposal('inc-a'), policy, askedAt: NOW, expiresAt: NOW + 1, decisions: [], reminded: false, state: 'open' };
  beginRemediation(state, NOW);
  return state;
}

test('a shortage that was provided for calls nobody: it is watched until the prediction ends, and fixed then', () => {
  const state = remedied();
  applyRemediation(state, NOW, provided, AFTER);
  expect(state).toMatchObject({ status: 'watching', reason: 'Nothing was broken before the remedy.', remediation: { verdict: 'unknown' } });
  expect([state.watchUntil, state.outcome, state.pendingNotify]).toEqual([NOW + 24 * HOUR, undefined, 'approved']);
  avert(state, NOW + 1, WATCH_MS);
  expect(state).toMatchObject({
    status: 'watching',
    watchUntil: NOW + 1 + WATCH_MS,
    fixedAt: NOW + 1,
    outcome: { kind: 'fixed', runbook: 'rollback-release@1' },
  });
});

test('trouble that came while it was provided for is looked at in a new round', () => {
  const state = remedied();
  joinAlerts(state, [sampleAlert('b', { name: 'LimitBroken', source: 'forecast' })], 500);
  applyRemediation(state, NOW, provided, AFTER);
  expect(state.status).toBe('triaged');
});

test('a remedy of a prediction of which nothing could be measured is for a person to look at', () => {
  const state = remedied();
  const { foretold: _measured, ...unmeasured } = provided.verification!;
  applyRemediation(state, NOW, { ...provided, verification: unmeasured }, AFTER);
  expect(state.status).toBe('escalated');
});

test('the end of a prediction is awaited for a day after the time that it speaks of, and then a person is called', () => {
  const state = remedied();
  joinAlerts(state, [predicted('c', { fingerprint: 'disk', shortage: { from: NOW + HOUR, until: NOW + 5 * HOUR, factor: 1.5 } })], 500);
  applyRemediation(state, NOW, provided, AFTER);
  expect(state.watchUntil).toBe(NOW + 29 * HOUR);
  escalateUnended(state, NOW + 29 * HOUR);
  expect(state).toMatchObject({
    status: 'escalated',
    pendingNotify: 'escalated',
    reason: expect.stringMatching(/^The time that was predicted is over/) as string,
  });
});

test('what comes while the end of a prediction is awaited is not told as trouble that has come back', () => {
  const state = remedied();
  applyRemediation(state, NOW, provided, AFTER);
  delete state.pendingNotify;
  joinAlerts(state, [sampleAlert('b', { name: 'LimitBroken', source: 'forecast' })], 500);
  interrupt(state, NOW);
  expect([state.status, state.watchUntil, state.pendingNotify, state.attempts.at(-1)?.verdict]).toEqual(['triaged', undefined, undefined, 'unknown']);
  expect(state.tail.at(-1)?.summary).toMatch(/^Something has come while .*LimitBroken/);
});

test('an incident of before there was waiting for predictions calls a person, as it did', () => {
  const state = remedied();
  applyRemediation(state, NOW, provided, { ...AFTER, standsBy: false });
  expect(state.status).toBe('escalated');
});
