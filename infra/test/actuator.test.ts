import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import own from '../policies.json';
import { actuatorPolicy } from '../lib/actuator-policy';
import { automationPolicy } from '../lib/automation-role';
import type { Actuator } from '../lib/settings-schema';
import { exampleApp, exampleWith, templateOf } from './support/example';
import { isAllowed } from './support/iam';

const APPROVED = { 'aws:RequestedRegion': 'eu-central-1', 'aws:PrincipalTag/nightshift:approval': 'ap-1' };
const PASS = { action: 'iam:PassRole', resource: 'arn:aws:iam::123456789012:role/nightshift-automation-production' };
const at = (service: string, name: string, region = 'eu-central-1'): string => `arn:aws:${service}:${region}:123456789012:${name}`;

function production(change: (actuator: Record<string, any>) => void = () => undefined): Actuator {
  const [first] = exampleWith((file) => change(file.actuators[0])).actuators;
  assert.ok(first);
  return first;
}

describe('what an actuator may do', () => {
  const policy = actuatorPolicy(production());
  const targets: readonly (readonly [string, string, string, Readonly<Record<string, string>>?])[] = [
    ['ssm:StartAutomationExecution', at('ssm', 'document/Nightshift-RestartService'), at('ssm', 'document/Another')],
    ['ssm:StartAutomationExecution', at('ssm', 'automation-definition/Nightshift-RestartService:$DEFAULT'), at('ssm', 'automation-definition/Another:1')],
    ['ssm:SendCommand', at('ssm', 'document/Nightshift-RestartUnit'), 'arn:aws:ssm:eu-central-1::document/AWS-RunShellScript'],
    ['codedeploy:CreateDeployment', at('codedeploy', 'deploymentgroup:checkout/checkout-production'), at('codedeploy', 'deploymentgroup:checkout/other')],
    ['codedeploy:StopDeployment', at('codedeploy', 'deploymentgroup:checkout/checkout-production'), at('codedeploy', 'deploymentgroup:orders/orders')],
    ['codebuild:StartBuild', at('codebuild', 'project/checkout'), at('codebuild', 'project/orders')],
    ['codebuild:RetryBuild', at('codebuild', 'project/checkout'), at('codebuild', 'project/orders')],
    ['codepipeline:RetryStageExecution', at('codepipeline', 'checkout/Deploy'), at('codepipeline', 'checkout/Build')],
    ['codepipeline:RollbackStage', at('codepipeline', 'checkout/Deploy'), at('codepipeline', 'orders/Deploy')],
    ['codepipeline:StopPipelineExecution', at('codepipeline', 'checkout'), at('codepipeline', 'orders')],
    ['ecs:UpdateService', at('ecs', 'service/production/checkout'), at('ecs', 'service/production/orders')],
    ['ecs:StopServiceDeployment', at('ecs', 'service-deployment/production/checkout/abc'), at('ecs', 'service-deployment/production/orders/abc')],
    ['lambda:UpdateAlias', at('lambda', 'function:checkout-events'), at('lambda', 'function:orders')],
    [
      'autoscaling:UpdateAutoScalingGroup',
      at('autoscaling', 'autoScalingGroup:0f1e:autoScalingGroupName/checkout-production'),
      at('autoscaling', 'autoScalingGroup:0f1e:autoScalingGroupName/orders'),
    ],
  ];
  for (const [action, named, other] of targets)
    test(`${action} on ${named.split(':').slice(5).join(':')} and on nothing that is not named`, () => {
      assert.deepEqual(
        [named, other, named.replace(':eu-central-1:', ':eu-west-1:'), named.replace('123456789012', '210987654321')].map((resource) =>
          isAllowed(policy, { action, resource, context: APPROVED }),
        ),
        [true, false, false, resourceHasNoAccount(named)],
      );
    });

  test('everything that actions of Nightshift ask for is allowed somewhere', () => {
    const allowed = policy.Statement.flatMap(({ Effect, Action }) => (Effect === 'Allow' ? (Action ?? []) : []));
    assert.deepEqual(
      own.actuator.filter((action) => !allowed.includes(action)),
      [],
    );
  });

  test('commands run on instances with the tag, and on no others', () => {
    const question = { action: 'ssm:SendCommand', resource: at('ec2', 'instance/i-0abc') };
    assert.ok(isAllowed(policy, { ...question, context: { ...APPROVED, 'ssm:resourceTag/nightshift-managed': 'true' } }));
    assert.ok(!isAllowed(policy, { ...question, context: { ...APPROVED, 'ssm:resourceTag/nightshift-managed': 'false' } }));
    assert.ok(!isAllowed(policy, { ...question, context: APPROVED }));
  });

  test('capacity of the dimension that is named', () => {
    const question = { action: 'application-autoscaling:PutScheduledAction', resource: at('application-autoscaling', 'scalable-target/0abc') };
    const of = (namespace: string, dimension: string): boolean =>
      isAllowed(policy, {
        ...question,
        context: { ...APPROVED, 'application-autoscaling:service-namespace': namespace, 'application-autoscaling:scalable-dimension': dimension },
      });
    assert.deepEqual([of('ecs', 'ecs:service:DesiredCount'), of('lambda', 'lambda:function:ProvisionedConcurrency')], [true, false]);
  });

  test('what Application Auto Scaling asks of its caller, on the resource that is named and on no alarm', () => {
    const of = (action: string, resource: string): boolean => isAllowed(scaling, { action, resource, context: APPROVED });
    const scaling = actuatorPolicy(
      production((one) => {
        delete one['ecs'];
        one['scalableTargets'] = [
          { namespace: 'ecs', dimension: 'ecs:service:DesiredCount', resources: ['service/production/checkout'] },
          { namespace: 'dynamodb', dimension: 'dynamodb:table:WriteCapacityUnits', resources: ['table/orders', 'table/orders/index/by-day'] },
          { namespace: 'lambda', dimension: 'lambda:function:ProvisionedConcurrency', resources: ['function:checkout:live'] },
          { namespace: 'elasticache', dimension: 'elasticache:cache-cluster:Nodes', resources: ['cache-cluster/cache', 'replication-group/carts'] },
        ];
      }),
    );
    assert.deepEqual(
      ['service/production/checkout', 'service/production/orders'].map((name) => of('ecs:UpdateService', at('ecs', name))),
      [true, false],
    );
    assert.deepEqual(
      ['table/orders', 'table/orders/index/by-day', 'table/other'].map((name) => of('dynamodb:UpdateTable', at('dynamodb', name))),
      [true, false, false],
    );
    assert.deepEqual(
      ['function:checkout:live', 'function:checkout'].map((name) => of('lambda:PutProvisionedConcurrencyConfig', at('lambda', name))),
      [true, false],
    );
    assert.deepEqual(
      ['cluster:cache', 'cluster:carts', 'replicationgroup:carts'].map((name) => of('elasticache:ModifyCacheCluster', at('elasticache', name))),
      [true, false, false],
    );
    assert.deepEqual(
      ['alarm:', 'alarm:checkout-errors'].map((name) => of('cloudwatch:DeleteAlarms', at('cloudwatch', name))),
      [true, false],
    );
  });

  test('a group is resized, and not made to launch anything else', () => {
    const question = {
      action: 'autoscaling:UpdateAutoScalingGroup',
      resource: at('autoscaling', 'autoScalingGroup:0f1e:autoScalingGroupName/checkout-production'),
    };
    assert.ok(isAllowed(policy, { ...question, context: APPROVED }));
    assert.ok(!isAllowed(policy, { ...question, context: { ...APPROVED, 'autoscaling:LaunchConfigurationName': 'another' } }));
  });

  test('its automation role is passed to Systems Manager, and no other role to anything', () => {
    const to = (service: string, resource = PASS.resource): boolean =>
      isAllowed(policy, { ...PASS, resource, context: { ...APPROVED, 'iam:PassedToService': service } });
    assert.ok(to('ssm.amazonaws.com'));
    assert.ok(!to('lambda.amazonaws.com'));
    assert.ok(!to('ssm.amazonaws.com', 'arn:aws:iam::123456789012:role/Admin'));
  });
});

