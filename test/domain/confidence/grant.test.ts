import { grantProblems, grantStatement } from '../../../domain/confidence/grant';
import type { AutonomyGrant, GrantQuestion } from '../../../domain/confidence/grant';
import { KEY } from './outcomes';

const grant: AutonomyGrant = {
  ...{ id: 'g1', runbook: 'rollback', hash: 'h1', environment: 'prod', services: ['shop'], mode: 'auto', person: 'ops-lead', reason: 'rehearsed' },
  ...{ from: '2026-01-01T00:00:00Z', until: '2026-02-01T00:00:00Z', signature: 'signed' },
};
const question: GrantQuestion = {
  ...{ key: KEY, danger: { risk: 'low', reversible: true }, verified: true, harms: [], now: Date.parse('2026-01-15T00:00:00Z') },
};

test('a signed grant for a reversible low-risk runbook holds in its time', () => {
  expect(grantProblems(grant, question)).toEqual([]);
});

test.each<[string, Partial<AutonomyGrant>, Partial<GrantQuestion>, string]>([
  ['not signed', {}, { verified: false }, 'The grant of ops-lead is not signed by a door of this store.'],
  ['another service', { services: ['search'] }, {}, 'The grant of ops-lead is not for this runbook here.'],
  ['another version', { hash: 'h0' }, {}, 'The grant of ops-lead is for another version of the runbook.'],
  ['not reversible', {}, { danger: { risk: 'low', reversible: false } }, 'Only a reversible runbook of low risk can be granted autonomy by a person.'],
  ['not of low risk', {}, { danger: { risk: 'medium', reversible: true } }, 'Only a reversible runbook of low risk can be granted autonomy by a person.'],
  ['without an end', { until: 'never' }, {}, 'The grant of ops-lead has no valid begin and end.'],
  ['too long', { until: '2026-06-01T00:00:00Z' }, {}, 'The grant of ops-lead lasts longer than 90 days.'],
  ['not begun', {}, { now: Date.parse('2025-12-31T00:00:00Z') }, 'The grant of ops-lead begins at 2026-01-01T00:00:00Z.'],
  ['ended', {}, { now: Date.parse('2026-02-01T00:00:00Z') }, 'The grant of ops-lead ended at 2026-02-01T00:00:00Z.'],
  ['a harm since', {}, { harms: [Date.parse('2026-01-02T00:00:00Z')] }, 'The grant of ops-lead fell with the harm that was done since.'],
])('a grant does not hold: %s', (_what, changed, asked, problem) => {
  expect(grantProblems({ ...grant, ...changed }, { ...question, ...asked })).toEqual([problem]);
});

test('a harm before the grant was known to the person who gave it', () => {
  expect(grantProblems(grant, { ...question, harms: [Date.parse('2025-12-30T00:00:00Z')] })).toEqual([]);
});

test('everything but the signature is signed', () => {
  expect(Object.keys(grantStatement(grant)).sort()).toEqual(
    Object.keys(grant)
      .filter((key) => key !== 'signature')
      .sort(),
  );
});
