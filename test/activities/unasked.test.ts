import { createDiagnosisActivities } from '../../activities/diagnosis';
import { createPrepareActivities } from '../../activities/remediation';
import { tableSink } from '../../adapters/postgres/audit-sink';
import type { Db } from '../../adapters/postgres/database';
import { doorKey } from '../../adapters/postgres/door-key';
import { intentStore } from '../../adapters/postgres/intents';
import { migrate } from '../../adapters/postgres/migrate';
import { MIGRATIONS } from '../../adapters/postgres/migrations';
import { proposalStore } from '../../adapters/postgres/proposals';
import { transitionStore } from '../../adapters/postgres/transitions';
import { readCatalogue } from '../../config/catalogue';
import { defaultsOf } from '../../config/defaults';
import { packageRoot } from '../../config/package-root';
import type { ConfidenceOutcome } from '../../domain/confidence/outcome';
import { recordOf } from '../../domain/confidence/record';
import { CONFIDENCE_DEFAULTS } from '../../domain/confidence/settings';
import { modeForIncident, standing } from '../../domain/confidence/standing';
import { buildEvidence } from '../../domain/evidence-build';
import { applyAssessment, applyRemediation, beginVerification } from '../../domain/incident-moves';
import { transitionOf } from '../../domain/incident-record';
import { newIncidentState } from '../../domain/incident-state';
import type { IncidentState } from '../../domain/incident-state';
import { beginUnasked } from '../../domain/incident-unasked';
import type { Service } from '../../domain/inventory';
import type { Rung, Verdict } from '../../domain/names';
import type { Policy } from '../../domain/policy-types';
import type { AssessInput, Assessment, Prepared, RemediationResult } from '../../domain/steps';
import { foldShadow } from '../../domain/shadow/fold';
import type { Autonomy } from '../../ports/autonomy';
import type { Hands } from '../../ports/hands';
import { memoryDatabase } from '../adapters/postgres/memory-database';
import { T0 } from '../fakes/bookshop-series';
import { MemoryStore } from '../fakes/memory-store';
import { badRelease } from '../fakes/practice-faults';

const DAY = 86_400_000;
const [bundle, RUNBOOK] = [buildEvidence(badRelease()), 'rollback-release'];
const { runbooks } = readCatalogue({ root: packageRoot() });
const hash = runbooks.find(({ runbook }) => runbook.id === RUNBOOK)?.hash ?? '';
const target = { provider: 'local', partition: 'local', account: 'here', region: 'here', kind: 'service', id: 'bookshop' };
const service: Service = {
  ...{ name: bundle.service, environment: bundle.environment, tier: 'standard', dependsOn: [] },
  hands: { kind: 'supervisor', url: 'http://127.0.0.1:9', target },
};
const hands = {
  describe: async () => ({ account: 'here', region: 'here', release: '1.5.0', releases: ['1.4.0', '1.5.0'], healthy: true }),
  look: async () => ({ state: 'absent' }),
  act: async () => undefined,
} as unknown as Hands;
const { approvals, limits, brake } = defaultsOf('default');
const policyOf = (mode: Rung): Policy => ({
  ...{ rules: [{ mode, reason: 'a rule' }], approvals: { ...approvals, allowUnverified: true }, limits, brake, freezes: [] },
});

let db: Db;
let now = T0;
const clock = { now: () => now };

beforeAll(async () => {
  db = await memoryDatabase();
  await migrate(db, MIGRATIONS);
}, 60_000);
afterAll(() => db.destroy());
beforeEach(async () => {
  now = T0;
  for (const table of ['outcomes', 'intents'] as const) await db.deleteFrom(table).execute();
  await db
    .insertInto('outcomes')
    .values(Array.from({ length: 150 }, (_, i) => row(`old-${String(i)}`, 'recovered', T0 - (151 - i) * DAY)))
    .execute();
});

function row(incident_id: string, verdict: Verdict, at: number) {
  const { environment, name } = service;
  return { incident_id, round: 1, verdict, runbook: RUNBOOK, runbook_hash: hash, environment, service: name, cause: 'bad-release', at };
}

