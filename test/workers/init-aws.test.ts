import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { InitAwsOptions } from '../../cli/deps';
import { packageRoot } from '../../config/package-root';
import { awsCosts } from '../../config/resolve-cloudwatch';
import { loadStartup } from '../../config/startup';
import type { NightshiftConfig } from '../../config/types';
import { initAws } from '../../workers/init-aws';
import { useProfiles } from '../fakes/aws/profiles';
import { startFakeAws } from '../fakes/aws/server';
import type { FakeAws } from '../fakes/aws/server';
import { putSeries } from '../fakes/aws/services/cloudwatch-series';
import { putDeploymentGroup } from '../fakes/aws/services/codedeploy';
import { putPipeline } from '../fakes/aws/services/codepipeline';
import { putEcsService } from '../fakes/aws/services/ecs';
import { putFunction } from '../fakes/aws/services/lambda';
import { putTagged } from '../fakes/aws/services/tagging';

const ACCOUNT = '111122223333';
const [HERE, THERE] = ['eu-central-1', 'us-east-1'];

let aws: FakeAws;
let folder: string;
let restore: () => void;
beforeEach(async () => {
  aws = await startFakeAws();
  folder = mkdtempSync(join(tmpdir(), 'nightshift-init-aws-'));
  restore = useProfiles({ acme: ACCOUNT });
});
afterEach(async () => {
  restore();
  rmSync(folder, { recursive: true, force: true });
  await aws.close();
});

function tag(arn: string, tags: Readonly<Record<string, string>>, region = HERE): void {
  putTagged(aws.place(region, ACCOUNT), { ResourceARN: arn, Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) });
}

function lambda(name: string, tags: Readonly<Record<string, string>> = {}, region = HERE): string {
  const arn = `arn:aws:lambda:${region}:${ACCOUNT}:function:${name}`;
  putFunction(aws.place(region, ACCOUNT), { configuration: { FunctionName: name, FunctionArn: arn } });
  tag(arn, tags, region);
  return arn;
}

/** A service of ECS behind a load balancer, its functions in two regions, its pipeline and its deployment group. */
function shop(): void {
  const place = aws.place(HERE, ACCOUNT);
  const targetGroupArn = place.arn('elasticloadbalancing', 'targetgroup/checkout/73e2');
  putEcsService(place, { cluster: 'shop', service: { serviceName: 'checkout', loadBalancers: [{ targetGroupArn }] } });
  tag(place.arn('ecs', 'service/shop/checkout'), { Service: 'checkout', Environment: 'live' });
  const dimensions = { LoadBalancer: 'app/shop/50dc', TargetGroup: 'targetgroup/checkout/73e2' };
  putSeries(place, { namespace: 'AWS/ApplicationELB', metric: 'RequestCount', dimensions, samples: [[1, 1]] });
  lambda('checkout-mail', { service: 'checkout', env: 'live' });
  lambda('checkout-edge', { service: 'checkout', env: 'live' }, THERE);
  putPipeline(place, { name: 'deploy-checkout', roleArn: 'arn:aws:iam::111122223333:role/p', stages: [] });
  putDeploymentGroup(place, {
    ...{ applicationName: 'blue-green', deploymentGroupName: 'all', computePlatform: 'ECS' },
    ecsServices: [{ clusterName: 'shop', serviceName: 'checkout' }],
  });
}

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function run(options: Partial<InitAwsOptions> = {}, regions: readonly string[] = [HERE, THERE]): Promise<Ran> {
  const told = { out: '', err: '' };
  const io = {
    ...{ stdin: new PassThrough(), stdinIsTty: false, stdoutIsTty: false, stderrIsTty: false, columns: 100, color: false },
    ...{ stdout: { write: (text: string) => (told.out += text) }, stderr: { write: (text: string) => (told.err += text) } },
  };
  const wanted = { aws: { profile: 'acme', regions }, environment: 'production', json: false, ...options };
  const code = await initAws({ ...wanted, io, cwd: folder, env: { AWS_ENDPOINT_URL: aws.endpoint }, stopped: new Promise(() => undefined) });
  return { code, ...told };
}

const loaded = (): NightshiftConfig => loadStartup({ root: packageRoot(), cwd: folder, env: {} }).config;
const isWritten = (): boolean => existsSync(join(folder, 'nightshift.yaml'));

