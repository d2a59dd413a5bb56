/* eslint jest/no-standalone-expect: ['error', { additionalTestBlockFunctions: ['tell', 'tell.each'] }] */
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';
import { createAllowedCommands } from '../../../adapters/local/allowed-commands';
import { createCommandHands } from '../../../adapters/local/command-hands';
import { createCommandJournal } from '../../../adapters/local/command-journal';
import { loadConfig } from '../../../config/load';
import type { NightshiftConfig } from '../../../config/types';
import { lacking } from '../../../domain/actions/lacking';
import type { Service } from '../../../domain/inventory';
import type { Runbook } from '../../../domain/runbook';
import { renderRunbook } from '../../../domain/runbook-render';
import { parseRunbook } from '../../../domain/runbook-schema';
import type { Carrier, Effect, Sighting } from '../../../ports/hands';
import { textOf } from '../../docs/markdown';
import { memoryState } from '../../fakes/commands';
import { startKubernetes, type FakeKubernetes, type RoleRule } from '../../fakes/kubernetes';
import { Deployments } from '../../fakes/kubernetes-deployments';

// The real kubectl, what the documents say to write, and an API server on loopback.
const missing = spawnSync('kubectl', ['version', '--client']).status !== 0;
const absent = missing && process.env['CI'] !== 'true';
if (absent) process.stderr.write("kubectl is not installed (Debian's package kubernetes-client): undoing a rollout was not tried.\n");
const tell = absent ? test.skip : test;

const blocks = (document: string): string[] => [...textOf(document).matchAll(/^```yaml\n([^]*?)^```/gm)].map(([, block = '']) => block);
const blockOf = (document: string, begin: RegExp): string => blocks(document).find((block) => begin.test(block)) ?? '';
const ACTIONS = blockOf('docs/actions.md', /^actions:/);
const EKS = blockOf('docs/eks.md', /^actions:/m);
const RUNBOOK = blockOf('docs/eks.md', /^id:/);
const ROLE = parseAllDocuments(blockOf('docs/eks.md', /^kind: Role$/m))[0]?.toJS() as { metadata: { namespace: string }; rules: RoleRule[] };

// As `aws eks get-token` makes them: a signed address of STS.
const TOKEN = `k8s-aws-v1.${Buffer.from('https://sts.eu-central-1.amazonaws.com/?Action=GetCallerIdentity&X-Amz-Signature=abc').toString('base64url')}`;
const CLUSTER_TOKEN = 'opaque-cluster-credential';

let dir: string;
let kube: FakeKubernetes;
beforeAll(async () => {
  kube = await startKubernetes();
});
afterAll(() => kube.close());
beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'nightshift-kubectl-')));
  kube.deployments = new Deployments();
  for (const version of ['1.3.0', '1.4.0', '1.5.0']) kube.deployments.rollOut('shop', 'checkout', version);
  kube.manner = 'ok';
  kube.users.clear();
  kube.refused.length = 0;
  comes(TOKEN, { token: TOKEN });
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** Lets somebody with a token do what the Role of the document allows, and writes the kubeconfig for it. */
function comes(token: string, user: object, rules = ROLE.rules, file = 'kubeconfig'): void {
  kube.users.set(token, { [ROLE.metadata.namespace]: rules });
  writeFileSync(join(dir, file), kube.kubeconfig(user));
}

/** The configuration that a document shows, read as a start reads it. */
function configured(text: string, kubeconfig = 'kubeconfig'): NightshiftConfig {
  writeFileSync(join(dir, 'nightshift.yaml'), text);
  const env = { PATH: process.env['PATH'] ?? '', HOME: dir, KUBECONFIG: join(dir, kubeconfig), CLUSTER_TOKEN, CDN_TOKEN: 'x' };
  return loadConfig({ env, cwd: dir, runbookIds: () => [] });
}

const service: Service = { name: 'checkout', environment: 'production', tier: 'critical', dependsOn: [] };
const clock = { now: () => Date.now() };
const target = { provider: 'aws', partition: 'aws', account: '123456789012', region: 'eu-central-1', kind: 'eks-deployment', id: 'main/shop/checkout' };
const effect = (inputs: Readonly<Record<string, string>>, token = 't-1'): Effect => ({
  ...{ token, incidentId: 'inc-a', action: 'command.run', inputs, target, intendedAt: 0, timeoutMs: 20_000 },
});
const UNDO = { command: 'rollout-undo', deployment: 'checkout', namespace: 'shop' };

