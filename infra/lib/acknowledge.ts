import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { PolicyDocument } from './policy-document';

/** Tells cdk-nag why a finding of it is as it should be: reasons by the ids of findings, such as `AwsSolutions-S1`. */
export function acknowledge(scope: IConstruct, reasons: Readonly<Record<string, string>>): void {
  Validations.of(scope).acknowledge(...Object.entries(reasons).map(([id, reason]) => ({ id, reason })));
}

/** Tells cdk-nag why statements, by their Sid, allow something on resources that a pattern names. Throws an Error for one without a reason, as cdk-nag knows patterns but not whose they are. */
export function acknowledgePatterns(scope: IConstruct, policy: PolicyDocument, reasons: Readonly<Record<string, string>>): void {
  for (const { Sid, Effect, Resource = [] } of policy.Statement) {
    const patterns = Resource.filter((resource) => resource.includes('*'));
    if (Effect === 'Deny' || patterns.length === 0) continue;
    const reason = reasons[Sid];
    if (reason === undefined) throw new Error(`${scope.node.path}: the statement ${Sid} names resources by a pattern, and no reason is given why.`);
    acknowledge(scope, Object.fromEntries(patterns.map((resource) => [`AwsSolutions-IAM5[Resource::${resource}]`, reason])));
  }
}
