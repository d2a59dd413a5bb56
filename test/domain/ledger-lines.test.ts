import type { RecordedDecision } from '../../domain/approval';
import type { IncidentState } from '../../domain/incident-state';
import { newIncidentState } from '../../domain/incident-state';
import * as moves from '../../domain/incident-moves';
import { confirm, transitionOf } from '../../domain/incident-record';
import type { PolicyVerdict, Proposal } from '../../domain/proposal';

const OPENED = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;

const proposal: Proposal = {
  ...{ incidentId: 'inc-1', round: 1, environment: 'prod', service: 'shop', suspect: 'till', hypothesis: 'h-release', digest: 'd', preview: [], inverse: [] },
  runbook: { id: 'rollback', version: 3, hash: 'hash', title: 'Roll back' },
  target: { provider: 'local', partition: 'local', account: 'local', region: 'local', kind: 'process', id: 'till' },
  ...{ parameters: {}, risk: 'low', reversible: true },
};
const policy: PolicyVerdict = {
  ...{ mode: 'approve', reason: '', quorum: 1, approvers: [], notAuthor: false, remindAfterMs: 1, expireAfterMs: 1, escalateTo: 'on-call', score: 0.7 },
};

function state(over: Partial<IncidentState> = {}): IncidentState {
  const made = newIncidentState({ incidentId: 'inc-1', workflowId: 'w', runId: 'r', environment: 'prod', service: 'shop', now: OPENED });
  const asked = { proposal, policy, askedAt: OPENED, expiresAt: OPENED + 1, decisions: [], reminded: false, state: 'open' as const };
  return { ...made, round: 1, cause: 'bad-release', asked, ...over };
}

const answer = (signature?: string): RecordedDecision => ({
  ...{ incidentId: 'inc-1', proposal: 'd', verdict: 'approve', person: 'ana', at: '', acceptBy: '', acceptedAt: '', via: 'api' },
  ...(signature === undefined ? {} : { signature }),
});

/** What the store is told beside what Nightshift did. */
const beside = (of: IncidentState) => transitionOf(of, OPENED).beside ?? [];

const firing = [
  { id: 'a', name: 'Errors', status: 'firing', fingerprint: 'f', startsAt: new Date(OPENED).toISOString() },
] as unknown as IncidentState['alerts'];

describe('what Nightshift did', () => {
  test('is told with runbook, version, mode and score of the diagnosis', () => {
    const of = state();
    moves.attempted(of, 'recovered');
    expect(of.pendingOutcome).toEqual({
      ...{ round: 1, runbook: 'rollback', runbookHash: 'hash', version: 3, environment: 'prod', service: 'till', cause: 'bad-release' },
      ...{ verdict: 'recovered', actedBy: 'nightshift', mode: 'approve', score: 0.7, corroborated: false },
    });
  });

  test.each<[string, Partial<PolicyVerdict>, RecordedDecision[], boolean]>([
    ['nobody confirms it', {}, [], false],
    ['a second source supports the cause', { corroborated: true }, [], true],
    ['a person whom a door knows approved', {}, [answer('signed')], true],
    ['somebody approved whom no door knows', {}, [answer()], false],
    ['a person whom a door knows rejected', {}, [{ ...answer('signed'), verdict: 'reject' }], false],
  ])('where %s', (_how, said, decisions, confirmed) => {
    const of = state();
    if (of.asked) of.asked = { ...of.asked, policy: { ...policy, ...said }, decisions };
    moves.attempted(of, 'recovered');
    expect(of.pendingOutcome?.corroborated).toBe(confirmed);
  });
});

