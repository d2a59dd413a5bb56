import { incidentMode } from '../../domain/incident-mode';
import type { AtHand, Proven } from '../../domain/incident-mode';
import { RUNGS } from '../../domain/names';
import type { Rung } from '../../domain/names';
import type { PolicyVerdict } from '../../domain/proposal';

const verdict = (mode: Rung): PolicyVerdict => ({
  ...{ mode, reason: `Rule 1 (prod) says ${mode}.`, quorum: 1, approvers: [], notAuthor: false },
  ...{ remindAfterMs: 1, expireAfterMs: 2, escalateTo: 'on-call' },
});
const standing = { effectiveOutcomes: 212, reasons: ['210 of 212 outcomes recovered; 212 still count.'] };
const proven = (mode: Rung, more: Partial<Proven['standing']> = {}): Proven => ({ mode, confidence: 0.962, reasons: [], standing: { ...standing, ...more } });
const sure: AtHand = { score: 0.8, corroborated: true, doubts: [], attempts: [], unasked: true, vetoMs: 600_000 };
const tried = { round: 1, hypothesis: 'h', runbook: 'r', parameters: {}, verdict: 'unchanged' };

test('a proven runbook acts alone, and says on what', () => {
  expect(incidentMode(verdict('auto'), proven('auto'), sure)).toMatchObject({
    ...{ mode: 'auto', ceiling: 'auto', confidence: 0.962, outcomes: 212, corroborated: true, score: 0.8 },
    reason: 'Rule 1 (prod) says auto. Acts alone: 0.962 proven over 212 outcomes.',
  });
});

test('under veto it says how long people may object, and whose grant it acts on', () => {
  expect(incidentMode(verdict('auto'), proven('veto', { grantedBy: 'ana' }), sure)).toMatchObject({
    ...{ mode: 'veto', vetoMs: 600_000, grantedBy: 'ana' },
    reason: 'Rule 1 (prod) says auto. Acts after a time to object: granted by ana; 0.962 proven over 212 outcomes.',
  });
});

test('nothing exceeds policy, and nothing exceeds the record', () => {
  for (const ceiling of RUNGS) {
    for (const record of RUNGS) {
      const { mode } = incidentMode(verdict(ceiling), proven(record), sure);
      expect(RUNGS.indexOf(mode)).toBe(Math.min(RUNGS.indexOf(ceiling), RUNGS.indexOf(record)));
    }
  }
});

test.each([
  ['nobody reads the record', undefined, {}, 'no record of outcomes is read'],
  ['the cause is not corroborated', proven('auto'), { corroborated: false }, 'no second source that an outsider cannot write supports the cause'],
  ['a model doubts', proven('auto'), { doubts: ['a model names another cause'] }, 'a model names another cause'],
  ['something was tried in this incident', proven('auto'), { attempts: [tried] }, 'a remedy was tried, rejected or refused in this incident before'],
  [
    'the workflow is older',
    proven('auto'),
    { unasked: false },
    'a remedy of this incident was stopped or broke off, or it began before Nightshift could act without an answer',
  ],
])('a person is asked where %s, and is told so', (_when, record, more, why) => {
  for (const ceiling of ['auto', 'veto'] as const) {
    expect(incidentMode(verdict(ceiling), record, { ...sure, ...more })).toMatchObject({
      mode: 'approve',
      reason: `Rule 1 (prod) says ${ceiling}. A person is asked all the same: ${why}.`,
    });
  }
});

test('what the record allows less than policy is told with what is missing', () => {
  const next = { mode: 'auto' as const, missing: ['Needs about 74 more verified recoveries without a failure.'] };
  expect(incidentMode(verdict('auto'), proven('approve', { next, effectiveOutcomes: 1 }), sure).reason).toBe(
    'Rule 1 (prod) says auto. Its record allows approve only: 0.962 proven over 1 outcome. Needs about 74 more verified recoveries without a failure.',
  );
});

test('policy that asks is told as it is', () => {
  expect(incidentMode(verdict('approve'), undefined, { ...sure, corroborated: false }).reason).toBe('Rule 1 (prod) says approve.');
});

test('reasons are few and short, whatever the record says', () => {
  const { reasons = [] } = incidentMode(
    verdict('auto'),
    proven('auto', { reasons: Array.from({ length: 50 }, (_, i) => `${String(i)} ${'x'.repeat(5000)}`) }),
    sure,
  );
  expect([reasons.length, Math.max(...reasons.map((each) => each.length)) <= 240]).toEqual([6, true]);
});