function resourceHasNoAccount(resource: string): boolean {
  return resource.split(':')[4] === '';
}

describe('what an actuator may never do, whatever else it is given', () => {
  const { Version, Statement } = actuatorPolicy(production());
  const everything = { Sid: 'Everything', Effect: 'Allow', Action: ['*'], Resource: ['*'] } as const;
  const given = { Version, Statement: [...Statement, everything] };
  const allowed = (action: string, resource = '*', context: Readonly<Record<string, string>> = APPROVED): boolean =>
    isAllowed(given, { action, resource, context });

  for (const action of ['iam:CreateRole', 'iam:PutRolePolicy', 'iam:AttachRolePolicy', 'iam:CreateAccessKey', 'ec2:RunInstances', 'sts:AssumeRole'])
    test(action, () => assert.ok(!allowed(action)));
  for (const action of ['ssm:CreateDocument', 'ssm:UpdateDocument', 'ssm:UpdateDocumentDefaultVersion', 'secretsmanager:GetSecretValue', 'ssm:GetParameters'])
    test(action, () => assert.ok(!allowed(action)));

  test('change the role of its automations', () => {
    assert.ok(!allowed('iam:PutRolePolicy', PASS.resource));
    assert.ok(!allowed('sts:AssumeRole', PASS.resource));
  });

  test('start a build with another buildspec', () => {
    const project = at('codebuild', 'project/checkout');
    assert.ok(allowed('codebuild:StartBuild', project));
    assert.ok(!allowed('codebuild:StartBuild', project, { ...APPROVED, 'codebuild:source.buildspec': 'x' }));
  });

  test('act in another region', () => {
    assert.ok(!allowed('ecs:UpdateService', at('ecs', 'service/production/checkout'), { ...APPROVED, 'aws:RequestedRegion': 'eu-west-1' }));
  });

  test('act without an approval in the session, where the settings ask for one', () => {
    const service = { action: 'ecs:UpdateService', resource: at('ecs', 'service/production/checkout'), context: { 'aws:RequestedRegion': 'eu-central-1' } };
    assert.ok(!isAllowed(actuatorPolicy(production()), service));
    assert.ok(isAllowed(actuatorPolicy(production((actuator) => (actuator.requireApproval = false))), service));
  });
});

