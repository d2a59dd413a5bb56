import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { eventPatterns } from '../lib/events';
import { ownPolicy } from '../lib/own-policies';
import { exampleApp, exampleWith, templateOf } from './support/example';

const HOME = 'observer-123456789012-eu-central-1';
const ASSUMES = ['123456789012:role/nightshift-observer', '210987654321:role/nightshift-observer', '123456789012:role/nightshift-archive'].map(
  (role) => `arn:aws:iam::${role}`,
);

describe('an account that is observed', () => {
  let home: Template;
  let other: Template;
  let small: Template;
  before(() => {
    const app = exampleApp();
    home = templateOf(app, HOME);
    other = templateOf(app, 'observer-123456789012-us-east-1');
    small = templateOf(app, 'observer-210987654321-eu-central-1');
  });
  const roleOf = (name: string): any => Object.values(home.findResources('AWS::IAM::Role', { Properties: { RoleName: name } }))[0]?.Properties;
  const own = (name: string): unknown => roleOf(name).Policies.find((policy: { PolicyName: string }) => policy.PolicyName === 'nightshift').PolicyDocument;

  for (const [role, name] of [
    ['subscriber', 'nightshift-subscriber'],
    ['archive', 'nightshift-archive'],
    ['hook', 'nightshift-hook-eu-central-1'],
  ] as const)
    test(`the role ${name} has the policy that Nightshift prints for ${role}`, () => assert.deepEqual(own(name), ownPolicy(role, { region: 'eu-central-1' })));

  test('the role nightshift-observer has the policy that Nightshift prints, with the roles of the settings', () => {
    assert.deepEqual(own('nightshift-observer'), ownPolicy('observer', { region: 'eu-central-1', assumes: ASSUMES }));
  });

  test('the observer is let in by its worker alone, with the external id and the tags of a session', () => {
    const isWorker = { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/nightshift-worker' };
    const worker = { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:root' } };
    assert.deepEqual(
      roleOf('nightshift-observer').AssumeRolePolicyDocument.Statement.map(({ Sid, ...rest }: { Sid: string }) => rest),
      [
        { ...worker, Action: ['sts:AssumeRole'], Condition: { ArnEquals: isWorker, StringEquals: { 'sts:ExternalId': { Ref: 'ExternalId' } } } },
        {
          ...{ ...worker, Action: ['sts:TagSession'] },
          Condition: {
            ArnEquals: isWorker,
            'ForAllValues:StringEquals': { 'aws:TagKeys': ['nightshift:action', 'nightshift:approval', 'nightshift:incident'] },
          },
        },
      ],
    );
  });

  test('the external id stands in no template', () => {
    home.hasParameter('ExternalId', { NoEcho: true, Default: Match.absent() });
  });

  test('roles, whose names exist once in an account, are made in its first region alone', () => {
    other.resourceCountIs('AWS::IAM::Role', 0);
    assert.deepEqual(other.findParameters('ExternalId'), {});
    other.hasResourceProperties('AWS::SQS::Queue', { QueueName: 'nightshift' });
  });

  test('the queue is encrypted, keeps messages for 14 days and gives up after 100 receives', () => {
    home.hasResourceProperties('AWS::SQS::Queue', {
      ...{ QueueName: 'nightshift', SqsManagedSseEnabled: true, MessageRetentionPeriod: 1_209_600, VisibilityTimeout: 120 },
      RedrivePolicy: { maxReceiveCount: 100, deadLetterTargetArn: Match.anyValue() },
    });
  });

  test('every queue is encrypted and refuses connections that are not', () => {
    const queues = Object.values(home.findResources('AWS::SQS::Queue'));
    const policies = Object.values(home.findResources('AWS::SQS::QueuePolicy'));
    assert.deepEqual([queues.length, policies.length], [3, 3]);
    for (const { Properties } of queues) assert.equal(Properties.SqsManagedSseEnabled, true);
    for (const { Properties } of policies) {
      const [first] = Properties.PolicyDocument.Statement;
      assert.deepEqual([first.Effect, first.Action, first.Condition], ['Deny', 'sqs:*', { Bool: { 'aws:SecureTransport': 'false' } }]);
    }
  });

  test('nobody but rules of EventBridge that are called nightshift may send to the queue', () => {
    const policies = Object.values(home.findResources('AWS::SQS::QueuePolicy')).flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
    const allowed = policies.filter(({ Effect }) => Effect === 'Allow');
    assert.equal(allowed.length, 2);
    for (const { Principal, Action, Condition } of allowed) {
      assert.deepEqual([Principal, Action], [{ Service: 'events.amazonaws.com' }, 'sqs:SendMessage']);
      assert.deepEqual(Condition, { ArnLike: { 'aws:SourceArn': 'arn:aws:events:eu-central-1:123456789012:rule/nightshift-*' } });
    }
  });

  test('there is a rule for each kind of event that Nightshift reads, and what cannot be delivered is kept', () => {
    const rules = Object.values(home.findResources('AWS::Events::Rule')).map(({ Properties }) => Properties);
    const patterns = eventPatterns(['aws.rds', 'aws.elasticloadbalancing']);
    for (const [name, pattern] of patterns) {
      const rule = rules.find(({ Name }) => Name === `nightshift-${name}`);
      assert.deepEqual(rule?.EventPattern, pattern);
      assert.ok(rule?.Targets[0].DeadLetterConfig.Arn);
    }
    assert.equal(rules.length, patterns.size + 1);
  });

  test('calls of more services come by the settings', () => {
    home.hasResourceProperties('AWS::Events::Rule', {
      Name: 'nightshift-calls',
      EventPattern: { source: Match.arrayWith(['aws.elasticloadbalancing', 'aws.lambda', 'aws.rds']) },
    });
    small.hasResourceProperties('AWS::Events::Rule', { Name: 'nightshift-calls', EventPattern: { source: Match.not(Match.arrayWith(['aws.rds'])) } });
  });

  test('lines of a log group come into an encrypted stream by a role that may only write there', () => {
    home.hasResourceProperties('AWS::Kinesis::Stream', {
      Name: 'nightshift-logs',
      RetentionPeriodHours: 48,
      StreamEncryption: { EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' },
    });
    home.hasResourceProperties('AWS::Logs::SubscriptionFilter', {
      ...{ LogGroupName: '/ecs/checkout', RoleArn: 'arn:aws:iam::123456789012:role/nightshift-log-delivery-eu-central-1' },
    });
    const { Policies } = roleOf('nightshift-log-delivery-eu-central-1');
    assert.deepEqual(Policies[0].PolicyDocument.Statement[0].Resource, ['arn:aws:kinesis:eu-central-1:123456789012:stream/nightshift-logs']);
  });

  test('the bucket of the archive is private, versioned, encrypted, and stays when the stack goes', () => {
    home.hasResource('AWS::S3::Bucket', {
      ...{ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' },
      Properties: {
        ...{ BucketName: 'nightshift-archive-123456789012', VersioningConfiguration: { Status: 'Enabled' }, BucketEncryption: Match.anyValue() },
        PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
        LifecycleConfiguration: { Rules: Match.arrayWith([Match.objectLike({ Prefix: 'nightshift/production/', ExpirationInDays: 400 })]) },
      },
    });
  });

  test("the bucket keeps the archive's role to its prefix", () => {
    home.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', NotResource: 'arn:aws:s3:::nightshift-archive-123456789012/nightshift/production/*' }),
          Match.objectLike({
            Effect: 'Deny',
            Action: 's3:ListBucket',
            Condition: Match.objectLike({ StringNotLike: { 's3:prefix': 'nightshift/production/*' } }),
          }),
        ]),
      },
    });
  });

  test('the function reports every build, with its key from Secrets Manager', () => {
    home.hasResourceProperties('AWS::Lambda::Function', {
      ...{ Handler: 'post-build.handler', Timeout: 60, DeadLetterConfig: Match.anyValue() },
      Environment: {
        Variables: {
          ...{ NIGHTSHIFT_URL: 'https://nightshift.example.com', NIGHTSHIFT_WAIT: '20s' },
          NIGHTSHIFT_KEY: '{{resolve:secretsmanager:nightshift/hook-key:SecretString:::}}',
        },
      },
    });
    home.hasResourceProperties('AWS::Events::Rule', {
      Name: 'nightshift-hook-builds',
      EventPattern: { detail: { 'build-status': ['SUCCEEDED', 'FAILED', 'STOPPED'] } },
    });
  });

  test("alarms on Nightshift's own parts tell the topics of their region", () => {
    const names = Object.values(home.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => [Properties.AlarmName, Properties.AlarmActions]);
    const topic = ['arn:aws:sns:eu-central-1:123456789012:on-call'];
    assert.deepEqual(Object.fromEntries(names), {
      ...{ 'nightshift-queue-age': topic, 'nightshift-dead-letters-not-empty': topic },
      ...{ 'nightshift-post-build-errors': topic, 'nightshift-post-build-failed-not-empty': topic },
    });
  });

  test('what is not asked for is not made', () => {
    for (const type of ['AWS::Kinesis::Stream', 'AWS::S3::Bucket', 'AWS::Lambda::Function']) small.resourceCountIs(type, 0);
    small.resourceCountIs('AWS::IAM::Role', 1);
    small.hasResourceProperties('AWS::CloudWatch::Alarm', { AlarmName: 'nightshift-queue-age', AlarmActions: Match.absent() });
  });
});

test('policies in another partition name what is of that partition', () => {
  const settings = exampleWith((file) => {
    delete file.reasoner;
    file.actuators = [];
    file.observers = [{ account: '123456789012', regions: ['cn-north-1'] }];
  });
  const template = templateOf(exampleApp(settings), 'observer-123456789012-cn-north-1');
  assert.doesNotMatch(JSON.stringify(template.findResources('AWS::IAM::Role')), /arn:aws:/);
});

test('a function whose code is missing says how to make it', () => {
  assert.throws(() => exampleApp(exampleWith(), { bundle: '/nowhere/post-build.zip' }), /not at \/nowhere\/post-build\.zip\. Run `npm run lambda`/);
});
