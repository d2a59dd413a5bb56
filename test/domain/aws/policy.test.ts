import { AWS_OPERATIONS, AWS_ROLES } from '../../../domain/aws/calls';
import { policyFor, policyOf } from '../../../domain/aws/policy';

const PLACE = { partition: 'aws', roles: [] };
const READ = { client: 'ecs', operation: 'ListClusters', actions: ['ecs:ListClusters'], roles: ['observer'], writes: false } as const;

test.each(AWS_ROLES)('the policy of %s is a document of IAM that allows the actions of its calls', (role) => {
  const { Version, Statement } = policyOf(role, PLACE);
  expect(Version).toBe('2012-10-17');
  expect(new Set(Statement.map(({ Sid }) => Sid)).size).toBe(Statement.length);
  for (const { Sid, Action, Resource } of Statement) {
    expect(Sid).toMatch(/^[A-Za-z0-9]+$/);
    expect(Action.length).toBeGreaterThan(0);
    expect(Action.filter((action) => !/^[a-z0-9-]+:[A-Za-z*]+$/.test(action))).toEqual([]);
    expect(Resource.filter((each) => !/^(?:\*|arn:aws:[a-z0-9-]+:[^:]*:[^:]*:.+)$/.test(each))).toEqual([]);
  }
  const allowed = Statement.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Action }) => Action);
  const asked = AWS_OPERATIONS.filter(({ roles }) => roles.includes(role)).flatMap(({ actions }) => actions);
  expect([...allowed].sort()).toEqual([...new Set(asked)].sort());
});

test.each(AWS_ROLES)('the policy of %s denies secrets and masked log data', (role) => {
  const denied = policyOf(role, PLACE).Statement.filter(({ Effect }) => Effect === 'Deny');
  expect(denied).toEqual([expect.objectContaining({ Resource: ['*'] })]);
  expect(denied[0]?.Action).toEqual(expect.arrayContaining(['logs:Unmask', 'secretsmanager:GetSecretValue', 'ssm:GetParameter*']));
});

test('an action of one service stands in one statement, with reading and writing apart', () => {
  const write = { ...READ, client: 'sqs', operation: 'DeleteMessage', actions: ['sqs:DeleteMessage'], writes: true };
  const receive = { ...READ, client: 'sqs', operation: 'ReceiveMessage', actions: ['sqs:ReceiveMessage'] };
  const { Statement } = policyFor([receive, write, READ, READ], PLACE);
  expect(Statement.slice(0, -1)).toEqual([
    { Sid: 'ReadEcs', Effect: 'Allow', Action: ['ecs:ListClusters'], Resource: ['*'] },
    { Sid: 'ReadSqs', Effect: 'Allow', Action: ['sqs:ReceiveMessage'], Resource: ['arn:aws:sqs:*:*:nightshift*'] },
    { Sid: 'WriteSqs', Effect: 'Allow', Action: ['sqs:DeleteMessage'], Resource: ['arn:aws:sqs:*:*:nightshift*'] },
  ]);
});

test('roles of other accounts are those of the configuration, in its partition', () => {
  const statement = (roles: readonly string[], partition: string) =>
    policyOf('observer', { roles, partition }).Statement.find(({ Sid }) => Sid === 'StsAssumeRole');
  expect(statement(['arn:aws:iam::111122223333:role/watch'], 'aws')?.Resource).toEqual(['arn:aws:iam::111122223333:role/watch']);
  expect(statement([], 'aws-cn')?.Resource).toEqual(['arn:aws-cn:iam::*:role/nightshift-*']);
});

test('it fits into a managed policy of IAM, which has 6,144 characters', () => {
  for (const role of AWS_ROLES) expect(JSON.stringify(policyOf(role, PLACE)).length).toBeLessThan(6_144);
});