describe('a session without an approval, where the settings ask for one', () => {
  const policy = actuatorPolicy(
    production((one) => {
      one['requireApproval'] = true;
      one['scalableTargets'].push(
        { namespace: 'dynamodb', dimension: 'dynamodb:table:WriteCapacityUnits', resources: ['table/orders'] },
        { namespace: 'lambda', dimension: 'lambda:function:ProvisionedConcurrency', resources: ['function:checkout:live'] },
      );
    }),
  );
  const context = { 'aws:RequestedRegion': 'eu-central-1' };

  test('looks at everything that an action looks at', () => {
    const looks = policy.Statement.find(({ Sid }) => Sid === 'Look')?.Action ?? [];
    assert.ok(looks.includes('ecs:DescribeServices'));
    assert.deepEqual(
      looks.filter((action) => !isAllowed(policy, { action, resource: '*', context })),
      [],
    );
  });

  const scaled = [
    ['cloudwatch:DescribeAlarms', '*'],
    ['dynamodb:DescribeTable', at('dynamodb', 'table/orders')],
    ['lambda:GetProvisionedConcurrencyConfig', at('lambda', 'function:checkout:live')],
  ] as const;
  for (const [action, resource] of scaled) test(`reads what is scaled: ${action}`, () => assert.ok(isAllowed(policy, { action, resource, context })));

  test('changes nothing of what is scaled', () => {
    assert.ok(!isAllowed(policy, { action: 'dynamodb:UpdateTable', resource: at('dynamodb', 'table/orders'), context }));
    assert.ok(!isAllowed(policy, { action: 'lambda:PutProvisionedConcurrencyConfig', resource: at('lambda', 'function:checkout:live'), context }));
  });
});

describe('the role of automations', () => {
  const policy = automationPolicy(production());
  const restart = { action: 'ec2:RebootInstances', resource: at('ec2', 'instance/i-0abc') };

  test('restarts instances with the tag, and no others', () => {
    assert.ok(isAllowed(policy, { ...restart, context: { 'aws:ResourceTag/nightshift-managed': 'true' } }));
    assert.ok(!isAllowed(policy, restart));
  });

  test('restarts none where that is not said', () => {
    const without = automationPolicy(production((actuator) => (actuator.automation.restartsInstances = false)));
    assert.ok(!isAllowed(without, { ...restart, context: { 'aws:ResourceTag/nightshift-managed': 'true' } }));
  });

  test('is let in for automations of its account alone', () => {
    const template = templateOf(exampleApp(), 'actuator-123456789012-production');
    template.hasResourceProperties('AWS::IAM::Role', {
      RoleName: 'nightshift-automation-production',
      AssumeRolePolicyDocument: {
        Statement: [
          {
            Principal: { Service: 'ssm.amazonaws.com' },
            Condition: {
              StringEquals: { 'aws:SourceAccount': '123456789012' },
              ArnLike: { 'aws:SourceArn': 'arn:aws:ssm:*:123456789012:automation-execution/*' },
            },
          },
        ],
      },
    });
  });
});

test('an actuator is let in by the worker alone, with the external id, tags and for whom it acts', () => {
  const template = templateOf(exampleApp(), 'actuator-210987654321-staging');
  const [role] = Object.values(template.findResources('AWS::IAM::Role'));
  const statements: readonly { Action: string[]; Condition: Record<string, unknown> }[] = role?.Properties.AssumeRolePolicyDocument.Statement;
  assert.deepEqual(
    statements.map(({ Action }) => Action),
    [['sts:AssumeRole'], ['sts:TagSession'], ['sts:SetSourceIdentity']],
  );
  assert.deepEqual(statements[0]?.Condition.StringEquals, { 'sts:ExternalId': { Ref: 'ExternalId' } });
  for (const { Condition } of statements) assert.deepEqual(Condition.ArnEquals, { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/nightshift-worker' });
});

test('a stack of an actuator holds roles and nothing else', () => {
  const { Resources } = templateOf(exampleApp(), 'actuator-123456789012-production').toJSON() as { Resources: Record<string, { Type: string }> };
  assert.deepEqual(new Set(Object.values(Resources).map(({ Type }) => Type)), new Set(['AWS::IAM::Role']));
});

test('more targets than a role of IAM can name are refused', () => {
  const settings = exampleWith(
    (file) => (file.actuators[0].codebuild = Array.from({ length: 100 }, (_, i) => `a-project-with-a-rather-long-name-${String(i).padStart(80, '0')}`)),
  );
  assert.throws(() => exampleApp(settings), /IAM takes 10240: name fewer targets/);
});