/** Reads the rows of the store; twenty incidents that nobody acted on did not heal. */
const autonomy: Autonomy = {
  async verdictOf({ key, danger, ceiling, corroborated, at }) {
    const rows = await db.selectFrom('outcomes').selectAll().where('runbook', '=', key.runbook).execute();
    const { likeness: _likeness, ...place } = key;
    const common = { ...place, version: 1, mode: 'approve', corroborated: true, score: 0.9 } as const;
    const outcomes = rows.map((each): ConfidenceOutcome => ({ ...common, actedBy: 'nightshift', verdict: each.verdict as Verdict, at: each.at }));
    const alone = Array.from({ length: 20 }, (_, i): ConfidenceOutcome => ({ ...common, actedBy: 'nobody', verdict: 'unchanged', at: T0 - (160 - i) * DAY }));
    const found = standing(recordOf(key, [...outcomes, ...alone], CONFIDENCE_DEFAULTS, at), { danger, ceiling, now: at });
    return { ...modeForIncident(found, { corroborated, calibrated: undefined }, CONFIDENCE_DEFAULTS.leastScore), standing: found };
  },
};

const memory = new MemoryStore();
const common = (policy: Policy) => ({
  ...{ policy, inventory: { services: [service] }, hands, clock, proposals: proposalStore(db) },
  ...{ keys: memory.keys, doorKey: doorKey(db), authority: { autonomy, doorKey: doorKey(db) } },
});

async function assess(policy: Policy, incidentId: string, more: Partial<AssessInput> = {}): Promise<Assessment> {
  const { assess: diagnose } = createDiagnosisActivities({
    ...common(policy),
    ...{ evidence: { read: async () => bundle }, runbooks: { current: async () => runbooks }, allowed: { commands: [], calls: [] } },
  });
  const asked = { environment: service.environment, service: service.name, evidence: { digest: 'd', ids: [], onset: bundle.onset }, round: 1 };
  return diagnose({ incidentId, ...asked, alerts: [], attempts: [], maxHypotheses: 3, unasked: true, ...more });
}

/** An incident that has been assessed and is let begin. */
async function begun(policy: Policy, incidentId: string): Promise<IncidentState> {
  const found = await assess(policy, incidentId);
  const state = newIncidentState({ incidentId, workflowId: 'w', runId: 'r', environment: service.environment, service: service.name, now });
  state.round = 1;
  applyAssessment(state, now, found, 0);
  beginUnasked(state, now);
  return state;
}

async function prepared(policy: Policy, state: IncidentState, given: object = {}, reads = autonomy): Promise<Prepared> {
  const sink = tableSink(db);
  const { prepare } = createPrepareActivities({
    ...{
      ...common(policy),
      authority: { autonomy: reads, doorKey: doorKey(db), incidents: { get: async () => transitionOf(state, now).view }, outbox: memory.outbox },
    },
    ...{ intents: intentStore(db, sink, []), verification: defaultsOf('default').incidents.verification, onWritten: () => undefined },
    brake: { killSwitch: memory.killSwitch, rule: brake, clock, onWritten: () => undefined },
  });
  const { proposal, warrant } = state.asked!;
  return prepare({ proposal, decisions: [], allowUnverified: true, undo: false, ...(warrant && { warrant }), ...given });
}

/** People are told now of what is done unless one of them objects. */
async function announced(incidentId: string): Promise<void> {
  await memory.outbox.sent(`${incidentId}/1/veto`, 'hook', now);
}

const measured = (verdict: Verdict): RemediationResult => ({
  ...{ kind: 'measured', reason: '', refusals: [], effects: [] },
  verification: { verdict, reason: `it is ${verdict}`, before: null, after: null, inconclusive: false },
});

