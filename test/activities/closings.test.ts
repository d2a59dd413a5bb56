import { withCheckedClosings } from '../../activities/closings';
import { tableSink } from '../../adapters/postgres/audit-sink';
import type { Db } from '../../adapters/postgres/database';
import { migrate } from '../../adapters/postgres/migrate';
import { soleProcess } from '../../adapters/postgres/sole-process';
import { createStore } from '../../adapters/postgres/store';
import { defaultsOf } from '../../config/defaults';
import { recordedClosing } from '../../domain/closing';
import { defined } from '../../domain/defined';
import type { LedgerOutcome } from '../../domain/incident-view';
import type { Closing, RecordedClosing } from '../../domain/closing';
import { signClosing } from '../../domain/closing-signature';
import * as moves from '../../domain/incident-moves';
import { transitionOf } from '../../domain/incident-record';
import { newIncidentState } from '../../domain/incident-state';
import type { IncidentState } from '../../domain/incident-state';
import type { Role } from '../../domain/names';
import type { Policy } from '../../domain/policy-types';
import type { Proposal } from '../../domain/proposal';
import { proposalDigest } from '../../domain/propose';
import type { Store } from '../../ports/store';
import { memoryDatabase } from '../adapters/postgres/memory-database';
import { sampleAlert, sampleProposal } from '../fakes/sample-incident';

const NOW = Date.UTC(2026, 0, 5, 12);
const iso = (at: number): string => new Date(at).toISOString();
const { approvals, limits, brake } = defaultsOf('default');
const policy: Policy = { rules: [], approvals: { ...approvals, notAuthor: true, allowUnverified: true }, limits, brake, freezes: [] };
const verdict = {
  ...{ mode: 'suggest', reason: '', quorum: 1, approvers: [], notAuthor: false, remindAfterMs: 1, expireAfterMs: 1, escalateTo: 'on-call' },
} as const;

let db: Db;
let store: Store;
let incidents = 0;
const doubts: unknown[] = [];
beforeAll(async () => {
  db = await memoryDatabase();
  await migrate(db);
  store = createStore({ db, sink: tableSink(db), channels: [], coordination: soleProcess(), where: 'memory', release: () => db.destroy() });
  for (const [name, role] of [
    ['ana', 'approver'],
    ['rita', 'responder'],
  ] satisfies [string, Role][])
    await store.keys.create({ name, role }, iso(NOW));
}, 60_000);
afterAll(() => store.close());

interface Closed {
  readonly over?: Partial<Closing>;
  readonly proposal?: Partial<Proposal>;
  /** What becomes of the signed closing on its way. */
  readonly forge?: (closing: RecordedClosing) => RecordedClosing | undefined;
  readonly secret?: Buffer;
  readonly acceptedAt?: number;
  readonly fires?: boolean;
  /** Every alert had ended by itself before. */
  readonly healed?: boolean;
}

/** Closes an incident as its workflow does, and reads what the ledger says of the person then. */
async function closed({ over, proposal: more, forge = (said) => said, secret, acceptedAt = NOW + 1, fires = false, healed = false }: Closed = {}) {
  const incidentId = `inc-${String((incidents += 1))}`;
  const { digest: _digest, ...content } = sampleProposal(incidentId, more);
  const proposal: Proposal = { ...content, digest: proposalDigest(content) };
  await store.proposals.saveProposal(proposal);
  const state = newIncidentState({ incidentId, workflowId: 'w', runId: 'r', environment: 'prod', service: 'bookshop', now: NOW });
  if (fires) state.alerts.push(sampleAlert('a'));
  if (healed) state.outcome = { kind: 'recovered-unaided', summary: 'it healed' };
  Object.assign(state, {
    round: proposal.round,
    asked: { proposal, policy: verdict, askedAt: NOW, expiresAt: NOW, decisions: [], reminded: false, state: 'suggested' },
  });
  const times = { at: iso(NOW), acceptBy: iso(NOW + 2_000) };
  const said: Closing = { incidentId, proposal: proposal.digest, runbook: 'rollback-release', what: 'rolled it back', person: 'ana', ...times, ...over };
  const closing = forge(recordedClosing(signClosing(secret ?? (await store.doorKey.secret()), said), acceptedAt));
  const byHand = { what: 'rolled it back', runbook: 'rollback-release' };
  moves.carryOutWish(state, NOW, { kind: 'resolve', person: 'ana', note: 'over', byHand, ...(closing && { closing }) });
  return written(state);
}

