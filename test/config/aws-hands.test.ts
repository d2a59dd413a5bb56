import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../config/load';
import type { NightshiftConfig } from '../../config/types';
import type { NightshiftError } from '../../domain/errors';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nightshift-aws-hands-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const ONE = "{ id: '111122223333', regions: [eu-central-1], actuator: { role: nightshift-actuator-production, externalId: { env: EXT } } }";
const TWO = "{ id: '444455556666', regions: [eu-central-1, us-east-1], role: nightshift-observer, actuator: { role: nightshift-actuator-production } }";
const DEPLOY = 'codedeploy: { application: shop, group: live }';

function load(services: Readonly<Record<string, string>>, accounts = [ONE], more = ''): NightshiftConfig {
  const lines = Object.entries(services).map(([name, hands]) => `  - { name: ${name}, environment: production, hands: { kind: aws, ${hands} } }`);
  writeFileSync(join(folder, 'nightshift.yaml'), `aws:\n  accounts: [${accounts.join(', ')}]\n${more}services:\n${lines.join('\n')}\n`);
  return loadConfig({ cwd: folder, env: { EXT: 'ours' } });
}

function problems(...given: Parameters<typeof load>): string[] {
  try {
    load(...given);
    return [];
  } catch (error) {
    return (error as NightshiftError).problems.map(({ path, message }) => `${path}: ${message}`);
  }
}

test('hands are on the only account and region where none is named, and the service itself is the target', () => {
  const { services, aws } = load({ shop: DEPLOY });
  expect(services[0]?.hands).toEqual({
    ...{ kind: 'aws', account: '111122223333', region: 'eu-central-1', codedeploy: { application: 'shop', group: 'live' } },
    target: { provider: 'aws', partition: 'aws', account: '111122223333', region: 'eu-central-1', kind: 'service', id: 'production/shop' },
  });
  expect(aws?.accounts[0]?.actuator).toEqual({ arn: 'arn:aws:iam::111122223333:role/nightshift-actuator-production', externalId: 'ours' });
  expect(aws?.acting).toEqual({ pollMs: 2_000, pollMostMs: 30_000, perSecond: 2 });
});

test('automations and commands have names of their own, and one value is a list of one', () => {
  const { services } = load({
    shop: "automations: [{ name: restart, document: Restart-Service, version: '3', parameters: { Service: web, Hosts: [a, b] } }], commands: [{ name: bounce, document: AWS-RunShellScript, instances: { tag: { key: app, value: shop } } }]",
  });
  expect(services[0]?.hands).toMatchObject({
    automations: [{ name: 'restart', document: 'Restart-Service', version: '3', parameters: { Service: ['web'], Hosts: ['a', 'b'] } }],
    commands: [{ name: 'bounce', document: 'AWS-RunShellScript', parameters: {}, instances: { tag: { key: 'app', value: 'shop' } } }],
  });
});

test.each([
  ['nothing to act on', { shop: '' }, [ONE], 'services.0.hands: names nothing to act on; add one of'],
  [
    'several accounts',
    { shop: DEPLOY },
    [ONE.replace('actuator', 'role: r, actuator'), TWO],
    'services.0.hands.account: is missing, and there is not one account alone',
  ],
  ['several regions', { shop: `account: '444455556666', ${DEPLOY}` }, [TWO], 'services.0.hands.region: is missing, and the account has several'],
  ['an account that is not there', { shop: `account: '999988887777', ${DEPLOY}` }, [ONE], 'services.0.hands.account: 999988887777 is not among aws.accounts'],
  [
    'a region that is not there',
    { shop: `region: us-east-1, ${DEPLOY}` },
    [ONE],
    'services.0.hands.region: us-east-1 is not among the regions of 111122223333',
  ],
  [
    'no role that acts',
    { shop: DEPLOY },
    ["{ id: '111122223333', regions: [eu-central-1] }"],
    'services.0.hands: needs a role that may act: add actuator.role',
  ],
  [
    'a role of another account',
    { shop: DEPLOY },
    [ONE.replace('nightshift-actuator-production', "'arn:aws:iam::444455556666:role/x'")],
    'aws.accounts.0.actuator.role: is a role of another account',
  ],
  ['a zone elsewhere', { shop: `zone: us-east-1a, ${DEPLOY}` }, [ONE], 'services.0.hands.zone: is no zone of eu-central-1'],
  ['one thing of two services', { shop: DEPLOY, till: DEPLOY }, [ONE], 'services.1.hands.codedeploy: is a part of shop too'],
  [
    'a name twice',
    { shop: 'automations: [{ name: a, document: Doc }, { name: a, document: Doc }]' },
    [ONE],
    'services.0.hands.automations.1.name: a is used twice',
  ],
  [
    'instances by neither',
    { shop: 'commands: [{ name: a, document: Doc, instances: {} }]' },
    [ONE],
    'services.0.hands.commands.0.instances: must be ids: [i-…], or tag: {key, value}',
  ],
  ['a pattern', { shop: 'codebuild: { project: shop-* }' }, [ONE], 'services.0.hands.codebuild.project: is not a name of AWS'],
  [
    'something that is no id of its namespace',
    { shop: 'scaling: { namespace: elasticache, resource: cache/shop, dimension: elasticache:replication-group:Replicas }' },
    [ONE],
    'services.0.hands.scaling.resource: is not an id of elasticache; write replication-group/name or cache-cluster/name',
  ],
])('%s is told at the door', (_what, services, accounts, expected) => {
  expect(problems(services as unknown as Record<string, string>, accounts)).toEqual([expect.stringContaining(expected)]);
});

test.each([
  ['ecs', 'service/shop/web', 'ecs:service:DesiredCount'],
  ['lambda', 'function:checkout:live', 'lambda:function:ProvisionedConcurrency'],
  ['rds', 'cluster:orders', 'rds:cluster:ReadReplicaCount'],
  ['custom-resource', 'https://abc123.execute-api.eu-central-1.amazonaws.com/prod/targets/1', 'custom-resource:ResourceType:Property'],
])('what %s scales is named as Application Auto Scaling does: %s', (namespace, resource, dimension) => {
  expect(problems({ shop: `scaling: { namespace: ${namespace}, resource: '${resource}', dimension: ${dimension} }` })).toEqual([]);
});

test('the same group in another region is another thing', () => {
  const services = { shop: `account: '444455556666', region: eu-central-1, ${DEPLOY}`, till: `account: '444455556666', region: us-east-1, ${DEPLOY}` };
  expect(problems(services, [TWO])).toEqual([]);
});

test('how fast it acts and looks can be said', () => {
  const { aws } = load({ shop: DEPLOY }, [ONE], '  acting: { poll: 5s, pollMost: 1m, settle: 2m, perSecond: 0.5 }\n');
  expect(aws?.acting).toEqual({ pollMs: 5_000, pollMostMs: 60_000, settleMs: 120_000, perSecond: 0.5 });
});
