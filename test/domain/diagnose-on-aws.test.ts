import { readCatalogue } from '../../config/catalogue';
import { packageRoot } from '../../config/package-root';
import type { AwsParts } from '../../domain/aws/hands';
import type { Change } from '../../domain/change';
import { chooseRunbook } from '../../domain/choose-runbook';
import { diagnose } from '../../domain/diagnose';
import type { Attempt, Diagnosis } from '../../domain/diagnosis';
import { buildEvidence } from '../../domain/evidence-build';
import type { RawEvidence, RawTarget } from '../../domain/evidence-raw';
import type { Service } from '../../domain/inventory';
import { missingHands } from '../../domain/runbook-needs';
import { codedeploy } from '../../domain/sources/codedeploy';
import { wireMessage } from '../../domain/sources/wire';
import { badRelease, iso, memoryLeak } from '../fakes/practice-faults';

const context = { environment: 'demo', receivedAt: Date.parse(iso(60)), services: new Map() };

/** The change that an event of CodeDeploy is, at a second of the practice service's faults. */
function deployed(second: number, state: 'SUCCESS' | 'FAILURE', creator = 'user', deploymentId = `d-${String(second)}AAAAAAA`): Change {
  const event = {
    ...{ version: '0', id: '0000', account: '111122223333', region: 'eu-central-1', time: iso(second), resources: [] },
    ...{ source: 'aws.codedeploy', 'detail-type': 'CodeDeploy Deployment State-change Notification' },
    detail: { deploymentId, application: 'bookshop', deploymentGroup: 'live', state, creator, region: 'eu-central-1', instanceGroupId: '1' },
  };
  const { objects } = codedeploy.read(wireMessage(new TextEncoder().encode(JSON.stringify(event)), {}), context);
  const [change] = objects.flatMap((one) => (one.object === 'change' ? [one] : []));
  if (!change) throw new Error('the event is no change');
  return { ...change, service: 'bookshop' };
}

const ON_AWS: RawTarget = { service: 'bookshop', releases: [], onAws: true };
const broken = (changes: readonly Change[], target: RawTarget = ON_AWS): RawEvidence => ({ ...badRelease(), changes, targets: [target] });
const diagnosed = (raw: RawEvidence, attempts: readonly Attempt[] = []): Diagnosis => diagnose(buildEvidence(raw), attempts);

/** The runbook that is proposed first for a service with these hands. */
function proposed({ hypotheses: [best] }: Pick<Diagnosis, 'hypotheses'>, parts: AwsParts): string | undefined {
  const target = { provider: 'aws', partition: 'aws', account: '111122223333', region: 'eu-central-1', kind: 'service', id: 'demo/bookshop' };
  const hands: Service['hands'] = { kind: 'aws', account: '111122223333', region: 'eu-central-1', ...parts, target };
  const possible = readCatalogue({ root: packageRoot() }).runbooks.filter(({ runbook }) => missingHands(runbook, hands).length === 0);
  return best?.runbook === undefined ? undefined : chooseRunbook(possible, best, [])?.runbook.runbook.id;
}
const CODEDEPLOY = { codedeploy: { application: 'bookshop', group: 'live' } };
const PIPELINE = { codepipeline: { pipeline: 'bookshop' } };

test.each(['SUCCESS', 'FAILURE'] as const)(
  'an event of CodeDeploy (%s), which tells no versions, is a bad release on AWS, and its group is rolled back',
  (state) => {
    const diagnosis = diagnosed(broken([deployed(38, state)]));
    expect(diagnosis.hypotheses[0]).toMatchObject({ cause: 'bad-release', suspect: 'bookshop', parameters: {} });
    expect(proposed(diagnosis, CODEDEPLOY)).toBe('rollback-deployment');
  },
);

test('without a group of CodeDeploy the stage of its pipeline is', () => {
  const diagnosis = diagnosed(broken([deployed(38, 'SUCCESS')]));
  expect(proposed(diagnosis, PIPELINE)).toBe('rollback-stage');
  expect(proposed(diagnosis, { ...PIPELINE, ...CODEDEPLOY })).toBe('rollback-deployment');
  expect(proposed(diagnosis, {})).toBeUndefined();
});

test('a release whose versions are known is rolled back as well', () => {
  const diagnosis = diagnosed(broken(badRelease().changes ?? []));
  expect(diagnosis.hypotheses[0]?.cause).toBe('bad-release');
  expect(proposed(diagnosis, CODEDEPLOY)).toBe('rollback-deployment');
});

test('a resource that fills up has the application started anew', () => {
  expect(proposed(diagnosed({ ...memoryLeak(), targets: [ON_AWS] }), CODEDEPLOY)).toBe('restart-deployment');
});

test('elsewhere than on AWS a deployment without versions is no suspect, as ever', () => {
  const { hypotheses, ruledOut } = diagnosed(broken([deployed(38, 'SUCCESS')], { service: 'bookshop', releases: [] }));
  expect(hypotheses.map(({ cause }) => cause)).not.toContain('bad-release');
  expect(ruledOut.map(({ reason }) => reason).join()).toContain('first release that is known');
});

test('a rollback by CodeDeploy is no suspect, and what it took back before the trouble is none either', () => {
  const { hypotheses, ruledOut } = diagnosed(broken([deployed(30, 'FAILURE'), deployed(36, 'SUCCESS', 'codeDeployRollback')]));
  expect(hypotheses.map(({ cause }) => cause)).not.toContain('bad-release');
  expect(ruledOut.map(({ reason }) => reason).join()).toContain('it was rolled back');
});

test('a remedy that was given is not given again for the same deployment', () => {
  const attempt = {
    round: 1,
    hypothesis: 'change:codedeploy:111122223333:eu-central-1:d-38AAAAAAA',
    runbook: 'rollback-deployment',
    parameters: {},
    verdict: 'unchanged',
  };
  const { hypotheses } = diagnosed(broken([deployed(38, 'SUCCESS')]), [attempt]);
  expect(hypotheses.find(({ id }) => id === attempt.hypothesis)?.runbook).toBeUndefined();
});

test('an execution of a pipeline that failed has its stage tried again, a build of CodeBuild is built again', () => {
  const failed = { id: 'build:b', cause: 'failed-build', title: 'shop failed', score: 0.6, supporting: [], contradicting: [], runbook: 'rerun-build' } as const;
  const parts = { ...PIPELINE, codebuild: { project: 'bookshop' } };
  expect(proposed({ hypotheses: [{ ...failed, parameters: { execution: '00000000-0000-4000-8000-000000000001' } }] }, parts)).toBe('retry-stage');
  expect(proposed({ hypotheses: [{ ...failed, parameters: { build: 'bookshop:00000000-0000-4000-8000-000000000001' } }] }, parts)).toBe('rerun-build');
});
