import { CodeBuildClient, RetryBuildCommand, StartBuildCommand } from '@aws-sdk/client-codebuild';
import { CodeDeployClient, CreateDeploymentCommand, GetDeploymentCommand, ListDeploymentsCommand, StopDeploymentCommand } from '@aws-sdk/client-codedeploy';
import type { CreateDeploymentCommandInput } from '@aws-sdk/client-codedeploy';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import {
  DescribeAutomationExecutionsCommand,
  GetAutomationExecutionCommand,
  GetCommandInvocationCommand,
  ListCommandInvocationsCommand,
  ListCommandsCommand,
  SendCommandCommand,
  SSMClient,
  StartAutomationExecutionCommand,
} from '@aws-sdk/client-ssm';
import { testClock } from './clock';
import type { TestClock } from './clock';
import { keysOf } from './identity';
import { startFakeAws } from './server';
import type { FakeAws } from './server';
import { putAlarm } from './services/cloudwatch';
import { putBuildCourse } from './services/codebuild-run';
import { putDeploymentGroup } from './services/codedeploy';
import { putDeploymentCourse } from './services/codedeploy-run';
import { setAutomationLimit } from './services/ssm-automation';
import { putRole } from './services/sts';
import { fillActuators, revision } from './support/actuator-facts';
import type { Place } from './world';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const ACCOUNT = '111122223333';
const TOKEN = 'a8a3c5d2-6f2e-5b1c-9a44-0f5d3c1b2a10';
const INSTANCE = 'i-00000000000000001';
const FLEET = { applicationName: 'store', deploymentGroupName: 'fleet' };

