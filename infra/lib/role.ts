import { CfnOutput } from 'aws-cdk-lib';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { acknowledgePatterns } from './acknowledge';
import { arn } from './place';
import type { Place } from './place';
import type { PolicyDocument } from './policy-document';

/** Most characters that the inline policies of a role may have together. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
export const MOST_POLICY = 10_240;

/** What a role is made of. */
export interface RoleFacts {
  readonly name: string;
  readonly description: string;
  readonly place: Place;
  readonly trust: PolicyDocument;
  /** By name. */
  readonly policies: Readonly<Record<string, PolicyDocument>>;
  /** Why statements, by their Sid, name resources by a pattern. */
  readonly patterns?: Readonly<Record<string, string>>;
}

/** A role with nothing but inline policies, all of them literal, so that they can be written out as they are. Throws an Error when they are longer than IAM takes. */
export function makeRole(scope: Construct, id: string, { name, description, place, trust, policies, patterns = {} }: RoleFacts): CfnRole {
  const length = Object.values(policies).reduce((sum, policy) => sum + JSON.stringify(policy).replace(/\s/g, '').length, 0);
  if (length > MOST_POLICY)
    throw new Error(
      `The policies of ${name} have ${String(length)} characters, and IAM takes ${String(MOST_POLICY)}: name fewer targets, or split the environment in two.`,
    );
  const role = new CfnRole(scope, id, {
    ...{ roleName: name, description, assumeRolePolicyDocument: trust, maxSessionDuration: 3600 },
    policies: Object.entries(policies).map(([policyName, document]) => ({ policyName, policyDocument: document })),
  });
  for (const policy of Object.values(policies)) acknowledgePatterns(role, policy, patterns);
  new CfnOutput(scope, `${id}Arn`, { value: roleArn(place, name), description });
  return role;
}

/** ARN of a role of this name. */
export function roleArn(place: Place, name: string): string {
  return arn('iam', place, `role/${name}`);
}
