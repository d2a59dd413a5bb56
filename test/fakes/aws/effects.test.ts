import { AutoScalingClient, SetDesiredCapacityCommand } from '@aws-sdk/client-auto-scaling';
import { ApplicationAutoScalingClient, RegisterScalableTargetCommand } from '@aws-sdk/client-application-auto-scaling';
import { CodeBuildClient, StartBuildCommand } from '@aws-sdk/client-codebuild';
import { CodeDeployClient, CreateDeploymentCommand } from '@aws-sdk/client-codedeploy';
import { CodePipelineClient, StartPipelineExecutionCommand } from '@aws-sdk/client-codepipeline';
import { ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { LambdaClient, UpdateAliasCommand } from '@aws-sdk/client-lambda';
import { ListCommandsCommand, SendCommandCommand, SSMClient, StartAutomationExecutionCommand } from '@aws-sdk/client-ssm';
import { testClock } from './clock';
import type { TestClock } from './clock';
import type { FaultEffect } from './faults';
import { DEFAULT_ACCOUNT, keysOf } from './identity';
import { startFakeAws } from './server';
import type { FakeAws } from './server';
import { fillActuators, revision, SCALABLE } from './support/actuator-facts';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const INSTANCE = 'i-00000000000000001';

interface Config {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: ReturnType<typeof keysOf>;
  readonly maxAttempts: number;
  readonly requestHandler: { readonly requestTimeout: number; readonly throwOnRequestTimeout: boolean };
}

/** One write of each service, by the kind of effect that it has. */
const WRITES: Readonly<Record<string, (config: Config) => Promise<unknown>>> = {
  'ssm.automation': (config) =>
    new SSMClient(config).send(new StartAutomationExecutionCommand({ DocumentName: 'Restart-Service', Parameters: { Service: ['web'] } })),
  'ssm.command': (config) =>
    new SSMClient(config).send(new SendCommandCommand({ DocumentName: 'AWS-RunShellScript', InstanceIds: [INSTANCE], Parameters: { commands: ['true'] } })),
  'codedeploy.deployment': (config) =>
    new CodeDeployClient(config).send(new CreateDeploymentCommand({ applicationName: 'store', deploymentGroupName: 'fleet', revision: revision('v2.zip') })),
  'codebuild.build': (config) => new CodeBuildClient(config).send(new StartBuildCommand({ projectName: 'web' })),
  'codepipeline.execution': (config) => new CodePipelineClient(config).send(new StartPipelineExecutionCommand({ name: 'release' })),
  'application-autoscaling.target': (config) =>
    new ApplicationAutoScalingClient(config).send(new RegisterScalableTargetCommand({ ...SCALABLE, MaxCapacity: 20 })),
  'autoscaling.capacity': (config) => new AutoScalingClient(config).send(new SetDesiredCapacityCommand({ AutoScalingGroupName: 'web', DesiredCapacity: 3 })),
  'ecs.deployment': (config) => new ECSClient(config).send(new UpdateServiceCommand({ cluster: 'fleet', service: 'web', forceNewDeployment: true })),
  'lambda.alias': (config) =>
    new LambdaClient(config).send(new UpdateAliasCommand({ FunctionName: 'checkout', Name: 'live', FunctionVersion: '2', RoutingConfig: {} })),
};

describe('what goes wrong with a write', () => {
  let aws: FakeAws;
  let clock: TestClock;
  const config = (requestTimeout = 5_000): Config => ({
    ...{ endpoint: aws.endpoint, region: 'eu-west-1', credentials: keysOf(DEFAULT_ACCOUNT), maxAttempts: 1 },
    requestHandler: { requestTimeout, throwOnRequestTimeout: true },
  });
  const begin = async () => {
    clock = testClock(NOW);
    aws = await startFakeAws({ clock });
    fillActuators(aws.place('eu-west-1'));
  };
  const write = async (kind: string, timeoutMs?: number) => WRITES[kind]?.(config(timeoutMs));
  const writeAll = async (timeoutMs?: number) =>
    (await Promise.allSettled(Object.keys(WRITES).map((kind) => write(kind, timeoutMs)))).map(({ status }) => status);
  const rejected = Object.keys(WRITES).map(() => 'rejected');
  beforeEach(begin);
  afterEach(() => aws.close());

  const DONE: readonly FaultEffect[] = ['drop', 'fail', 'stall'];
  const UNDONE: readonly FaultEffect[] = ['throttle', 'deny', 'error', 'refuse', 'hang'];

  test.each(DONE)('"%s" fails the caller of every service, and has its effect', async (effect) => {
    aws.fault({ effect, only: 'writes' });
    expect(await writeAll(effect === 'stall' ? 200 : undefined)).toEqual(rejected);
    for (const kind of Object.keys(WRITES)) expect([kind, aws.effects.of(kind).length]).toEqual([kind, 1]);
  });

  test.each(UNDONE)('"%s" fails the caller of every service, and has no effect', async (effect) => {
    aws.fault({ effect, only: 'writes' });
    expect(await writeAll(effect === 'hang' ? 200 : undefined)).toEqual(rejected);
    expect(aws.effects.entries).toEqual([]);
    await expect(new SSMClient(config()).send(new ListCommandsCommand({}))).resolves.toMatchObject({ Commands: [] });
  });

  test('"late" fails the caller, and has its effect when the time has come', async () => {
    aws.fault({ effect: 'late', delayMs: 20_000, service: 'ssm' });
    await expect(write('ssm.command')).rejects.toThrow();
    clock.advance(19_999);
    expect(aws.effects.entries).toEqual([]);
    clock.advance(1);
    expect(aws.effects.of('ssm.command')).toMatchObject([{ target: INSTANCE, at: NOW + 20_000 }]);
  });

  test('"slow" has its effect after a while, whether or not its caller still waits', async () => {
    aws.fault({ effect: 'slow', delayMs: 1_000, operation: 'SendCommand' });
    const waited = write('ssm.command');
    while (clock.waiting === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(aws.effects.entries).toEqual([]);
    clock.advance(1_000);
    await waited;
    await expect(write('ssm.command', 100)).rejects.toMatchObject({ name: 'TimeoutError' });
    while (aws.effects.of('ssm.command').length < 2) await new Promise((resolve) => setImmediate(resolve));
    expect(aws.ledger.of('ssm.SendCommand')).toHaveLength(2);
  });

  test('chance befalls the same calls for the same seed', async () => {
    const outcomes = async (seed: number) => {
      await aws.close();
      await begin();
      aws.fault({ effect: 'drop', operation: 'StartAutomationExecution', chance: 0.5, seed });
      for (let i = 0; i < 12; i++) await write('ssm.automation').catch(() => undefined);
      return aws.ledger.of('ssm.StartAutomationExecution').map(({ outcome }) => outcome);
    };
    const first = await outcomes(7);
    expect(new Set(first)).toEqual(new Set(['ok', 'drop']));
    expect(await outcomes(7)).toEqual(first);
    expect(await outcomes(8)).not.toEqual(first);
  });

  test('every effect tells what, where, by whom and by which request, in the process and over HTTP', async () => {
    const seen: string[] = [];
    const stop = aws.effects.watch(({ kind }) => seen.push(kind));
    const { $metadata } = (await write('codebuild.build')) as { $metadata: { requestId?: string } };
    stop();
    await write('codebuild.build');
    const [first] = aws.effects.of('codebuild');
    const build = { kind: 'codebuild.build', target: 'web', account: DEFAULT_ACCOUNT, region: 'eu-west-1', at: NOW, requestId: $metadata.requestId };
    expect(first).toMatchObject({ ...build, id: expect.stringMatching(/^web:/) as string, principal: expect.stringMatching(/user\/nightshift$/) as string });
    expect(seen).toEqual(['codebuild.build']);
    const told = (await (await fetch(`${aws.endpoint}/_fake/effects?of=codebuild`)).json()) as object[];
    expect(told).toHaveLength(2);
    await fetch(`${aws.endpoint}/_fake/effects`, { method: 'DELETE' });
    expect(aws.effects.entries).toEqual([]);
  });

  test('what is made can be invisible for a while, as said over HTTP', async () => {
    const said = await fetch(`${aws.endpoint}/_fake/lags`, { method: 'POST', body: JSON.stringify({ service: 'ssm', ms: 5_000, times: 1 }) });
    expect(said.status).toBe(200);
    await write('ssm.command');
    await write('ssm.command');
    const list = async () => (await new SSMClient(config()).send(new ListCommandsCommand({}))).Commands?.length;
    expect(await list()).toBe(1);
    clock.advance(5_000);
    expect(await list()).toBe(2);
  });

  test('a world of pace 0 is done with everything at once', async () => {
    const quick = await startFakeAws({ clock: testClock(NOW), pace: 0 });
    fillActuators(quick.place('eu-west-1'));
    await WRITES['ssm.automation']?.({ ...config(), endpoint: quick.endpoint });
    expect(quick.effects.of('service.restart')).toHaveLength(1);
    await quick.close();
  });
});