test('what has the same tags is one service, over kinds and regions, with its numbers, observed and without hands', async () => {
  shop();
  const { code, out } = await run();
  const { aws: section, services, policy } = loaded();
  expect([code, section?.accounts]).toEqual([0, [{ id: ACCOUNT, regions: [HERE, THERE], environment: 'production', profile: 'acme' }]]);
  expect(services.map(({ name, environment, hands }) => [name, environment, hands])).toEqual([['checkout', 'live', undefined]]);
  expect(services[0]?.metrics?.cloudwatch?.map(({ resource, region, requests, saturation }) => [resource, region, requests, saturation.length])).toEqual([
    [
      `arn:aws:ecs:${HERE}:${ACCOUNT}:service/shop/checkout`,
      HERE,
      {
        ...{ namespace: 'AWS/ApplicationELB', name: 'RequestCount', stat: 'Sum' },
        dimensions: { LoadBalancer: 'app/shop/50dc', TargetGroup: 'targetgroup/checkout/73e2' },
      },
      2,
    ],
    ...[`${HERE} checkout-mail`, `${THERE} checkout-edge`].map((each) => {
      const [region = '', name = ''] = each.split(' ');
      const requests = { namespace: 'AWS/Lambda', name: 'Invocations', stat: 'Sum', dimensions: { FunctionName: name } };
      return [`arn:aws:lambda:${region}:${ACCOUNT}:function:${name}`, region, requests, 0];
    }),
  ]);
  expect(policy.rules).toMatchObject([{ service: 'checkout', environment: 'live', mode: 'observe' }]);
  expect(out).toContain('live/checkout: 5 of ecs, lambda, codedeploy, codepipeline');
  expect(out).toMatch(/past {6}15 days of them, read once after the first start: about 264 reads, less than 0.01 USD/);
});

test('requests are counted behind each target group between which CodeDeploy switches, and once', async () => {
  shop();
  const place = aws.place(HERE, ACCOUNT);
  const pair = [{ targetGroups: [{ name: 'checkout' }, { name: 'checkout-2' }] }];
  putDeploymentGroup(place, {
    ...{ applicationName: 'blue-green', deploymentGroupName: 'all', computePlatform: 'ECS', loadBalancerInfo: { targetGroupPairInfoList: pair } },
    ecsServices: [{ clusterName: 'shop', serviceName: 'checkout' }],
  });
  const dimensions = { LoadBalancer: 'app/shop/50dc', TargetGroup: 'targetgroup/checkout-2/9ab1' };
  putSeries(place, { namespace: 'AWS/ApplicationELB', metric: 'RequestCount', dimensions, samples: [[1, 1]] });
  await run({}, [HERE]);
  const [service] = loaded().services;
  const counted = service?.metrics?.cloudwatch?.map(({ resource, requests }) => [resource, requests?.dimensions['TargetGroup']]);
  expect(counted?.slice(0, 2)).toEqual([
    [`arn:aws:ecs:${HERE}:${ACCOUNT}:service/shop/checkout`, 'targetgroup/checkout/73e2'],
    [`arn:aws:elasticloadbalancing:${HERE}:${ACCOUNT}:targetgroup/checkout-2/9ab1`, 'targetgroup/checkout-2/9ab1'],
  ]);
  expect(counted).toHaveLength(3);
});

test('lists are read to their end, and every call is reading', async () => {
  // Pages of the fake hold three.
  for (let i = 0; i < 10; i += 1) lambda(`fn-${String(i)}`, i % 2 === 0 ? { app: `app-${String(i)}`, stage: 'live' } : {});
  const { code, out } = await run({ json: true }, [HERE]);
  const told = JSON.parse(out) as { services: unknown[]; calls: Record<string, number>; estimate: object };
  expect([code, told.services.length, told.calls['lambda:ListFunctions'], told.calls['tag:GetResources']]).toEqual([0, 10, 4, 4]);
  expect(told.estimate).toMatchObject({ everyMs: 60_000, readsAMonth: 30 * 43_200 });
  const made = Object.values(told.calls).reduce((sum, count) => sum + count, 0);
  // The account is asked for once before.
  expect(aws.ledger.entries).toHaveLength(made + 1);
  expect(aws.ledger.entries.filter(({ operation }) => !/^(?:BatchGet|Describe|Get|List)/.test(operation))).toEqual([]);
});