function carrier(text = ACTIONS, kubeconfig?: string): Carrier {
  const { commands, environments } = configured(text, kubeconfig).actions;
  return createAllowedCommands({ commands, environments, state: memoryState(), clock });
}

async function done(hands: Carrier, wanted: Effect): Promise<Sighting> {
  await hands.act(service, wanted);
  return hands.look(service, wanted);
}

const image = (name = 'checkout'): string => kube.deployments.get('shop', name)?.spec.template.spec.containers[0]?.image ?? '';
const kubectl = async (...words: string[]): Promise<string> => {
  const env = { PATH: process.env['PATH'], HOME: dir, KUBECONFIG: join(dir, 'kubeconfig') };
  return (await promisify(execFile)('kubectl', words, { encoding: 'utf8', env })).stdout;
};

tell('an undo takes the deployment back to the revision before, once, though it is begun and looked at twice', async () => {
  const hands = carrier();
  expect(await hands.look(service, effect(UNDO))).toEqual({ state: 'absent' });
  expect(await done(hands, effect(UNDO))).toMatchObject({ state: 'done', detail: 'rollout-undo ended with code 0: deployment.apps/checkout rolled back' });
  await expect(hands.act(service, effect(UNDO))).rejects.toThrow(/was begun before/);
  expect(await hands.look(service, effect(UNDO))).toMatchObject({ state: 'done' });
  expect(kube.deployments.patches).toEqual([{ deployment: 'shop/checkout', manager: 'kubectl', revision: 4, image: 'registry.example.com/checkout:1.4.0' }]);
});

tell.each([
  ['that is not among the values', { ...UNDO, namespace: 'kube-system' }],
  ['that is an option', { ...UNDO, namespace: '--all-namespaces' }],
])('a namespace %s is refused before kubectl begins', async (_what, inputs) => {
  const hands = carrier();
  expect(await hands.unmet?.(service, effect(inputs))).toMatch(/namespace/);
  await expect(hands.act(service, effect(inputs))).rejects.toMatchObject({ code: 'effect_failed' });
  expect(kube.deployments.patches).toEqual([]);
});

tell('a namespace without the Role is refused by the server, and the failure says so', async () => {
  kube.deployments.rollOut('payments', 'checkout', '1.4.0');
  const seen = await done(carrier(), effect({ ...UNDO, namespace: 'payments' }));
  expect(seen).toMatchObject({ state: 'failed', detail: expect.stringMatching(/ended with code 1: .*Forbidden.* in the namespace "payments"/) as string });
  expect(kube.deployments.patches).toEqual([]);
});

tell('a server that cannot be reached is a failure that tells the exit code and why', async () => {
  writeFileSync(join(dir, 'kubeconfig'), kube.kubeconfig({ token: TOKEN }).replace(/127\.0\.0\.1:\d+/, '127.0.0.1:1'));
  const seen = await done(carrier(), effect(UNDO));
  expect(seen).toMatchObject({ state: 'failed', detail: expect.stringMatching(/^rollout-undo ended with code 1: .*connection.* refused/) as string });
});

tell('an answer that is lost is told as a failure, and the undo that stands is not done again', async () => {
  kube.manner = 'drop';
  const hands = carrier();
  expect(await done(hands, effect(UNDO))).toMatchObject({ state: 'failed', detail: expect.stringMatching(/code 1: .*EOF/) as string });
  await expect(hands.act(service, effect(UNDO))).rejects.toThrow(/was begun before/);
  expect(kube.deployments.patches).toHaveLength(1);
});

tell.each([
  ['that stands in the kubeconfig', TOKEN, { token: TOKEN }],
  ['that a plugin makes of a secret', CLUSTER_TOKEN, { exec: plugin() }],
])('a token %s never shows in what is told', async (_what, token, user) => {
  kube.manner = 'forbid';
  comes(token, user);
  const hands = carrier();
  const seen = await done(hands, effect(UNDO));
  expect(seen).toMatchObject({ state: 'failed', detail: expect.stringContaining('whoever comes with [redacted]') as string });
  expect(JSON.stringify([seen, await hands.preview?.(service, effect(UNDO))])).not.toContain(token);
});

