import { buildWatcher } from '../../activities/build-watch';
import { createDiagnosisActivities } from '../../activities/diagnosis';
import { createEvidenceActivities } from '../../activities/evidence';
import { createVerificationActivities } from '../../activities/verification';
import { readCatalogue } from '../../config/catalogue';
import { defaultsOf } from '../../config/defaults';
import { packageRoot } from '../../config/package-root';
import type { AlertNote } from '../../domain/alert';
import type { Build } from '../../domain/build';
import type { Attempt } from '../../domain/diagnosis';
import type { EvidenceRef } from '../../domain/evidence';
import type { Service } from '../../domain/inventory';
import type { Assessment } from '../../domain/steps';
import type { Verification } from '../../domain/verification';
import { MemoryStore } from '../fakes/memory-store';
import { sampleIncident } from '../fakes/sample-incident';

const MINUTE = 60_000;
const T0 = Date.parse('2026-03-01T12:00:00Z');
const COMMIT = '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d';
const RERUN = 'shop:00000000-0000-4000-8000-000000000002';
const view = sampleIncident('inc-build');
const target = { provider: 'aws', partition: 'aws', account: '123456789012', region: 'eu-west-1', kind: 'codebuild-project', id: 'shop' };
const shop: Service = {
  ...{ name: 'shop', environment: 'prod', tier: 'standard', dependsOn: [], builds: { branches: ['main'] } },
  hands: { kind: 'aws', account: '123456789012', region: 'eu-west-1', codebuild: { project: 'shop' }, target },
};

