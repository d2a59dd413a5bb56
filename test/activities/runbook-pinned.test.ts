import { createApprovalActivities } from '../../activities/approval';
import { createDiagnosisActivities } from '../../activities/diagnosis';
import { createExecutionActivities } from '../../activities/execution';
import { createPrepareActivities } from '../../activities/remediation';
import { defaultsOf } from '../../config/defaults';
import type { RecordedDecision } from '../../domain/approval';
import { buildEvidence } from '../../domain/evidence-build';
import type { Service } from '../../domain/inventory';
import type { Policy } from '../../domain/policy-types';
import type { Proposal } from '../../domain/proposal';
import type { Prepared } from '../../domain/steps';
import type { Effect, Hands } from '../../ports/hands';
import { T0 } from '../fakes/bookshop-series';
import { startGithub } from '../fakes/github';
import type { FakeGithub } from '../fakes/github';
import { badRelease } from '../fakes/practice-faults';
import { RunbookWorld } from '../fakes/runbook-world';
import { runbookText } from '../fakes/runbook-texts';

const bundle = buildEvidence(badRelease());
const target = { provider: 'local', partition: 'local', account: 'here', region: 'here', kind: 'service', id: 'bookshop' };
const service: Service = {
  ...{ name: bundle.service, environment: bundle.environment, tier: 'standard', dependsOn: [] },
  hands: { kind: 'supervisor', url: 'http://127.0.0.1:9', target },
};
const { approvals, limits, brake } = defaultsOf('default');
const policy: Policy = { rules: [], approvals: { ...approvals, approvers: [], allowUnverified: true }, limits, brake, freezes: [] };
const ABOVE = { 'runbooks/back.yaml': runbookText('take-back', 'as of A', 'deploy-a') };
const BELOW = { 'runbooks/back.yaml': runbookText('take-back', 'as of B', 'deploy-b').replace('name: ', 'timeout: 5s, name: ') };

let github: FakeGithub;
let world: RunbookWorld;
let done: Effect[];
beforeEach(async () => {
  github = await startGithub();
  world = new RunbookWorld(github);
  world.now = T0;
  done = [];
});
afterEach(() => github.close());

const hands: Hands = {
  describe: async () => ({ account: 'here', region: 'here', releases: [], healthy: true }),
  look: async (_service, { token }) => (done.some((each) => each.token === token) ? { state: 'done', detail: 'done', at: '' } : { state: 'absent' }),
  act: async (_service, effect) => {
    done.push(effect);
    return undefined;
  },
};
const inventory = { services: [service] };
const common = () => ({ policy, inventory, keys: world.store.keys, doorKey: world.store.doorKey, proposals: world.store.proposals, clock: world.clock, hands });

/** Diagnoses, and gives what would be done. */
async function propose(round = 1): Promise<Proposal> {
  const { assess } = createDiagnosisActivities({
    ...common(),
    evidence: { read: async () => bundle },
    runbooks: world.book,
    allowed: { commands: [], calls: [] },
  });
  const { incidentId, environment, service: name, onset } = bundle;
  const evidence = { digest: 'd', ids: [], onset };
  const { plan } = await assess({ incidentId, round, environment, service: name, evidence, alerts: [], attempts: [], maxHypotheses: 3 });
  if (plan.kind !== 'propose') throw new Error(JSON.stringify(plan));
  return plan.proposal;
}

function approval({ digest, incidentId }: Proposal): RecordedDecision {
  const at = new Date(world.now).toISOString();
  return { incidentId, proposal: digest, verdict: 'approve', person: 'ana', at, acceptBy: at, acceptedAt: at, via: 'signal' };
}

/** Prepares what ana approved, and does every step that may begin. */
async function carryOut(proposal: Proposal): Promise<Prepared> {
  const { killSwitch, intents } = world.store;
  const { clock } = world;
  const { prepare } = createPrepareActivities({
    ...{ ...common(), intents, hands, verification: defaultsOf('default').incidents.verification },
    ...{ brake: { killSwitch, rule: brake, clock, onWritten: () => undefined }, onWritten: () => undefined },
  });
  const prepared = await prepare({ proposal, decisions: [approval(proposal)], allowUnverified: true, undo: false });
  const steps = prepared.refusals.length > 0 ? [] : prepared.steps;
  const { execute } = createExecutionActivities({
    intents,
    killSwitch,
    hands,
    inventory,
    clock,
    heartbeat: () => undefined,
    beatEveryMs: 1_000,
    pause: async () => undefined,
  });
  const { incidentId, environment, suspect } = proposal;
  for (const step of steps) await execute({ incidentId, environment, service: suspect, target: proposal.target, step });
  return prepared;
}