async function written(state: IncidentState): Promise<unknown[]> {
  await withCheckedClosings(store.transitions, { ...store, policy, log: { warn: (fields) => doubts.push(fields) } }).apply(transitionOf(state, NOW));
  const lines = db.selectFrom('outcome_lines').select(['verdict', 'corroborated']).where('incident_id', '=', state.incidentId).where('acted_by', '=', 'person');
  return (await lines.execute()).map(({ verdict: found, corroborated }) => [found, corroborated]);
}

test('what an approver did by hand, signed by a door, is a confirmed recovery', async () => {
  expect(await closed()).toEqual([['recovered', true]]);
});

test.each<[string, Closed, string[]]>([
  ['a door of before did not sign', { forge: () => undefined }, []],
  ['another store signed', { secret: Buffer.alloc(32, 7) }, ['no door of this store']],
  ['was altered on its way', { forge: (said) => ({ ...said, what: 'restarted it' }) }, ['no door of this store']],
  ['was put into the mouth of somebody else', { over: { person: 'rita' }, forge: (said) => ({ ...said, person: 'ana' }) }, ['no door of this store']],
  ['was given for another incident', { over: { incidentId: 'inc-other' } }, ['about another incident']],
  ['was given about another proposal', { over: { proposal: 'f'.repeat(64) } }, ['not in the store']],
  ['names another runbook', { over: { runbook: 'restart-service' } }, ['about another proposal']],
  ['was kept until its door had given up on it', { acceptedAt: NOW + 2_001 }, ['after the door had given up']],
  ['was taken in at no time that can be read', { forge: (said) => ({ ...said, acceptedAt: '' }) }, ['after the door had given up']],
  ['somebody said who may not decide', { over: { person: 'rita' } }, ['rita has the role responder']],
  ['somebody said who has no key any more', { over: { person: 'max' } }, ['no key any more']],
  ['the author of the suspected change said', { proposal: { author: 'ana' } }, ['author']],
])('a word earns nothing that %s', async (_what, how, doubt) => {
  doubts.length = 0;
  expect(await closed(how)).toEqual([['recovered', false]]);
  expect(doubts).toEqual(doubt.map((why) => expect.objectContaining({ person: expect.any(String) as string, doubt: expect.stringContaining(why) as string })));
});

test('what still fires is a failure, whoever signs that it is over', async () => {
  expect(await closed({ fires: true })).toEqual([['unknown', true]]);
});

test('what had healed alone before somebody closed it stays so, whatever is signed', async () => {
  expect(await closed({ healed: true })).toEqual([]);
});

test('a line that calls itself confirmed is not believed', async () => {
  const state = newIncidentState({ incidentId: 'inc-own-word', workflowId: 'w', runId: 'r', environment: 'prod', service: 'bookshop', now: NOW });
  const line = { round: 1, runbook: 'rollback-release', runbookHash: 'h', environment: 'prod', service: 'bookshop', cause: 'bad-release' } as const;
  const claims = ['person', 'nightshift', undefined].map((actedBy, i) => ({
    ...line,
    round: i + 1,
    verdict: 'recovered' as const,
    corroborated: true,
    ...defined({ actedBy }),
  }));
  state.pendingBeside = claims as LedgerOutcome[];
  await written(state);
  const lines = await db.selectFrom('outcome_lines').select('corroborated').where('incident_id', '=', 'inc-own-word').execute();
  expect(lines.map(({ corroborated }) => corroborated)).toEqual([false, false, false]);
});
