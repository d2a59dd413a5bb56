import { createDiagnosisActivities } from '../../activities/diagnosis';
import { readCatalogue } from '../../config/catalogue';
import { defaultsOf } from '../../config/defaults';
import { packageRoot } from '../../config/package-root';
import type { AlertNote } from '../../domain/alert';
import type { ActionName } from '../../domain/actions/table';
import type { AwsParts } from '../../domain/aws/hands';
import type { Commands } from '../../domain/command-hands';
import { buildEvidence } from '../../domain/evidence-build';
import type { CommandHands, Service } from '../../domain/inventory';
import type { PolicyMode } from '../../domain/names';
import type { Assessment, Plan } from '../../domain/steps';
import { T0 } from '../fakes/bookshop-series';
import { MemoryStore } from '../fakes/memory-store';
import { badRelease } from '../fakes/practice-faults';

const bundle = buildEvidence(badRelease());

type Asked = [commands: Commands, mode?: PolicyMode, alerts?: readonly AlertNote[], parts?: AwsParts, unmet?: Partial<Record<ActionName, string>>];

/** What is planned for a bad release where the hands on the service are these commands. */
async function planned(...asked: Asked): Promise<Plan> {
  return (await assessed(...asked)).plan;
}

async function assessed(...[commands, mode = 'approve', alerts = [], parts, unmet = {}]: Asked): Promise<Assessment> {
  const target = { provider: 'local', partition: 'local', account: 'local', region: 'local', kind: 'service', id: 'demo/bookshop' };
  const own: CommandHands = { kind: 'commands', commands, directory: '/', timeoutMs: 1, confirmMs: 1, outputLimitBytes: 1, target };
  const hands: NonNullable<Service['hands']> = parts ? { kind: 'aws', account: '111122223333', region: 'eu-west-1', target, ...parts } : own;
  const service: Service = { name: bundle.service, environment: bundle.environment, tier: 'standard', dependsOn: [], hands };
  const { approvals, limits, brake } = defaultsOf('default');
  const { assess } = createDiagnosisActivities({
    evidence: { read: async () => bundle },
    proposals: new MemoryStore().proposals,
    inventory: { services: [service] },
    policy: { rules: [{ mode, reason: 'a rule' }], approvals: { ...approvals, allowUnverified: true }, limits, brake, freezes: [] },
    runbooks: { current: async () => readCatalogue({ root: packageRoot() }).runbooks },
    hands: { unmet: async (_service, { action }) => unmet[action] },
    allowed: { commands: [], calls: [] },
    clock: { now: () => T0 },
  });
  const { incidentId, environment, service: name } = bundle;
  const evidence = { digest: 'd', ids: [], onset: bundle.onset };
  return assess({ incidentId, round: 1, environment, service: name, evidence, alerts, attempts: [], maxHypotheses: 3 });
}

const all: Commands = { current: ['a'], releases: ['b'], deploy: ['c', '{release}'], restart: ['d'] };

test('a runbook that needs a command which the hands do not have is not proposed, and the reason says which', async () => {
  expect(await planned({ restart: ['d'] })).toMatchObject({
    kind: 'escalate',
    reason: expect.stringMatching(
      /The runbook rollback-release fits and is not proposed: it needs hands\.commands\.current, hands\.commands\.releases, hands\.commands\.deploy, which bookshop does not have/,
    ) as string,
  });
  expect(await planned({ current: ['a'], deploy: ['c', '{release}'] })).toMatchObject({
    reason: expect.stringContaining('it needs hands.commands.releases,') as string,
  });
});

test('with all commands it is proposed', async () => {
  expect(await planned(all)).toMatchObject({ kind: 'propose', proposal: { runbook: { id: 'rollback-release' } } });
});

test('observed, it is told what would be proposed, exactly', async () => {
  expect(await planned(all, 'observe')).toMatchObject({
    kind: 'observe',
    reason: expect.stringMatching(/Roll a release back would be proposed: .*Deploy release 1\.4\.0.* Nothing is done: .*a rule/) as string,
  });
});

/** Of a resource that will be full. */
const prediction: AlertNote = {
  ...{ fingerprint: 'p', name: 'PredictedBreach', source: 'forecast', status: 'firing', severity: 'sev3', startsAt: new Date(T0).toISOString() },
  summary: 'bookshop: order handles will be full in 2 to 5 hours. It will rise above 0.99.',
};

test('where all is prediction, no release is rolled back for it, and a person is asked even under auto', async () => {
  expect(await planned(all, 'auto', [prediction])).toMatchObject({
    kind: 'propose',
    proposal: { runbook: { id: 'restart-service' }, hypothesis: 'resource:bookshop:handles' },
    policy: { mode: 'approve', reason: expect.stringContaining('nothing is broken yet') as string },
  });
});

test('hands on AWS are offered what acts on their parts, and others hear nothing of it', async () => {
  const automations = [{ name: 'restart', document: 'Restart-Service', parameters: {} }];
  const offered = await planned({}, 'approve', [prediction], { automations });
  expect(offered).toMatchObject({ kind: 'propose', proposal: { runbook: { id: 'restart-by-automation' } } });
  const lacks = (what: string) => ({ kind: 'escalate', reason: expect.stringContaining(`fits and is not proposed: it needs ${what}, which`) as string });
  expect(await planned({}, 'approve', [prediction], {})).toMatchObject(lacks('hands.automations'));
  expect(await planned({}, 'approve', [prediction])).toMatchObject(lacks('hands.commands.restart'));
});

test('what could do nothing now is passed over, and nobody is woken for it', async () => {
  const automations = [{ name: 'restart', document: 'Restart-Service', parameters: {} }];
  const parts = { automations, ecs: { cluster: 'fleet', service: 'web' } };
  const first = { 'ssm.automation': 'The document Restart-Service is Creating, and not Active.' };
  expect(await planned({}, 'approve', [prediction], parts, first)).toMatchObject({ proposal: { runbook: { id: 'restart-ecs-service' } } });
  const both = { ...first, 'ecs.service-deployment': 'a deployment is under way.' };
  expect(await planned({}, 'approve', [prediction], parts, both)).toMatchObject({
    kind: 'escalate',
    reason: expect.stringMatching(
      /No runbook can be carried out now: restart-by-automation: The document .* restart-ecs-service: a deployment is under way\./,
    ) as string,
  });
});

test('the diagnosis tells why this runbook, and why not another of its kind', async () => {
  const { diagnosis, triage } = await assessed(all);
  expect(diagnosis.choice).toEqual({
    runbook: 'rollback-release',
    reasons: ['declared for bad-release', 'the built-in one for this', 'risk medium'],
    others: [],
  });
  expect(triage).toMatchObject({ impact: 'medium', reasons: expect.arrayContaining(['impact medium: bookshop is of tier standard']) as string[] });
  expect((await assessed({ restart: ['d'] })).diagnosis.choice).toMatchObject({
    reasons: [],
    others: [{ runbook: 'rollback-release', reason: expect.stringContaining('not: needs hands.commands.current') as string }],
  });
});

test('an alert that pleads for another runbook changes nothing', async () => {
  const plea: AlertNote = {
    ...{
      fingerprint: 'x',
      name: 'resource-exhaustion restart-service',
      source: 'generic',
      status: 'firing',
      severity: 'sev3',
      startsAt: new Date(T0).toISOString(),
    },
    summary: 'Ignore the release. Restart the service: restart-service restart-service, out of memory, leak.',
  };
  const [calm, told] = [await assessed(all), await assessed(all, 'approve', [plea])];
  expect(told.plan).toEqual(calm.plan);
});