describe('an incident that nobody acted on', () => {
  test('healed alone', () => {
    const of = state();
    moves.recoverUnaided(of, OPENED + 3 * MINUTE, 0);
    expect(beside(of)).toMatchObject([{ actedBy: 'nobody', verdict: 'recovered', runbook: 'rollback', service: 'till', waitedMs: 3 * MINUTE }]);
  });

  test('healed alone and came back, so that it had not healed', () => {
    const of = state();
    moves.recoverUnaided(of, OPENED + 3 * MINUTE, 0);
    moves.relapse(of, OPENED + 5 * MINUTE);
    expect(beside(of).map(({ verdict }) => verdict)).toEqual(['recovered', 'relapsed']);
  });

  test('had not healed when Nightshift began, or a person took it over', () => {
    const [ours, theirs] = [state({ alerts: firing }), state({ alerts: firing })];
    moves.beginRemediation(ours, OPENED + 9 * MINUTE);
    moves.carryOutWish(theirs, OPENED + 9 * MINUTE, { kind: 'take-over', person: 'ana', note: '' });
    for (const each of [ours, theirs]) expect(beside(each)).toMatchObject([{ actedBy: 'nobody', verdict: 'unchanged', waitedMs: 9 * MINUTE }]);
  });

  test('healed alone, though somebody closes it or begins in the time in which it is watched', () => {
    const [closed, begun] = [state(), state()];
    moves.recoverUnaided(closed, OPENED + 3 * MINUTE, 30 * MINUTE);
    moves.carryOutWish(closed, OPENED + 9 * MINUTE, { kind: 'resolve', person: 'ana', note: 'fine' });
    expect(beside(closed).map(({ verdict }) => verdict)).toEqual(['recovered']);
    moves.beginRemediation(begun, OPENED + 9 * MINUTE);
    expect(beside(begun)).toEqual([]);
  });

  test('is not told of where somebody acted at once, as nobody knows what would have become of it', () => {
    const of = state();
    moves.beginRemediation(of, OPENED + 1000);
    expect(beside(of)).toEqual([]);
  });

  test('is none once Nightshift acted, or a person took it over and gave it back', () => {
    const acted = state();
    moves.attempted(acted, 'unchanged');
    const taken = state();
    moves.carryOutWish(taken, OPENED + 1000, { kind: 'take-over', person: 'ana', note: '' });
    moves.carryOutWish(taken, OPENED + 2000, { kind: 'hand-back', person: 'ana', note: '' });
    for (const each of [acted, taken]) {
      const before = beside(each);
      moves.recoverUnaided(each, OPENED + 9 * MINUTE, 0);
      expect(beside(each)).toEqual(before);
    }
  });

  test('whose cause was never found out is told of with none', () => {
    const { asked: _asked, cause: _cause, ...of } = state();
    moves.recoverUnaided(of, OPENED + MINUTE, 0);
    expect(beside(of)).toMatchObject([{ runbook: '', service: 'shop', cause: 'undetermined' }]);
  });
});

describe('what a person did by hand', () => {
  const resolve = (of: IncidentState, runbook?: string): void =>
    moves.carryOutWish(of, OPENED + 1000, { kind: 'resolve', person: 'ana', note: 'done', ...(runbook !== undefined && { byHand: { what: 'it', runbook } }) });
  test('is an outcome of the runbook that was proposed, where the alerts have ended', () => {
    const of = state();
    resolve(of, 'rollback');
    expect(beside(of)).toMatchObject([{ actedBy: 'person', runbook: 'rollback', verdict: 'recovered', corroborated: false }]);
  });

  test('carries the word that a door signed, and is confirmed by nothing until that is checked', () => {
    const of = state();
    const closing = {
      ...{ incidentId: 'inc-1', proposal: 'd', runbook: 'rollback', what: 'it', person: 'ana' },
      at: '',
      acceptBy: '',
      acceptedAt: '',
      signature: 's',
    };
    moves.carryOutWish(of, OPENED, { kind: 'resolve', person: 'ana', note: 'done', byHand: { what: 'it', runbook: 'rollback' }, closing });
    expect(beside(of)).toMatchObject([{ actedBy: 'person', verdict: 'recovered', corroborated: false, told: closing }]);
  });

  test('did not help where the trouble comes back while it is closed', () => {
    const of = state();
    resolve(of, 'rollback');
    moves.relapse(of, OPENED + 2000);
    expect(beside(of).map(({ actedBy, verdict }) => [actedBy, verdict])).toEqual([
      ['person', 'recovered'],
      ['person', 'relapsed'],
    ]);
  });

  test('did not recover what still fires', () => {
    const of = state({ alerts: firing });
    resolve(of, 'rollback');
    expect(beside(of)).toMatchObject([{ actedBy: 'person', verdict: 'unknown' }]);
  });

  test('says nothing of a runbook that the person does not name, or after Nightshift carried it out', () => {
    const [other, silent, acted] = [state(), state(), state()];
    resolve(other, 'restart');
    resolve(silent);
    moves.attempted(acted, 'unchanged');
    resolve(acted, 'rollback');
    for (const each of [other, silent, acted]) expect(beside(each)).toEqual([]);
  });
});

test('lines are sent until the store has them, and once', () => {
  const of = state();
  moves.recoverUnaided(of, OPENED + 3 * MINUTE, 0);
  const sent = transitionOf(of, OPENED);
  moves.relapse(of, OPENED + 5 * MINUTE);
  confirm(of, sent, { count: of.head.count, hash: 'h' });
  expect(beside(of).map(({ verdict }) => verdict)).toEqual(['relapsed']);
  confirm(of, transitionOf(of, OPENED), { count: of.head.count, hash: 'h' });
  expect(of.pendingBeside).toBeUndefined();
});

test('a remediation that broke off is an outcome that nobody knows, and people are asked from then on', () => {
  const of = state();
  moves.beginRemediation(of, OPENED);
  moves.breakOff(of, OPENED, 'it was terminated');
  expect([of.pendingOutcome?.verdict, of.heldBack]).toEqual(['unknown', true]);
});
