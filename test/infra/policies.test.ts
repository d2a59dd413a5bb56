import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../config/package-root';
import { AWS_ROLES } from '../../domain/aws/calls';
import { partitionOf, PARTITIONS } from '../../domain/aws/place';
import { actuatorActions, policyOf, policyTemplates } from '../../domain/aws/policy';
import type { PolicyDocument } from '../../domain/aws/policy';
import { SCALING_ASKS } from '../../domain/aws/scaling-asks';

const written = JSON.parse(readFileSync(join(packageRoot(), 'infra', 'policies.json'), 'utf8')) as {
  readonly partitions: Readonly<Record<string, string>>;
  readonly policies: Readonly<Record<string, PolicyDocument>>;
};

test('infra/ has the policies of the code (node scripts/run.mjs --script scripts/write-schemas.js writes them)', () => {
  expect(written).toEqual({ partitions: PARTITIONS, policies: policyTemplates(), actuator: actuatorActions(), scaling: SCALING_ASKS });
});

describe.each(['aws', 'aws-cn', 'aws-us-gov'])('with the partition %s put in', (partition) => {
  const putIn = (policy: PolicyDocument | undefined): PolicyDocument =>
    JSON.parse(JSON.stringify(policy).replaceAll('${AWS::Partition}', partition)) as PolicyDocument;

  test.each(AWS_ROLES)('the policy of %s is what doctor prints without roles in the configuration', (role) => {
    expect(putIn(written.policies[role])).toEqual(policyOf(role, { partition, roles: [] }));
  });

  test.each(AWS_ROLES)('the policy of %s is what doctor prints for roles when they are put in too', (role) => {
    const roles = [`arn:${partition}:iam::123456789012:role/reader`];
    const { Version, Statement } = putIn(written.policies[role]);
    const narrowed = Statement.map((one) => (['ReadIam', 'StsAssumeRole'].includes(one.Sid) ? { ...one, Resource: roles } : one));
    expect({ Version, Statement: narrowed }).toEqual(policyOf(role, { partition, roles }));
  });
});

test.each([
  ['eu-central-1', 'aws'],
  ['cn-north-1', 'aws-cn'],
  ['us-gov-west-1', 'aws-us-gov'],
])('%s is of the partition %s', (region, partition) => {
  expect(partitionOf(region)).toBe(partition);
});