test('what is proven begins without an answer, and its intent says so', async () => {
  const state = await begun(policyOf('auto'), 'inc-1');
  expect(state.asked?.policy).toMatchObject({
    mode: 'auto',
    corroborated: true,
    reason: expect.stringMatching(/Acts alone: 0\.9\d\d proven over \d+ outcomes/) as string,
  });
  const { refusals, steps } = await prepared(policyOf('auto'), state);
  expect([refusals, steps.map(({ approval }) => approval)]).toEqual([[], ['policy']]);
});

test('a warrant that somebody kept does not outlive an objection', async () => {
  const state = await begun(policyOf('veto'), 'inc-1');
  await announced('inc-1');
  now += 3_600_000 / 2;
  expect((await prepared(policyOf('veto'), state)).refusals).toEqual([]);
  state.status = 'escalated';
  state.asked!.state = 'rejected';
  expect((await prepared(policyOf('veto'), state)).refusals).toMatchObject([
    { kind: 'approval', reason: expect.stringContaining('not open any more') as string },
  ]);
});

test('one harm demotes at once: the next incident asks a person, and what was about to begin does not', async () => {
  const policy = policyOf('auto');
  const [first, second] = [await begun(policy, 'inc-1'), await begun(policy, 'inc-2')];
  expect((await prepared(policy, first)).refusals).toEqual([]);
  beginVerification(first, now, []);
  now += 60_000;
  applyRemediation(first, now, measured('worse'), { watchMs: 0, standsBy: true });
  await transitionStore(tableSink(db), []).apply(transitionOf(first, now));
  expect((await prepared(policy, second)).refusals).toMatchObject([
    { kind: 'approval', reason: expect.stringMatching(/has fallen from auto to approve/) as string },
  ]);
  const { plan } = await assess(policy, 'inc-3');
  expect(plan).toMatchObject({ kind: 'propose', policy: { mode: 'approve', ceiling: 'auto' } });
  expect(plan).not.toHaveProperty('warrant');
});

test('a refusal of that kind lets the incident go on to ask, with all the time that a proposal has', async () => {
  const state = await begun(policyOf('auto'), 'inc-1');
  expect(state).toMatchObject({ status: 'remediating', pendingNotify: 'acting' });
  const refusals = [{ kind: 'approval', reason: 'It has fallen.' }] as const;
  applyRemediation(state, now + 5, { kind: 'refused', reason: 'It has fallen.', refusals, effects: [] }, { watchMs: 0, standsBy: true });
  expect(state).toMatchObject({ status: 'awaiting-approval', pendingNotify: 'proposed', asked: { state: 'open', policy: { mode: 'approve' } } });
  expect([state.asked?.warrant, state.asked?.actsAt, state.asked?.expiresAt]).toEqual([undefined, undefined, now + 5 + approvals.expireAfterMs]);
});

test('what policy does not allow any more is not begun, nor what a forged warrant allows, nor before people could object', async () => {
  const state = await begun(policyOf('auto'), 'inc-1');
  const reasons = async (policy: Policy, given?: object): Promise<string[]> => (await prepared(policy, state, given)).refusals.map(({ reason }) => reason);
  expect(await reasons(policyOf('approve'))).toEqual([expect.stringMatching(/^Policy does not let it act alone any more\./)]);
  const warrant = state.asked?.warrant;
  expect(await reasons(policyOf('auto'), { warrant: { ...warrant, score: 1 } })).toEqual([expect.stringMatching(/not written by Nightshift/)]);
  expect(await reasons(policyOf('auto'), { warrant: undefined })).toEqual([expect.stringMatching(/0 of 1 needed approvals count/)]);
  const vetoed = await begun(policyOf('veto'), 'inc-2');
  expect((await prepared(policyOf('veto'), vetoed)).refusals).toMatchObject([
    { kind: 'approval', reason: 'The time in which a person may object is not over.' },
  ]);
  await announced('inc-2');
  now += 600_000;
  expect((await prepared(policyOf('veto'), vetoed)).refusals).toEqual([]);
});