/** A credential plugin of kubectl that gives the variable CLUSTER_TOKEN. */
function plugin(): object {
  const apiVersion = 'client.authentication.k8s.io/v1beta1';
  const script = `console.log(JSON.stringify({ apiVersion: '${apiVersion}', kind: 'ExecCredential', status: { token: process.env.CLUSTER_TOKEN } }))`;
  return { apiVersion, command: process.execPath, args: ['-e', script] };
}

function runbook(): Runbook {
  const { runbook: read, problems } = parseRunbook(RUNBOOK);
  expect(problems).toEqual([]);
  return read ?? ({} as never);
}

tell('the runbook takes the rollout back, writes the incident into its history, waits, and leads forward again', async () => {
  const { actions, services } = configured(EKS);
  expect(lacking(runbook(), actions, { service: 'checkout', environment: 'production' })).toEqual([]);
  expect(services.map(({ name, hands }) => [name, hands?.target])).toEqual([['checkout', target]]);
  const hands = carrier(EKS);
  const { steps, inverse } = renderRunbook(runbook(), { from: '1.5.0' });
  for (const step of steps) expect(await done(hands, effect(step.with, `t-${step.id}`))).toMatchObject({ state: 'done' });
  expect(image()).toContain(':1.4.0');
  expect(await kubectl('rollout', 'history', 'deployment/checkout', '--namespace', 'shop')).toMatch(/^4 +Nightshift inc-a t-mark$/m);
  for (const step of inverse) expect(await done(hands, effect(step.with, `t-${step.id}`))).toMatchObject({ state: 'done' });
  expect(image()).toContain(':1.5.0');
});

tell('pods that never become ready are a failure of the step that waits for them, and the undo stays', async () => {
  kube.deployments.ready = false;
  const hands = carrier(EKS);
  await done(hands, effect(UNDO, 't-undo'));
  const seen = await done(hands, effect({ ...UNDO, command: 'rollout-status', wait: '1s' }, 't-settle'));
  expect(seen).toMatchObject({ state: 'failed', detail: expect.stringMatching(/code 1: error: timed out waiting for the condition/) as string });
  expect(image()).toContain(':1.4.0');
});

tell('the command current tells the version that runs', async () => {
  const { services, commandEnvironments: environments } = configured(EKS);
  const deps = { environments, metrics: { scrape: async () => [] }, clock, journal: createCommandJournal(memoryState()) };
  const state = (): Promise<object> => createCommandHands(deps).describe(services[0] ?? service);
  expect(await state()).toMatchObject({ release: '1.5.0', account: '123456789012' });
  await done(carrier(EKS), effect(UNDO));
  expect(await state()).toMatchObject({ release: '1.4.0' });
});

tell('each verb of the Role is needed: without it the server refuses, and the step has failed', async () => {
  kube.deployments.ready = false;
  // Only what is not ready is watched.
  kube.deployments.rollOut('shop', 'checkout', '1.6.0');
  const each = ROLE.rules.flatMap(({ resources: [resource = ''], verbs }) => verbs.map((verb) => ({ verb, resource })));
  const seen = each.map(async ({ verb, resource }, i) => {
    const rules = ROLE.rules.map((rule) => (rule.resources.includes(resource) ? { ...rule, verbs: rule.verbs.filter((other) => other !== verb) } : rule));
    comes(`token-${i}`, { token: `token-${i}` }, rules, `kubeconfig-${i}`);
    const waits = resource === 'deployments' && (verb === 'list' || verb === 'watch');
    const inputs = waits ? { ...UNDO, command: 'rollout-status', wait: '1s' } : UNDO;
    return (await done(carrier(EKS, `kubeconfig-${i}`), effect(inputs))).state;
  });
  expect(new Set(await Promise.all(seen))).toEqual(new Set(['failed']));
  expect(new Set(kube.refused)).toEqual(new Set(each.map(({ verb, resource }) => `${verb} ${resource}`)));
  expect(kube.deployments.patches).toEqual([]);
});
