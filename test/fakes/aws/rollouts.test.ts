import {
  AutoScalingClient,
  DeleteScheduledActionCommand,
  DescribeAutoScalingGroupsCommand,
  DescribeScheduledActionsCommand as DescribeGroupSchedule,
  PutScheduledUpdateGroupActionCommand,
  SetDesiredCapacityCommand,
} from '@aws-sdk/client-auto-scaling';
import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  DescribeScheduledActionsCommand,
  PutScheduledActionCommand,
  RegisterScalableTargetCommand,
} from '@aws-sdk/client-application-auto-scaling';
import {
  CodePipelineClient,
  GetPipelineExecutionCommand,
  GetPipelineStateCommand,
  ListPipelineExecutionsCommand,
  PutApprovalResultCommand,
  RetryStageExecutionCommand,
  RollbackStageCommand,
  StartPipelineExecutionCommand,
  StopPipelineExecutionCommand,
} from '@aws-sdk/client-codepipeline';
import {
  ContinueServiceDeploymentCommand,
  DescribeServiceDeploymentsCommand,
  DescribeServicesCommand,
  ECSClient,
  ListServiceDeploymentsCommand,
  StopServiceDeploymentCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import type { UpdateServiceCommandInput } from '@aws-sdk/client-ecs';
import { GetAliasCommand, LambdaClient, UpdateAliasCommand } from '@aws-sdk/client-lambda';
import { testClock } from './clock';
import type { TestClock } from './clock';
import { keysOf } from './identity';
import { startFakeAws } from './server';
import type { FakeAws } from './server';
import { putRolloutCourse } from './services/ecs-rollout';
import { fillActuators, SCALABLE } from './support/actuator-facts';
import type { Place } from './world';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const ACCOUNT = '111122223333';
const MINUTE = 60_000;

describe('what is rolled out and scaled goes as in AWS:', () => {
  let aws: FakeAws;
  let clock: TestClock;
  let place: Place;
  const config = () => ({ endpoint: aws.endpoint, region: 'eu-west-1', credentials: keysOf(ACCOUNT), maxAttempts: 1 });
  beforeEach(async () => {
    clock = testClock(NOW);
    aws = await startFakeAws({ clock });
    place = aws.place('eu-west-1', ACCOUNT);
    fillActuators(place);
  });
  afterEach(() => aws.close());

  describe('CodePipeline', () => {
    const name = 'release';
    let client: CodePipelineClient;
    beforeEach(() => {
      client = new CodePipelineClient(config());
    });
    const start = async (clientRequestToken?: string) =>
      (await client.send(new StartPipelineExecutionCommand({ name, clientRequestToken }))).pipelineExecutionId ?? '';
    const stages = async () => (await client.send(new GetPipelineStateCommand({ name }))).stageStates ?? [];
    const status = async (pipelineExecutionId: string) =>
      (await client.send(new GetPipelineExecutionCommand({ pipelineName: name, pipelineExecutionId }))).pipelineExecution?.status;
    const approve = async () => {
      const token = (await stages())[1]?.actionStates?.[0]?.latestExecution?.token;
      const result = { status: 'Approved' as const, summary: 'fine' };
      return client.send(new PutApprovalResultCommand({ pipelineName: name, stageName: 'Gate', actionName: 'ask', token, result }));
    };
    const retry = (pipelineExecutionId: string) =>
      client.send(new RetryStageExecutionCommand({ pipelineName: name, stageName: 'Deploy', pipelineExecutionId, retryMode: 'FAILED_ACTIONS' }));
    /** An execution that failed in its last stage, as its first does here. */
    const failed = async () => {
      const id = await start();
      clock.advance(MINUTE);
      await approve();
      clock.advance(MINUTE);
      return id;
    };

    test('a token starts one execution', async () => {
      const first = await start('once');
      expect(await start('once')).toBe(first);
      expect(aws.effects.of('codepipeline.execution')).toHaveLength(1);
    });

    test('an approval takes the token of its own wait, once', async () => {
      const id = await start();
      clock.advance(MINUTE);
      expect((await stages()).map(({ latestExecution }) => latestExecution?.status)).toEqual(['Succeeded', 'InProgress', undefined]);
      await approve();
      await expect(approve()).rejects.toMatchObject({ name: 'ApprovalAlreadyCompletedException' });
      expect(await status(id)).toBe('InProgress');
    });

    test('a stage is retried while it is failed, and not while it is retried or has succeeded', async () => {
      const id = await failed();
      expect(await status(id)).toBe('Failed');
      await retry(id);
      await expect(retry(id)).rejects.toMatchObject({ name: 'ConflictException' });
      clock.advance(MINUTE);
      expect(await status(id)).toBe('Succeeded');
      await expect(retry(id)).rejects.toMatchObject({ name: 'StageNotRetryableException' });
      await expect(retry('another')).rejects.toMatchObject({ name: 'NotLatestPipelineExecutionException' });
      expect(aws.effects.of('codepipeline.retry')).toHaveLength(1);
    });

    test('a stage is rolled back by a new execution to one that came through it', async () => {
      const id = await failed();
      const back = () => client.send(new RollbackStageCommand({ pipelineName: name, stageName: 'Deploy', targetPipelineExecutionId: id }));
      await expect(back()).rejects.toMatchObject({ name: 'UnableToRollbackStageException' });
      await retry(id);
      await expect(back()).rejects.toMatchObject({ name: 'UnableToRollbackStageException' });
      clock.advance(MINUTE);
      const { pipelineExecutionId: rollback = '' } = await back();
      await expect(back()).rejects.toMatchObject({ name: 'ConflictException' });
      clock.advance(MINUTE);
      expect(await status(rollback)).toBe('Succeeded');
      const filter = { succeededInStage: { stageName: 'Deploy' } };
      const { pipelineExecutionSummaries: passed = [] } = await client.send(new ListPipelineExecutionsCommand({ pipelineName: name, filter }));
      expect(passed.map(({ executionType, rollbackMetadata }) => [executionType, rollbackMetadata?.rollbackTargetPipelineExecutionId])).toEqual([
        ['ROLLBACK', id],
        ['STANDARD', undefined],
      ]);
    });

    test('an execution that waits before a stage is superseded by a newer one', async () => {
      const ids = [];
      for (let i = 0; i < 3; i++) {
        ids.push(await start());
        clock.advance(MINUTE);
      }
      expect(await Promise.all(ids.map(status))).toEqual(['InProgress', 'Superseded', 'InProgress']);
    });

    test('an execution stops at once where it is abandoned', async () => {
      const id = await start();
      const stop = (abandon: boolean) => client.send(new StopPipelineExecutionCommand({ pipelineName: name, pipelineExecutionId: id, abandon }));
      await stop(false);
      await expect(stop(false)).rejects.toMatchObject({ name: 'DuplicatedStopRequestException' });
      await stop(true);
      expect(await status(id)).toBe('Stopped');
      await expect(stop(true)).rejects.toMatchObject({ name: 'PipelineExecutionNotStoppableException' });
    });
  });

  describe('Application Auto Scaling', () => {
    let client: ApplicationAutoScalingClient;
    beforeEach(() => {
      client = new ApplicationAutoScalingClient(config());
    });
    const put = (at: number, MinCapacity: number) => {
      const Schedule = `at(${new Date(at).toISOString().slice(0, 19)})`;
      return client.send(new PutScheduledActionCommand({ ...SCALABLE, ScheduledActionName: 'rush', Schedule, ScalableTargetAction: { MinCapacity } }));
    };
    const target = async () => (await client.send(new DescribeScalableTargetsCommand({ ServiceNamespace: 'ecs' }))).ScalableTargets?.[0];

    test('a scheduled action is one by its name, fires at its time, and leaves the raised minimum', async () => {
      await put(NOW + MINUTE, 5);
      await put(NOW + MINUTE, 5);
      await put(NOW + MINUTE, 6);
      expect((await client.send(new DescribeScheduledActionsCommand({ ServiceNamespace: 'ecs' }))).ScheduledActions).toHaveLength(1);
      expect(aws.effects.of('application-autoscaling.scheduled')).toHaveLength(2);
      clock.advance(MINUTE);
      expect(await target()).toMatchObject({ MinCapacity: 6, MaxCapacity: 10 });
      const { services } = await new ECSClient(config()).send(new DescribeServicesCommand({ cluster: 'fleet', services: ['web'] }));
      expect(services?.[0]?.desiredCount).toBe(6);
      await client.send(new RegisterScalableTargetCommand({ ...SCALABLE, MinCapacity: 2 }));
      expect(aws.effects.of('application-autoscaling').map(({ kind, at }) => [kind.replace(/^.*\./, ''), at - NOW])).toEqual([
        ['scheduled', 0],
        ['scheduled', 0],
        ['fired', MINUTE],
        ['capacity', MINUTE],
        ['target', MINUTE],
      ]);
    });

    test('an action in the past, and one on what is not registered, are refused', async () => {
      await expect(put(NOW - MINUTE, 5)).rejects.toMatchObject({ name: 'ValidationException' });
      const other = { ...SCALABLE, ResourceId: 'service/fleet/none', ScheduledActionName: 'rush' };
      await expect(client.send(new PutScheduledActionCommand(other))).rejects.toMatchObject({ name: 'ObjectNotFoundException' });
    });
  });

  test('a group of EC2 Auto Scaling launches instances over its zones within its limits, and the same size again is no effect', async () => {
    const client = new AutoScalingClient(config());
    const set = (DesiredCapacity: number) => client.send(new SetDesiredCapacityCommand({ AutoScalingGroupName: 'web', DesiredCapacity }));
    const instances = async () => (await client.send(new DescribeAutoScalingGroupsCommand({}))).AutoScalingGroups?.[0]?.Instances ?? [];
    await set(4);
    await set(4);
    expect((await instances()).map(({ LifecycleState }) => LifecycleState)).toEqual(['InService', 'InService', 'Pending', 'Pending']);
    clock.advance(MINUTE);
    expect((await instances()).map(({ LifecycleState, AvailabilityZone }) => [LifecycleState, AvailabilityZone?.at(-1)])).toEqual([
      ['InService', 'a'],
      ['InService', 'b'],
      ['InService', 'a'],
      ['InService', 'b'],
    ]);
    await expect(set(5)).rejects.toMatchObject({ name: 'ValidationError' });
    expect(aws.effects.of('autoscaling')).toHaveLength(1);
  });

  test("a group's scheduled action fires once at its time, no two at one time, and one that was deleted never", async () => {
    const client = new AutoScalingClient(config());
    const web = { AutoScalingGroupName: 'web' };
    const put = (ScheduledActionName: string, minutes: number, MinSize: number) =>
      client.send(new PutScheduledUpdateGroupActionCommand({ ...web, ScheduledActionName, StartTime: new Date(NOW + minutes * MINUTE), MinSize }));
    await put('rush', 10, 3);
    await put('rush', 10, 3);
    await put('over', 20, 1);
    await put('never', 15, 4);
    await expect(put('other', 10, 2)).rejects.toMatchObject({ name: 'AlreadyExistsFault' });
    await expect(put('other', 0, 2)).rejects.toMatchObject({ name: 'ValidationError' });
    await client.send(new DeleteScheduledActionCommand({ ...web, ScheduledActionName: 'never' }));
    const names = async () => (await client.send(new DescribeGroupSchedule(web))).ScheduledUpdateGroupActions?.map((each) => each.ScheduledActionName);
    expect(await names()).toEqual(['rush', 'over']);
    clock.advance(30 * MINUTE);
    expect(await names()).toEqual([]);
    expect(aws.effects.of('autoscaling').map(({ kind, at, id }) => [kind, (at - NOW) / MINUTE, id])).toEqual([
      ...[
        ['autoscaling.scheduled', 0, 'rush'],
        ['autoscaling.scheduled', 0, 'over'],
        ['autoscaling.scheduled', 0, 'never'],
      ],
      ['autoscaling.unscheduled', 0, 'never'],
      ...[
        ['autoscaling.fired', 10, 'rush'],
        ['autoscaling.capacity', 10, 'web'],
        ['autoscaling.fired', 20, 'over'],
        ['autoscaling.capacity', 20, 'web'],
      ],
    ]);
  });

  describe('ECS', () => {
    const WEB = { cluster: 'fleet', service: 'web' };
    let client: ECSClient;
    beforeEach(() => {
      client = new ECSClient(config());
    });
    const update = async (more: Partial<UpdateServiceCommandInput>) =>
      (await client.send(new UpdateServiceCommand({ ...WEB, ...more }))).service?.currentServiceDeployment ?? '';
    const service = async () => (await client.send(new DescribeServicesCommand({ cluster: 'fleet', services: ['web'] }))).services?.[0];
    const rollout = async (arn: string) => (await client.send(new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [arn] }))).serviceDeployments?.[0];
    const CIRCUIT = { deploymentCircuitBreaker: { enable: true, rollback: true } };

    test('each forced deployment is a new one that replaces the one under way; a count alone is none', async () => {
      const first = await update({ forceNewDeployment: true });
      const second = await update({ forceNewDeployment: true });
      expect((await service())?.deployments?.map((each) => each.status)).toEqual(['PRIMARY', 'ACTIVE', 'ACTIVE']);
      await update({ desiredCount: 3 });
      clock.advance(MINUTE);
      expect([(await rollout(first))?.status, (await rollout(second))?.status]).toEqual(['STOPPED', 'SUCCESSFUL']);
      expect(await service()).toMatchObject({ runningCount: 3, deployments: [{ rolloutState: 'COMPLETED' }] });
      const { serviceDeployments } = await client.send(new ListServiceDeploymentsCommand({ ...WEB, status: ['SUCCESSFUL'] }));
      expect(serviceDeployments?.map(({ serviceDeploymentArn }) => serviceDeploymentArn)).toEqual([second]);
      expect(aws.effects.of('ecs').map(({ kind }) => kind)).toEqual(['ecs.deployment', 'ecs.deployment', 'ecs.capacity']);
    });

    test('one that is stopped with rollback brings the revision before it back, and cannot be stopped again', async () => {
      const arn = await update({ taskDefinition: 'web:2' });
      clock.advance(5_000);
      const stop = () => client.send(new StopServiceDeploymentCommand({ serviceDeploymentArn: arn }));
      await stop();
      await expect(stop()).rejects.toMatchObject({ name: 'ConflictException' });
      clock.advance(MINUTE);
      expect((await rollout(arn))?.status).toBe('ROLLBACK_SUCCESSFUL');
      expect((await service())?.taskDefinition).toBe('web:1');
      expect(aws.effects.of('ecs.rollback')).toHaveLength(1);
    });

    test('one that fails is rolled back by its circuit breaker, and goes on for ever without', async () => {
      putRolloutCourse(place, { ...WEB, ends: ['FAILED'] });
      const stuck = await update({ taskDefinition: 'web:2' });
      clock.advance(60 * MINUTE);
      expect((await rollout(stuck))?.status).toBe('IN_PROGRESS');
      const broken = await update({ taskDefinition: 'web:3', deploymentConfiguration: CIRCUIT });
      clock.advance(60 * MINUTE);
      expect(await rollout(broken)).toMatchObject({ status: 'ROLLBACK_SUCCESSFUL', deploymentCircuitBreaker: { status: 'TRIGGERED' } });
    });

    test('a pause is ended once, by its own hook', async () => {
      const arn = await update({ forceNewDeployment: true, deploymentConfiguration: { lifecycleHooks: [{ targetType: 'PAUSE' }] } });
      clock.advance(MINUTE);
      const hookId = (await rollout(arn))?.lifecycleHookDetails?.[0]?.hookId;
      const go = (id = hookId) => client.send(new ContinueServiceDeploymentCommand({ serviceDeploymentArn: arn, hookId: id }));
      await expect(go('another')).rejects.toMatchObject({ name: 'InvalidParameterException' });
      await go();
      await expect(go()).rejects.toMatchObject({ name: 'InvalidParameterException' });
      expect((await rollout(arn))?.status).toBe('SUCCESSFUL');
      expect(aws.effects.of('ecs.continue')).toHaveLength(1);
    });
  });

  test('an alias of Lambda is changed by who knows its revision only, and the same again is no effect', async () => {
    const client = new LambdaClient(config());
    const named = { FunctionName: 'checkout', Name: 'live' };
    const update = (RevisionId: string | undefined, more: object = {}) =>
      client.send(new UpdateAliasCommand({ ...named, RevisionId, RoutingConfig: {}, ...more }));
    const before = await client.send(new GetAliasCommand(named));
    const after = await update(before.RevisionId);
    expect([before.RoutingConfig?.AdditionalVersionWeights, after.RoutingConfig]).toEqual([{ '2': 0.1 }, undefined]);
    await expect(update(before.RevisionId)).rejects.toMatchObject({ name: 'PreconditionFailedException', $metadata: { httpStatusCode: 412 } });
    await update(undefined);
    await expect(update(undefined, { FunctionVersion: '9' })).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    expect(aws.effects.of('lambda.alias').map(({ target, detail }) => [target, detail])).toEqual([
      ['checkout:live', { from: { version: '1', description: '', weights: { '2': 0.1 } }, to: { version: '1', description: '', weights: {} } }],
    ]);
  });
});
