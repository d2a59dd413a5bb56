import { RegisterScalableTargetCommand, ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import { AutoScalingClient, SetDesiredCapacityCommand } from '@aws-sdk/client-auto-scaling';
import { CodeBuildClient, StartBuildCommand } from '@aws-sdk/client-codebuild';
import { CodeDeployClient, CreateDeploymentCommand, StopDeploymentCommand } from '@aws-sdk/client-codedeploy';
import { CodePipelineClient, StartPipelineExecutionCommand } from '@aws-sdk/client-codepipeline';
import { ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { LambdaClient, UpdateAliasCommand } from '@aws-sdk/client-lambda';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { GetAutomationExecutionCommand, SendCommandCommand, SSMClient, StartAutomationExecutionCommand } from '@aws-sdk/client-ssm';
import type { ReadSettings } from '../../../../adapters/aws/access';
import { createActuator } from '../../../../adapters/aws/hands/actuator';
import type { Actuator, Order } from '../../../../adapters/aws/hands/actuator';
import type { Effect } from '../../../../ports/hands';
import { keysOf } from '../../../fakes/aws/identity';
import { startFakeAws } from '../../../fakes/aws/server';
import type { FakeAws } from '../../../fakes/aws/server';
import { putRole } from '../../../fakes/aws/services/sts';
import { fillActuators, revision, SCALABLE } from '../../../fakes/aws/support/actuator-facts';

const PLACE = { account: '111122223333', region: 'eu-west-1' };
const ROLE = { arn: 'arn:aws:iam::111122223333:role/nightshift-actuator-production', externalId: 'ours' };
const TOKEN = 'a8a3c5d2-6f2e-5b1c-9a44-0f5d3c1b2a10';
const TARGET = { provider: 'aws', partition: 'aws', ...PLACE, kind: 'service', id: 'production/shop' } as const;
const EFFECT = {
  ...{ token: TOKEN, incidentId: 'inc-a', action: 'service/restart', inputs: {}, target: TARGET, intendedAt: 0, timeoutMs: 1000 },
  approval: 'ana <ana@shop>',
} as const satisfies Effect;
const SSM = 'arn:aws:ssm:eu-west-1:111122223333';
/** May start one document. */
const MAY = [
  { actions: ['ssm:StartAutomationExecution'], resources: [`${SSM}:automation-definition/Restart-Service:*`, `${SSM}:document/Restart-Service`] },
] as const;
const START = { DocumentName: 'Restart-Service', Parameters: { Service: ['web'] }, ClientToken: TOKEN };

type Sends = (settings: ReadSettings) => Promise<unknown>;

/** Calls that change something, one of each kind of thing that is acted on. */
const CHANGES: readonly (readonly [string, Sends])[] = [
  ['an automation', (at) => new SSMClient(at).send(new StartAutomationExecutionCommand({ ...START, DocumentName: 'Ask-First', Parameters: {} }))],
  [
    'a command',
    (at) =>
      new SSMClient(at).send(
        new SendCommandCommand({ DocumentName: 'AWS-RunShellScript', InstanceIds: ['i-00000000000000001'], Parameters: { commands: ['true'] } }),
      ),
  ],
  [
    'a deployment',
    (at) =>
      new CodeDeployClient(at).send(new CreateDeploymentCommand({ applicationName: 'store', deploymentGroupName: 'fleet', revision: revision('v2.zip') })),
  ],
  ['the stop of a deployment', (at) => new CodeDeployClient(at).send(new StopDeploymentCommand({ deploymentId: 'd-GOOD' }))],
  ['a build', (at) => new CodeBuildClient(at).send(new StartBuildCommand({ projectName: 'web' }))],
  ['a pipeline', (at) => new CodePipelineClient(at).send(new StartPipelineExecutionCommand({ name: 'release' }))],
  ['a service', (at) => new ECSClient(at).send(new UpdateServiceCommand({ cluster: 'fleet', service: 'web', forceNewDeployment: true }))],
  ['an alias', (at) => new LambdaClient(at).send(new UpdateAliasCommand({ FunctionName: 'checkout', Name: 'live', FunctionVersion: '2' }))],
  ['a group', (at) => new AutoScalingClient(at).send(new SetDesiredCapacityCommand({ AutoScalingGroupName: 'web', DesiredCapacity: 3 }))],
  ['a scalable target', (at) => new ApplicationAutoScalingClient(at).send(new RegisterScalableTargetCommand({ ...SCALABLE, MinCapacity: 3 }))],
  ['a role', (at) => new STSClient(at).send(new AssumeRoleCommand({ RoleArn: ROLE.arn, RoleSessionName: 'again', ExternalId: 'ours' }))],
];

let aws: FakeAws;
let actuator: Actuator;
beforeEach(async () => {
  aws = await startFakeAws();
  fillActuators(aws.place(PLACE.region, PLACE.account));
  putRole(aws.place(PLACE.region, PLACE.account), ROLE);
  const { accessKeyId, secretAccessKey } = keysOf('999988887777');
  process.env['AWS_ACCESS_KEY_ID'] = accessKeyId;
  process.env['AWS_SECRET_ACCESS_KEY'] = secretAccessKey;
  const accounts = [{ id: PLACE.account, regions: [PLACE.region], environment: 'production', actuator: ROLE }];
  actuator = createActuator({ accounts, timeoutMs: 2_000, endpoint: aws.endpoint }, { now: () => Date.now() });
});
afterEach(() => aws.close());

/** Whatever is sent in a session that may start one document. */
function acting(send: Sends, more: Partial<Pick<Order<SSMClient, unknown>, 'may'>> = {}): Promise<unknown> {
  let settings: ReadSettings;
  return actuator.acts({
    ...{ place: PLACE, effect: EFFECT, operation: 'ssm:StartAutomationExecution', may: MAY, ...more },
    make: async (given) => {
      settings = given;
      return new SSMClient(given);
    },
    send: () => send(settings),
  });
}

const begins: Sends = (at) => new SSMClient(at).send(new StartAutomationExecutionCommand(START));

describe('a session that looks', () => {
  test.each(CHANGES)('cannot change %s', async (_what, send) => {
    const settings = { ...(await actuator.access.reading(PLACE)), maxAttempts: 1 };
    await expect(send(settings)).rejects.toMatchObject({ name: expect.stringMatching(/^AccessDenied/) as string });
    expect(aws.effects.entries).toEqual([]);
  });

  test('sees what the actions need', async () => {
    const at = await actuator.access.reading(PLACE);
    await expect(new STSClient(at).send(new GetCallerIdentityCommand({}))).resolves.toMatchObject({ Account: PLACE.account });
    const none = new GetAutomationExecutionCommand({ AutomationExecutionId: '00000000-0000-4000-8000-00000000dead' });
    await expect(new SSMClient(at).send(none)).rejects.toMatchObject({ name: 'AutomationExecutionNotFoundException' });
  });
});

describe('a session that acts', () => {
  test('does its one action on its one thing', async () => {
    await acting(begins);
    expect(aws.effects.of('service.restart').map(({ target, account, region }) => [target, account, region])).toEqual([['web', '111122223333', 'eu-west-1']]);
  });

  test.each(CHANGES)('does nothing to %s', async (_what, send) => {
    await expect(acting(send)).rejects.toMatchObject({ code: 'effect_failed', message: expect.stringContaining('AccessDenied') as string });
    expect(aws.effects.entries).toEqual([]);
  });

  test('sends nothing once it was held up for so long that another attempt may have judged it', async () => {
    const late = actuator.acts({
      ...{ place: PLACE, effect: { ...EFFECT, sendBefore: Date.now() - 1 }, operation: 'ssm:StartAutomationExecution', may: MAY },
      make: async (given) => new SSMClient(given),
      send: (client) => client.send(new StartAutomationExecutionCommand(START)),
    });
    await expect(late).rejects.toMatchObject({ code: 'not_begun' });
    expect(aws.ledger.entries.filter(({ service }) => service === 'ssm')).toEqual([]);
  });

  test('does not even look', async () => {
    const look: Sends = (at) => new SSMClient(at).send(new GetAutomationExecutionCommand({ AutomationExecutionId: 'any' }));
    await expect(acting(look)).rejects.toMatchObject({ code: 'effect_failed', message: expect.stringContaining('ssm:GetAutomationExecution') as string });
  });

  test.each([
    ['another region', 'arn:aws:ssm:eu-central-1:111122223333'],
    ['another account', 'arn:aws:ssm:eu-west-1:444455556666'],
  ])('has no use of what it may do in %s', async (_where, arn) => {
    const may = [{ actions: ['ssm:StartAutomationExecution'], resources: [`${arn}:automation-definition/*`, `${arn}:document/*`] }];
    await expect(acting(begins, { may })).rejects.toMatchObject({ code: 'effect_failed' });
    expect(aws.effects.entries).toEqual([]);
  });

  test('needs to be allowed whatever else its call asks for: tags, and the role that is given on', async () => {
    const role = 'arn:aws:iam::111122223333:role/automation';
    const tagged: Sends = (at) => new SSMClient(at).send(new StartAutomationExecutionCommand({ ...START, Tags: [{ Key: 'a', Value: 'b' }] }));
    await expect(acting(tagged)).rejects.toMatchObject({ message: expect.stringContaining('ssm:AddTagsToResource') as string });
    const passing: Sends = (at) =>
      new SSMClient(at).send(new StartAutomationExecutionCommand({ ...START, Parameters: { Service: ['web'], AutomationAssumeRole: [role] } }));
    await expect(acting(passing)).rejects.toMatchObject({ message: expect.stringContaining(`iam:PassRole on resource: ${role}`) as string });
  });

  test('says for what it is: the token in its name, the incident as its source, and tags', async () => {
    await acting(begins);
    expect(aws.ledger.of('ssm.StartAutomationExecution')).toMatchObject([
      {
        principal: `arn:aws:sts::111122223333:assumed-role/nightshift-actuator-production/nightshift-${TOKEN}`,
        session: {
          tags: { 'nightshift:incident': 'inc-a', 'nightshift:action': 'service/restart', 'nightshift:approval': 'ana _ana@shop_' },
          source: 'inc-a',
        },
      },
    ]);
  });
});