test('what no channel could be told of is not begun, nor what people heard of too late to object', async () => {
  const state = await begun(policyOf('veto'), 'inc-4');
  now += 400_000;
  const refused = async (): Promise<string[]> => (await prepared(policyOf('veto'), state)).refusals.map(({ reason }) => reason);
  now += 200_000;
  expect(await refused()).toEqual(['No channel could be told of it, so nobody could object.']);
  now -= 200_000;
  await announced('inc-4');
  now += 200_000;
  expect(await refused()).toEqual([expect.stringMatching(/told of it only 200s ago, which is under half of the 10m/)]);
  now += 100_000;
  expect(await refused()).toEqual([]);
});

test('a veto that too few approved acts alone: the shadow ledger names nobody for it', async () => {
  const state = await begun(policyOf('veto'), 'inc-5');
  const asked = state.asked!;
  const at = new Date(now).toISOString();
  const answer = {
    incidentId: 'inc-5',
    round: 1,
    proposal: asked.proposal.digest,
    verdict: 'approve',
    person: 'ana',
    at,
    acceptBy: at,
    acceptedAt: at,
    via: 'api',
  } as const;
  const answered = (quorum: number) => {
    state.asked = { ...asked, policy: { ...asked.policy, quorum }, decisions: [answer] };
    return foldShadow([], { ...transitionOf(state, now), records: [] })[0]?.answer;
  };
  expect(answered(2)).toEqual({ kind: 'acted-alone' });
  expect(answered(1)).toEqual({ kind: 'approved', persons: ['ana'] });
});

test('an outcome that is recorded while the record is read is not passed over', async () => {
  const policy = policyOf('auto');
  const state = await begun(policy, 'inc-1');
  const meanwhile: Autonomy = {
    async verdictOf(question) {
      const found = await autonomy.verdictOf(question);
      await db
        .insertInto('outcomes')
        .values(row('other', 'worse', now))
        .execute();
      return found;
    },
  };
  const { refusals } = await prepared(policy, state, {}, meanwhile);
  expect(refusals).toMatchObject([{ kind: 'approval', reason: expect.stringMatching(/was recorded in this moment/) as string }]);
});

test('a grant, or the key of who gave it, that is revoked while it is read is not passed over', async () => {
  const policy = policyOf('auto');
  const revokes = [
    () =>
      db
        .insertInto('autonomy_grants')
        .values({
          ...{ id: 'g', runbook: RUNBOOK, environment: 'prod', ends_at: now + DAY, body: '{}' },
          revoked_at: 'now',
          revoked_by: 'ana',
          revoked_why: 'doubt',
        })
        .execute(),
    () => db.insertInto('keys').values({ id: 'k', name: 'ana', role: 'admin', secret_hash: 'h', created_at: 'then', revoked_at: 'now' }).execute(),
  ];
  for (const [i, revoke] of revokes.entries()) {
    const meanwhile: Autonomy = {
      async verdictOf(question) {
        const found = await autonomy.verdictOf(question);
        await revoke();
        return found;
      },
    };
    const { refusals } = await prepared(policy, await begun(policy, `inc-${String(i)}`), {}, meanwhile);
    expect(refusals).toMatchObject([{ kind: 'approval', reason: expect.stringMatching(/a grant or key revoked/) as string }]);
  }
});

test('once something was tried in this incident a person is asked', async () => {
  const attempts = [{ round: 1, hypothesis: 'other', runbook: 'restart-service', parameters: {}, verdict: 'unchanged' }];
  expect((await assess(policyOf('auto'), 'inc-1', { attempts, round: 2 })).plan).toMatchObject({
    policy: { mode: 'approve', reason: expect.stringMatching(/tried, rejected or refused in this incident before/) as string },
  });
});

test('an incident that began with an older version keeps asking', async () => {
  const older = { unasked: undefined } as unknown as Partial<AssessInput>;
  expect((await assess(policyOf('auto'), 'inc-1', older)).plan).toMatchObject({ kind: 'propose', policy: { mode: 'approve' } });
});

test('in shadow what would be done is noted, and nobody is asked', async () => {
  const { plan } = await assess(policyOf('shadow'), 'inc-1');
  expect(plan).toMatchObject({ kind: 'shadow', policy: { mode: 'shadow' } });
});
