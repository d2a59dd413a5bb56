import { alarmPages } from '../../../domain/lookback/aws/alarms';
import { deploymentChange, healthChange } from '../../../domain/lookback/aws/changes';
import { trailChange } from '../../../domain/lookback/aws/trail';

const ALARM = {
  arn: 'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:x',
  name: 'x',
  metrics: [{ name: 'CPUUtilization', namespace: 'AWS/ECS', dimensions: { ClusterName: 'main', ServiceName: 'checkout' }, compared: true }],
  tags: {},
  looksAtMs: 300_000,
};

describe('alarms', () => {
  it('begin with ALARM and end with whatever comes after it', () => {
    const history = [
      { at: 1_000_000, from: 'OK', to: 'ALARM', value: 97 },
      { at: 1_600_000, from: 'ALARM', to: 'INSUFFICIENT_DATA' },
      { at: 1_700_000, from: 'INSUFFICIENT_DATA', to: 'OK' },
    ];
    expect(alarmPages(ALARM, history)).toEqual([
      expect.objectContaining({ kind: 'page', begin: 1_000_000, since: 700_000, signal: 'CPUUtilization', value: 97 }),
      { kind: 'page-end', condition: `cloudwatch:${ALARM.arn}`, at: 1_600_000 },
    ]);
  });

  it('say account, region, product and resources by their ARN and dimensions', () => {
    const [found] = alarmPages(ALARM, [{ at: 1, from: 'OK', to: 'ALARM' }]);
    expect(found).toMatchObject({ where: { account: '111122223333', region: 'eu-west-1', products: ['ecs'], resources: ['main/checkout'] } });
  });

  it('of target tracking are no pages', () => {
    expect(alarmPages({ ...ALARM, name: 'TargetTracking-service/main/checkout-AlarmHigh' }, [{ at: 1, from: 'OK', to: 'ALARM' }])).toEqual([]);
  });
});

describe('writes', () => {
  const event = (name: string, record: object = {}) =>
    trailChange({
      id: 'e',
      name,
      source: 'ec2.amazonaws.com',
      at: 1,
      user: 'ana',
      resources: ['sg-0a1b'],
      record: JSON.stringify({ awsRegion: 'eu-west-1', ...record }),
    });

  it.each(['CreateTags', 'TagResource', 'PutMetricAlarm', 'CreateSnapshot', 'ConsoleLogin', 'AssumeRole', 'DescribeInstances', 'PutRetentionPolicy'])(
    '%s alters nothing',
    (name) => {
      expect(event(name)).toBeUndefined();
    },
  );

  it.each([
    ['failed', { errorCode: 'AccessDenied' }],
    ['only read', { readOnly: true }],
  ])('that %s are left out', (_what, record) => {
    expect(event('AuthorizeSecurityGroupIngress', record)).toBeUndefined();
  });

  it.each([
    ['person', { sessionCredentialFromConsole: 'true', userIdentity: { type: 'AssumedRole' } }],
    ['person', { userIdentity: { type: 'IAMUser' } }],
    ['automation', { userIdentity: { type: 'AssumedRole', arn: 'arn:aws:sts::1:assumed-role/ci/run' }, userAgent: 'HashiCorp Terraform/1.9' }],
    ['provider', { userIdentity: { type: 'AssumedRole', invokedBy: 'autoscaling.amazonaws.com' } }],
  ])('are by a %s', (by, record) => {
    expect(event('RevokeSecurityGroupIngress', record)).toMatchObject({ by, what: 'infrastructure', where: { region: 'eu-west-1', resources: ['sg-0a1b'] } });
  });

  it('with a record that is no JSON are read as far as they go', () => {
    expect(trailChange({ id: 'e', name: 'ModifyDBInstance', source: 'rds.amazonaws.com', at: 1, user: 'ana', resources: [], record: '{' })).toMatchObject({
      what: 'configuration',
    });
  });
});

test('a deployment counts from its start, and says when it did not succeed', () => {
  const told = {
    id: 'd-1',
    application: 'checkout',
    creator: 'ana',
    isRollback: false,
    startedAt: 5,
    endedAt: 9,
    status: 'Failed',
    account: '1',
    region: 'eu-west-1',
  };
  expect(deploymentChange({ ...told, revision: '1.5.0', previousRevision: '1.4.0' })).toMatchObject({
    at: 5,
    from: '1.4.0',
    to: '1.5.0',
    summary: 'Deployment of checkout 1.5.0 (failed)',
  });
});

test('a notification of AWS Health is no change', () => {
  const event = { arn: 'a', service: 'RDS', code: 'X', category: 'accountNotification', region: 'eu-west-1', startedAt: 1, entities: [] };
  expect([healthChange(event), healthChange({ ...event, category: 'issue' })?.what]).toEqual([undefined, 'provider-event']);
});