describe('an effect is in the world once for each that truly happened:', () => {
  let aws: FakeAws;
  let clock: TestClock;
  let place: Place;
  const config = (account = ACCOUNT, region = 'eu-west-1') => ({ endpoint: aws.endpoint, region, credentials: keysOf(account), maxAttempts: 1 });
  const kinds = () => aws.effects.entries.map(({ kind }) => kind);
  beforeEach(async () => {
    clock = testClock(NOW);
    aws = await startFakeAws({ clock });
    place = aws.place('eu-west-1', ACCOUNT);
    fillActuators(place);
  });
  afterEach(() => aws.close());

  describe('Systems Manager', () => {
    const start = (more: object = {}, client = new SSMClient(config())) =>
      client.send(new StartAutomationExecutionCommand({ DocumentName: 'Restart-Service', Parameters: { Service: ['web'] }, ClientToken: TOKEN, ...more }));
    const command = () =>
      new SSMClient(config()).send(
        new SendCommandCommand({ DocumentName: 'AWS-RunShellScript', InstanceIds: [INSTANCE], Parameters: { commands: ['true'] }, Comment: TOKEN }),
      );

    test('the same token with the same parameters is the same execution, for ever', async () => {
      const first = await start();
      clock.advance(86_400_000);
      expect((await start()).AutomationExecutionId).toBe(first.AutomationExecutionId);
      expect(aws.effects.of('service.restart').map(({ target, token }) => [target, token])).toEqual([['web', TOKEN]]);
      expect(kinds()).toEqual(['ssm.automation', 'service.restart']);
    });

    test('the same token with other parameters is refused, and another token is another effect', async () => {
      await start();
      await expect(start({ Parameters: { Service: ['api'] } })).rejects.toMatchObject({ name: 'IdempotentParameterMismatch' });
      await start({ ClientToken: undefined });
      await expect(start({ ClientToken: 'mine' })).rejects.toMatchObject({ name: 'ValidationException' });
      expect(aws.effects.of('ssm.automation')).toHaveLength(2);
    });

    test('no more executions run at once than there may', async () => {
      setAutomationLimit(place, { running: 1 });
      await start();
      await expect(start({ ClientToken: undefined })).rejects.toMatchObject({ name: 'AutomationExecutionLimitExceededException' });
      clock.advance(60_000);
      await start({ ClientToken: undefined });
    });

    test('executions are found by document, time and tag, in pages, without their parameters', async () => {
      for (let i = 0; i < 4; i++) await start({ ClientToken: undefined, Tags: [{ Key: `action-${i % 2}`, Value: TOKEN }] });
      const Filters = [
        { Key: 'DocumentNamePrefix' as const, Values: ['Restart'] },
        { Key: 'StartTimeAfter' as const, Values: [new Date(NOW - 1).toISOString()] },
      ];
      const ssm = new SSMClient(config());
      const { AutomationExecutionMetadataList: all = [], NextToken } = await ssm.send(new DescribeAutomationExecutionsCommand({ Filters }));
      expect([all.length, typeof NextToken, 'Parameters' in (all[0] ?? {})]).toEqual([3, 'string', false]);
      const tagged = await ssm.send(new DescribeAutomationExecutionsCommand({ Filters: [{ Key: 'TagKey', Values: ['action-1'] }] }));
      expect(tagged.AutomationExecutionMetadataList).toHaveLength(2);
      await expect(ssm.send(new DescribeAutomationExecutionsCommand({ MaxResults: 51 }))).rejects.toMatchObject({ name: 'ValidationException' });
    });

    test('a command has no invocations until it is dispatched, and each sending is an effect', async () => {
      const { Command: sent } = await command();
      const ssm = new SSMClient(config());
      const invocation = () => ssm.send(new GetCommandInvocationCommand({ CommandId: sent?.CommandId, InstanceId: INSTANCE }));
      await expect(invocation()).rejects.toMatchObject({ name: 'InvocationDoesNotExist' });
      expect(await ssm.send(new ListCommandInvocationsCommand({ CommandId: sent?.CommandId }))).toMatchObject({ CommandInvocations: [] });
      clock.advance(3_000);
      expect(await invocation()).toMatchObject({ Status: 'InProgress' });
      clock.advance(10_000);
      expect(await invocation()).toMatchObject({ Status: 'Success', StandardOutputContent: 'done' });
      await command();
      clock.advance(10_000);
      expect(aws.effects.of('instance.restart').map(({ target, comment }) => [target, comment])).toEqual([
        [INSTANCE, TOKEN],
        [INSTANCE, TOKEN],
      ]);
    });
  });

  describe('CodeDeploy', () => {
    const client = () => new CodeDeployClient(config());
    const create = (more: Partial<CreateDeploymentCommandInput> = {}) =>
      client().send(new CreateDeploymentCommand({ ...FLEET, description: TOKEN, revision: revision('v2.zip'), ...more }));
    const read = async (deploymentId: string | undefined) => (await client().send(new GetDeploymentCommand({ deploymentId }))).deploymentInfo;

    test('a group has one active deployment, which the refusal of a second names', async () => {
      const { deploymentId = '' } = await create();
      await expect(create()).rejects.toMatchObject({
        name: 'DeploymentLimitExceededException',
        message: expect.stringContaining(`already has an active Deployment '${deploymentId}'`) as string,
      });
      clock.advance(60_000);
      await create();
      expect(aws.effects.of('codedeploy.deployment')).toHaveLength(2);
    });

    test('a deployment goes through its states, and its revision becomes the last good one', async () => {
      const { deploymentId } = await create();
      const seen = [];
      for (const ms of [0, 1_500, 1_000, 30_000]) {
        clock.advance(ms);
        seen.push((await read(deploymentId))?.status);
      }
      expect(seen).toEqual(['Created', 'Queued', 'InProgress', 'Succeeded']);
      const { deploymentId: next } = await create({ deploymentMode: 'RESTART', revision: undefined });
      expect(await read(next)).toMatchObject({ revision: revision('v2.zip'), previousRevision: revision('v2.zip'), deploymentMode: 'RESTART' });
      clock.advance(60_000);
      expect(aws.effects.of('codedeploy.restart').map(({ target, comment }) => [target, comment])).toEqual([['store/fleet', TOKEN]]);
    });

    test('a restart takes no revision', async () => {
      await expect(create({ deploymentMode: 'RESTART' })).rejects.toMatchObject({ name: 'InvalidInputException' });
      await expect(create({ revision: undefined })).rejects.toMatchObject({ name: 'RevisionRequiredException' });
    });

    test('one that is stopped with rollback is followed by a new deployment of the last good revision', async () => {
      const { deploymentId } = await create();
      clock.advance(5_000);
      const stop = () => client().send(new StopDeploymentCommand({ deploymentId, autoRollbackEnabled: true }));
      expect(await stop()).toMatchObject({ status: 'Pending' });
      expect(await stop()).toMatchObject({ status: 'Pending' });
      clock.advance(2_000);
      const stopped = await read(deploymentId);
      const back = stopped?.rollbackInfo?.rollbackDeploymentId;
      expect(stopped).toMatchObject({ status: 'Stopped', errorInformation: { code: 'MANUAL_STOP' } });
      expect(await read(back)).toMatchObject({
        creator: 'codeDeployRollback',
        revision: revision('v1.zip'),
        rollbackInfo: { rollbackTriggeringDeploymentId: deploymentId },
      });
      await expect(stop()).rejects.toMatchObject({ name: 'DeploymentAlreadyCompletedException' });
      expect(kinds()).toEqual(['codedeploy.deployment', 'codedeploy.stop', 'codedeploy.deployment']);
    });

    test('a deployment that fails is rolled back where its configuration says so, and a rollback is not rolled back', async () => {
      putDeploymentCourse(place, { ...FLEET, ends: ['Failed'] });
      const { deploymentId } = await create({ autoRollbackConfiguration: { enabled: true, events: ['DEPLOYMENT_FAILURE'] } });
      clock.advance(600_000);
      const failed = await read(deploymentId);
      expect(failed?.status).toBe('Failed');
      expect(await read(failed?.rollbackInfo?.rollbackDeploymentId)).toMatchObject({ status: 'Failed', creator: 'codeDeployRollback' });
      expect(aws.effects.of('codedeploy.deployment')).toHaveLength(2);
    });

    test('an alarm of the group that is in ALARM stops a deployment, unless it brings alarms of its own', async () => {
      putAlarm(place, { AlarmName: 'errors', StateValue: 'ALARM' });
      putDeploymentGroup(place, { ...FLEET, alarmConfiguration: { enabled: true, alarms: [{ name: 'errors' }] } });
      const { deploymentId } = await create();
      clock.advance(60_000);
      expect(await read(deploymentId)).toMatchObject({ status: 'Stopped', errorInformation: { code: 'ALARM_ACTIVE' } });
      const { deploymentId: other } = await create({ overrideAlarmConfiguration: { enabled: false, alarms: [] } });
      clock.advance(60_000);
      expect(await read(other)).toMatchObject({ status: 'Succeeded' });
    });

    test('a deployment that nobody sees yet blocks its group all the same', async () => {
      aws.lag({ service: 'codedeploy', operation: 'CreateDeployment', ms: 5_000 });
      const { deploymentId } = await create();
      const listed = async () => (await client().send(new ListDeploymentsCommand({ ...FLEET, createTimeRange: { start: new Date(NOW - 1_000) } }))).deployments;
      expect(await listed()).toEqual([]);
      await expect(read(deploymentId)).rejects.toMatchObject({ name: 'DeploymentDoesNotExistException' });
      await expect(create()).rejects.toMatchObject({ name: 'DeploymentLimitExceededException' });
      clock.advance(5_000);
      expect(await listed()).toEqual([deploymentId]);
    });
  });

  describe('CodeBuild', () => {
    const start = (more: object = {}) => new CodeBuildClient(config()).send(new StartBuildCommand({ projectName: 'web', idempotencyToken: TOKEN, ...more }));

    test('a token is good for five minutes, and after that it starts another build', async () => {
      const first = await start();
      clock.advance(299_999);
      expect((await start()).build?.id).toBe(first.build?.id);
      await expect(start({ sourceVersion: 'main' })).rejects.toMatchObject({ name: 'InvalidInputException' });
      clock.advance(1);
      expect((await start()).build?.id).not.toBe(first.build?.id);
      expect(aws.effects.of('codebuild.build')).toHaveLength(2);
    });

    test('a build can end by what it was given, and a retry is given the same', async () => {
      putBuildCourse(place, { projectName: 'web', durationMs: 1_000, ends: ({ cache }) => (cache?.type === 'NO_CACHE' ? 'SUCCEEDED' : 'FAILED') });
      const clean = await start({ cacheOverride: { type: 'NO_CACHE' }, environmentVariablesOverride: [{ name: 'TOKEN', value: 'one' }] });
      const again = await new CodeBuildClient(config()).send(new RetryBuildCommand({ id: clean.build?.id }));
      expect(again.build?.environment?.environmentVariables).toEqual([{ name: 'TOKEN', value: 'one', type: 'PLAINTEXT' }]);
      expect(aws.effects.of('codebuild.build').map(({ comment }) => comment)).toEqual(['TOKEN=one', 'TOKEN=one']);
    });
  });

  test('accounts and regions have worlds of their own under the same names', async () => {
    const places = ['111122223333', '444455556666', '777788889999'].flatMap((account) =>
      ['eu-west-1', 'us-east-1'].map((region) => [account, region] as const),
    );
    for (const [account, region] of places.slice(1)) fillActuators(aws.place(region, account));
    putRole(aws.place('us-east-1', '777788889999'), { arn: 'arn:aws:iam::777788889999:role/actuator' });
    const assumed = await new STSClient(config()).send(new AssumeRoleCommand({ RoleArn: 'arn:aws:iam::777788889999:role/actuator', RoleSessionName: 'act' }));
    const { AccessKeyId: accessKeyId = '', SecretAccessKey: secretAccessKey = '', SessionToken: sessionToken = '' } = assumed.Credentials ?? {};
    const ssm = new SSMClient({ ...config(), region: 'us-east-1', credentials: { accessKeyId, secretAccessKey, sessionToken } });
    const { AutomationExecutionId } = await ssm.send(
      new StartAutomationExecutionCommand({ DocumentName: 'Restart-Service', Parameters: { Service: ['web'] }, ClientToken: TOKEN }),
    );
    expect(aws.effects.entries.map(({ account, region, kind }) => [account, region, kind])).toEqual([
      ['777788889999', 'us-east-1', 'ssm.automation'],
      ['777788889999', 'us-east-1', 'service.restart'],
    ]);
    for (const [account, region] of places.slice(0, -1)) {
      const read = new SSMClient(config(account, region)).send(new GetAutomationExecutionCommand({ AutomationExecutionId }));
      await expect(read).rejects.toMatchObject({ name: 'AutomationExecutionNotFoundException' });
    }
  });

  test('a command that is not seen yet is in no list, though its effect is in the world', async () => {
    aws.lag({ service: 'ssm', reads: 1 });
    const ssm = new SSMClient(config());
    await ssm.send(new SendCommandCommand({ DocumentName: 'AWS-RunShellScript', InstanceIds: [INSTANCE], Parameters: { commands: ['true'] }, Comment: TOKEN }));
    expect(aws.effects.of('ssm.command')).toHaveLength(1);
    const list = () => ssm.send(new ListCommandsCommand({ Filters: [{ key: 'InvokedAfter', value: new Date(NOW - 1).toISOString() }] }));
    expect((await list()).Commands).toEqual([]);
    expect((await list()).Commands).toEqual([expect.objectContaining({ Comment: TOKEN })]);
  });
});