test('a region that does not answer is told, and the other is written', async () => {
  shop();
  aws.fault({ effect: 'refuse', region: HERE });
  const { code, out, err } = await run();
  expect([code, loaded().services.map(({ metrics }) => metrics?.cloudwatch?.length)]).toEqual([0, [1]]);
  expect(err).toContain(`${ACCOUNT}/${HERE} was not read: AWS refused or did not answer sts:GetCallerIdentity`);
  expect(out).toContain('1 thing was not read, see above');
});

test('a first region that is not enabled, which refuses all credentials, is told, and the other is written', async () => {
  shop();
  aws.fault({
    effect: 'error',
    region: HERE,
    error: { name: 'UnrecognizedClientException', message: 'The security token included in the request is invalid.', status: 403 },
  });
  const { code, err } = await run();
  expect([code, loaded().services.map(({ metrics }) => metrics?.cloudwatch?.length)]).toEqual([0, [1]]);
  expect(err).toContain(`${ACCOUNT}/${HERE} was not read: `);
});

test('where each region refuses, the first reason is told', async () => {
  aws.fault({ effect: 'deny', region: HERE });
  aws.fault({ effect: 'refuse', region: THERE });
  await expect(run()).rejects.toMatchObject({ code: 'forbidden' });
});

test('a permission that is missing is named by its action, and the rest is read', async () => {
  shop();
  aws.fault({ effect: 'deny', service: 'lambda', region: HERE });
  aws.fault({ effect: 'deny', service: 'monitoring', operation: 'ListMetrics' });
  const { code, err } = await run();
  expect(code).toBe(0);
  expect(err).toContain(`Not allowed: lambda:ListFunctions in ${ACCOUNT}/${HERE}, so that functions were not read.`);
  expect(err).toContain(`Not allowed: cloudwatch:ListMetrics in ${ACCOUNT}/${HERE}`);
  const [service] = loaded().services;
  expect(service?.metrics?.cloudwatch?.map(({ requests }) => requests?.name)).toEqual([undefined, 'Invocations']);
});

test('where nothing answers nothing is written, and the reason is told', async () => {
  aws.fault({ effect: 'refuse' });
  await expect(run()).rejects.toMatchObject({ code: 'unreachable' });
  expect(isWritten()).toBe(false);
});

test('regions that stop answering after the first call are told, and the exit code is that of the reason', async () => {
  shop();
  aws.fault({ effect: 'refuse', after: 1 });
  const { code, err } = await run();
  expect([code, isWritten()]).toEqual([3, false]);
  expect(err).toContain('Nothing could be read, and nothing was written.');
});

test('an account without a service is told, and nothing is written', async () => {
  putPipeline(aws.place(HERE, ACCOUNT), { name: 'infra', roleArn: 'arn:aws:iam::111122223333:role/p', stages: [] });
  const { code, err } = await run();
  expect([code, isWritten()]).toEqual([1, false]);
  expect(err).toContain('No service was found');
});

test('a configuration that is there stays as it is, and AWS is not asked', async () => {
  writeFileSync(join(folder, 'nightshift.yaml'), '# mine\n');
  await expect(run()).rejects.toMatchObject({ code: 'conflict' });
  expect([readFileSync(join(folder, 'nightshift.yaml'), 'utf8'), aws.ledger.entries.length]).toEqual(['# mine\n', 0]);
});

test('of many services the numbers are read less often, so that what is written keeps within the cap', async () => {
  aws.pageSize(undefined);
  for (let i = 0; i < 60; i += 1) lambda(`fn-${String(i)}`);
  const { err } = await run({}, [HERE]);
  const config = loaded();
  expect(config.services.map(({ metrics }) => metrics?.everyMs)).toEqual(Array.from({ length: 60 }, () => 120_000));
  if (!config.aws) throw new Error('no section');
  expect(awsCosts({ ...config, aws: config.aws }).reduce((sum, { usd }) => sum + usd, 0)).toBeLessThan(config.aws.monthlyUsd);
  expect(err).toContain('Numbers are read each 2 minutes');
});