test('a proposal names the content and where it was read', async () => {
  const commit = github.commit(ABOVE);
  await world.look();
  const [snapshot] = (await world.book.current()).filter(({ runbook }) => runbook.id === 'take-back');
  expect((await propose()).runbook).toEqual({
    ...{ id: 'take-back', version: 1, title: 'as of A', about: 'Deploys an earlier release.' },
    hash: snapshot?.hash,
    origin: `acme/ops@${commit}:runbooks/back.yaml`,
  });
});

test('what was proposed at one commit runs as it was shown, also when another commit was loaded and the repository is gone', async () => {
  github.commit(ABOVE);
  await world.look();
  const proposal = await propose();
  github.commit(BELOW);
  await world.look();
  expect((await propose(2)).runbook.title).toBe('as of B');
  await github.close();
  world.restart();
  const prepared = await carryOut(proposal);
  expect(prepared.refusals).toEqual([]);
  expect(prepared.steps.map(({ id, timeoutMs }) => [id, timeoutMs])).toEqual([['deploy-a', 60_000]]);
  expect(done.map(({ action, inputs }) => [action, inputs])).toEqual([['release/deploy', { release: proposal.parameters['to'] }]]);
});

test('also when the runbook is in no commit any more', async () => {
  github.commit(ABOVE);
  await world.look();
  const proposal = await propose();
  github.commit({ 'runbooks/README.md': 'none left' });
  await world.look();
  expect((await world.known()).join()).not.toContain('take-back');
  expect((await carryOut(proposal)).refusals).toEqual([]);
  expect(done).toHaveLength(1);
});

describe('a snapshot that was altered in the store', () => {
  const tamper = async (proposal: Proposal): Promise<void> => {
    const { hash } = proposal.runbook;
    const snapshot = await world.store.proposals.runbook(hash);
    if (!snapshot) throw new Error('no snapshot');
    const steps = snapshot.runbook.steps.map((step) => ({ ...step, with: { release: '0.0.1' } }));
    await world.store.proposals.saveRunbook({ hash, runbook: { ...snapshot.runbook, steps } });
  };

  test('is refused with the reason, and nothing is done', async () => {
    github.commit(ABOVE);
    await world.look();
    const proposal = await propose();
    await tamper(proposal);
    const { refusals } = await carryOut(proposal);
    expect(refusals).toEqual([
      {
        kind: 'runbook',
        reason: expect.stringMatching(/take-back \([0-9a-f]{12}\) in the store is not what was proposed: its content gives another hash/) as string,
      },
    ]);
    expect(done).toEqual([]);
    expect(world.store.intentRows.size).toBe(0);
  });

  test('is not edited into another proposal either', async () => {
    github.commit(ABOVE);
    await world.look();
    const proposal = await propose();
    const { revise } = createApprovalActivities(common());
    const decision = { ...approval(proposal), parameters: { to: '1.3.0' } };
    expect(await revise({ proposal, decision, allowUnverified: true })).toMatchObject({ proposal: { runbook: proposal.runbook, parameters: { to: '1.3.0' } } });
    await tamper(proposal);
    expect(await revise({ proposal, decision, allowUnverified: true })).toMatchObject({ refused: expect.stringContaining('gives another hash') as string });
  });
});

test('one that is not in the store at all is refused, and said so', async () => {
  github.commit(ABOVE);
  await world.look();
  const proposal = await propose();
  const bare = new RunbookWorld(github);
  world.store.proposals.runbook = (hash) => bare.store.proposals.runbook(hash);
  expect((await carryOut(proposal)).refusals).toEqual([{ kind: 'runbook', reason: expect.stringContaining('is not in the store') as string }]);
});