/** A build of CodeBuild that ended so many minutes after noon; one that failed did so at BUILD. */
function build(n: number, minute: number, result: Build['result'], over: Partial<Build> = {}): Build {
  const at = (ms: number): string => new Date(ms).toISOString();
  const ended = T0 + minute * MINUTE;
  return {
    id: `codebuild:arn:aws:codebuild:eu-west-1:123456789012:build/shop:00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
    ...{ source: 'codebuild', environment: 'prod', service: 'shop', name: 'shop', run: String(n), result, commit: COMMIT, branch: 'main' },
    ...{
      startedAt: at(ended - 4 * MINUTE),
      endedAt: at(ended),
      durationMs: 4 * MINUTE,
      ...(result === 'failed' && { steps: [{ name: 'BUILD', result, detail: 'COMMAND_EXECUTION_ERROR: npm test' }] }),
    },
    ...over,
  };
}

/** The activities over one store, whose clock stands at the named minute after noon. */
async function world(service: Service = shop) {
  const store = new MemoryStore();
  const clock = { at: T0, now: () => clock.at };
  const inventory = { services: [service] };
  const none = { read: () => Promise.resolve([]), describe: () => Promise.reject(new Error('none')), look: () => Promise.reject(new Error('none')) };
  const hands = { ...none, act: () => Promise.reject(new Error('none')) };
  const watcher = buildWatcher({
    ...{ builds: store.archive.builds, inbox: store.inbox, anomalies: store.anomalies, state: store.state, clock, log: { warn: () => undefined } },
    ...{ inboxLimit: 100, onAlerts: () => undefined, inventory, unusual: false },
  });
  await watcher.turn();
  const { approvals, limits, brake } = defaultsOf('default');
  const { assess } = createDiagnosisActivities({
    ...{ evidence: store.evidence, proposals: store.proposals, inventory, hands: {}, allowed: { commands: [], calls: [] }, clock },
    policy: { rules: [{ mode: 'approve', reason: 'a rule' }], approvals: { ...approvals, allowUnverified: true }, limits, brake, freezes: [] },
    runbooks: { current: async () => readCatalogue({ root: packageRoot() }).runbooks },
  });
  const { gather } = createEvidenceActivities({ ...store, transitions: store.transitions, logs: none, changes: [store.changes], hands, inventory, clock });
  const { archive, samples, evidence, proposals, intents } = store;
  const { measure } = createVerificationActivities({ evidence, samples, inventory, clock, builds: archive.builds, proposals, intents });
  const place = { incidentId: view.incidentId, environment: 'prod', service: 'shop' };
  const notes = (): readonly AlertNote[] => store.inbox.waiting.map(({ alert }) => alert).filter(({ status }) => status === 'firing');
  const settings = { baselineMs: 10 * MINUTE, lookbackMs: 60 * MINUTE, stepMs: MINUTE };
  return {
    store,
    told: () => store.inbox.waiting.map(({ alert: { name, status } }) => `${name} ${status}`),
    async keepAt(minute: number, ...builds: readonly Build[]) {
      clock.at = T0 + minute * MINUTE;
      await store.archive.writer.keep({ builds }, clock.at);
      await watcher.turn();
    },
    async investigate(round = 1, attempts: readonly Attempt[] = []): Promise<{ readonly found: Assessment; readonly evidence: EvidenceRef }> {
      const transition = { incidentId: view.incidentId, records: [], view };
      const gathered = await gather({ ...place, round, alerts: notes(), settings, transition });
      const found = await assess({ ...place, round, evidence: gathered.evidence, alerts: notes(), attempts, maxHypotheses: 3 });
      return { found, evidence: gathered.evidence };
    },
    /** The action begins the rerun, as its intent says. */
    async rerun(found: Assessment) {
      const { incidentId } = place;
      const row = { token: 't', incidentId, round: 1, step: 'rerun', target: 'x', runbook: 'rerun-build', intendedAt: clock.at };
      await store.intents.prepare([row], () => []);
      await store.intents.mark('t', 'done', 'the build ended', { reference: RERUN });
      return 'proposal' in found.plan ? found.plan.proposal : undefined;
    },
    verify: (evidenceRef: EvidenceRef, effectMinute: number): Promise<Verification> => {
      const plan = { settleMs: 30_000, windowMs: MINUTE, minRequests: 1, timeoutMs: 20 * MINUTE };
      return measure({ ...place, evidence: evidenceRef, alerts: notes(), effectAt: T0 + effectMinute * MINUTE, plan });
    },
  };
}

/** A build of main failed, and its rerun is under way since minute 15. */
async function underWay() {
  const w = await world();
  await w.keepAt(13, build(1, 10, 'failed'));
  const { found, evidence } = await w.investigate();
  const proposal = await w.rerun(found);
  return { ...w, found, evidence, proposal };
}

test('without a rule a build that fails opens nothing, with one for its branch it does', async () => {
  const { builds: _builds, ...plain } = shop;
  const silent = await world(plain);
  await silent.keepAt(13, build(1, 10, 'failed'));
  expect(silent.told()).toEqual([]);
  const watched = await world();
  await watched.keepAt(13, build(1, 10, 'failed'));
  expect(watched.told()).toEqual(['BuildFailed firing']);
  await watched.keepAt(23, build(2, 20, 'succeeded'));
  expect(watched.told()).toEqual(['BuildFailed firing', 'BuildFailed resolved']);
});

test('one that passed when it was tried again at once, or is told after a success, opens nothing', async () => {
  const w = await world();
  await w.keepAt(13, build(1, 4, 'failed'), build(2, 10, 'succeeded'));
  expect(w.told()).toEqual([]);
});

test('the cause is the failed build, with phase, commit, the same commit passing before and what others did as cited evidence, and the rerun is proposed for it', async () => {
  const w = await world();
  const other = (service: string) => build(50, 9, 'failed', { id: service, service, name: service });
  await w.keepAt(6, build(0, 5, 'succeeded'));
  await w.keepAt(13, build(1, 10, 'failed'), other('cart'), other('mail'));
  const { found } = await w.investigate();
  const [best] = found.diagnosis.hypotheses;
  expect(found.cause).toBe('failed-build');
  expect(best?.title).toBe('Build 1 of shop failed at BUILD; the same commit passed before; most pipelines of other services failed at the time too');
  expect(best?.supporting.map((id) => found.diagnosis.evidence[id])).toEqual([
    'Build 1 of shop (main, 1a2b3c4) failed at BUILD after 4 m: COMMAND_EXECUTION_ERROR: npm test',
    'Build 0 of shop, the same commit, passed before it',
    '2 of 2 pipelines of other services failed within 15 minutes of it',
  ]);
  expect(found.plan).toMatchObject({
    kind: 'propose',
    proposal: {
      runbook: { id: 'rerun-build' },
      suspect: 'shop',
      parameters: { build: 'shop:00000000-0000-4000-8000-000000000001' },
      hypothesis: build(1, 0, 'failed').id.replace(/^/, 'build:'),
    },
  });
});

test('a build that CodeBuild did not make has no rerun there, and goes to a person', async () => {
  const w = await world();
  await w.keepAt(13, build(1, 10, 'failed', { id: 'github:example/shop/runs/1', source: 'github' }));
  expect((await w.investigate()).found).toMatchObject({
    cause: 'failed-build',
    plan: { kind: 'escalate', reason: expect.stringContaining('No runbook') as string },
  });
});

test('a rerun that passes is recovered and flaky, with the commit', async () => {
  const { keepAt, verify, evidence } = await underWay();
  await keepAt(20, build(2, 19, 'succeeded', { branch: undefined as never }));
  expect(await verify(evidence, 19)).toMatchObject({
    verdict: 'recovered',
    reason: 'Flaky: passed on a rerun in a clean environment, same commit 1a2b3c4.',
    inconclusive: false,
  });
});

test('a rerun that fails in the same part is unchanged and broken, and the next round asks a person and says so', async () => {
  const { keepAt, verify, evidence, investigate, proposal } = await underWay();
  await keepAt(20, build(2, 19, 'failed'));
  const { verdict, reason } = await verify(evidence, 19);
  expect({ verdict, reason }).toEqual({
    verdict: 'unchanged',
    reason: 'Broken: failed again on a rerun in a clean environment, at BUILD after 4 m, same commit 1a2b3c4.',
  });
  if (!proposal) throw new Error('nothing was proposed');
  const { hypothesis, parameters } = proposal;
  const next = await investigate(2, [{ round: 1, hypothesis, runbook: 'rerun-build', parameters, verdict }]);
  expect(next.found.cause).toBe('failed-build');
  expect(next.found.plan).toEqual({
    kind: 'escalate',
    reason: 'Build 1 of shop failed at BUILD; broken. Its remedy, rerun-build, was tried (unchanged) in round 1; a person is needed.',
  });
});

test("what a team's own runbook built again without success stays the cause, and another failed build of the service is tried first", async () => {
  const { keepAt, investigate, proposal } = await underWay();
  if (!proposal) throw new Error('nothing was proposed');
  await keepAt(20, build(2, 19, 'failed'), build(7, 16, 'failed', { name: 'deploy' }));
  const { hypothesis, parameters } = proposal;
  const { found } = await investigate(2, [{ round: 1, hypothesis, runbook: 'rerun-at-once', parameters, verdict: 'unchanged' }]);
  expect(found.diagnosis.hypotheses.map(({ title }) => title)).toEqual(['Build 7 of deploy failed at BUILD', 'Build 1 of shop failed at BUILD; broken']);
  expect(found.plan).toMatchObject({ kind: 'propose', proposal: { parameters: { build: 'shop:00000000-0000-4000-8000-000000000007' } } });
});

test('as long as the rerun is not told nothing is known, whatever else failed; when the time is over, for good', async () => {
  const { keepAt, verify, evidence } = await underWay();
  await keepAt(20, build(3, 19, 'failed', { commit: 'f'.repeat(40) }));
  expect(await verify(evidence, 19)).toMatchObject({
    verdict: 'unknown',
    reason: 'How the rerun of Build 1 of shop ended was not told yet.',
    inconclusive: true,
  });
  await keepAt(60);
  expect(await verify(evidence, 19)).toMatchObject({ verdict: 'unknown', inconclusive: false });
});

test('a later build of the branch that passes is recovered too, and tells what the rerun showed', async () => {
  const { keepAt, verify, evidence } = await underWay();
  await keepAt(30, build(2, 19, 'failed'), build(3, 29, 'succeeded', { commit: 'f'.repeat(40) }));
  expect(await verify(evidence, 19)).toMatchObject({
    verdict: 'recovered',
    reason: expect.stringMatching(/^Broken: failed again .*; Build 3 of shop passed, commit fffffff\.$/) as string,
  });
});

test('where another pipeline of the service still fails it recovered in part only', async () => {
  const w = await world();
  await w.keepAt(13, build(1, 10, 'failed'), build(7, 11, 'failed', { name: 'deploy' }));
  const { found, evidence } = await w.investigate();
  const proposal = await w.rerun(found);
  const acted = proposal?.parameters['build']?.endsWith('1') === true ? 'shop' : 'deploy';
  await w.keepAt(20, build(2, 19, 'succeeded', { name: acted }));
  expect(await w.verify(evidence, 19)).toMatchObject({
    verdict: 'partial',
    reason: expect.stringMatching(/^Flaky: .*; nothing was built after Build/) as string,
  });
});

test('beside other alerts a failed build is blamed for nothing', async () => {
  const w = await world();
  await w.keepAt(13, build(1, 10, 'failed'));
  const [alert] = w.store.inbox.waiting;
  if (!alert) throw new Error('no alert');
  await w.store.inbox.accept([{ ...alert.alert, id: 'e', fingerprint: 'e', name: 'ErrorShareHigh', source: 'detector' }], T0, 10);
  const { found } = await w.investigate();
  expect(found.cause).toBe('undetermined');
  expect(found.diagnosis.ruledOut[0]).toMatchObject({ reason: 'more than builds is amiss, which building again would not mend' });
});
