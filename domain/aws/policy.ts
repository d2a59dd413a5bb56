import { AWS_OPERATIONS, AWS_ROLES } from './calls';
import type { AwsOperation, AwsRole } from './calls';
import { LOOKBACK_ACTIONS } from './prices';

/** One statement of a policy. */
export interface PolicyStatement {
  /** Letters and digits only. */
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: { readonly StringEquals: Readonly<Record<string, string>> };
}

/** A policy document of IAM. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html */
export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly PolicyStatement[];
}

/** Where a policy is for. */
export interface PolicyPlace {
  /** `aws`, `aws-cn`, … */
  readonly partition: string;
  /** ARNs of the roles that are assumed in other accounts; without any, those that are called as the documentation does. */
  readonly roles: readonly string[];
}

/**
 * What IAM can narrow, by service or, before that, by client and operation; the others are allowed on everything, as lists and descriptions have to be. Names that begin with `nightshift` are the convention:
 * a team that calls its queue, stream or bucket otherwise writes that name here.
 */
const RESOURCES: Readonly<Record<string, (place: PolicyPlace) => readonly string[]>> = {
  iam: rolesIn,
  bedrock: ({ partition }) => [
    `arn:${partition}:bedrock:*::foundation-model/*`,
    ...['inference-profile', 'application-inference-profile', 'guardrail'].map((kind) => `arn:${partition}:bedrock:*:*:${kind}/*`),
  ],
  // Models that make vectors, directly and by a profile; no other model.
  'bedrock-runtime:InvokeModel': ({ partition }) => [
    ...['amazon.titan-embed-*', 'cohere.embed-*'].map((model) => `arn:${partition}:bedrock:*::foundation-model/${model}`),
    `arn:${partition}:bedrock:*:*:inference-profile/*cohere.embed-*`,
  ],
  sagemaker: ({ partition }) => [`arn:${partition}:sagemaker:*:*:endpoint/*`],
  sqs: ({ partition }) => [`arn:${partition}:sqs:*:*:nightshift*`],
  sns: ({ partition }) => [`arn:${partition}:sns:*:*:*`],
  kinesis: ({ partition }) => [`arn:${partition}:kinesis:*:*:stream/nightshift*`],
  s3: ({ partition }) => [`arn:${partition}:s3:::nightshift*`, `arn:${partition}:s3:::nightshift*/*`],
};

/** What a session of another role asks for. */
const ASSUMING: readonly string[] = ['sts:AssumeRole', 'sts:SetSourceIdentity', 'sts:TagSession'];

/** Roles that may be assumed. */
function rolesIn({ partition, roles }: PolicyPlace): readonly string[] {
  return roles.length > 0 ? roles : [`arn:${partition}:iam::*:role/nightshift-*`];
}

/** What nothing of Nightshift may ever read, whatever other policies allow: masked log data and secrets. */
export const NEVER: PolicyStatement = {
  Sid: 'NeverReadSecrets',
  Effect: 'Deny',
  Action: ['logs:Unmask', 'secretsmanager:BatchGetSecretValue', 'secretsmanager:GetSecretValue', 'ssm:GetParameter*'],
  Resource: ['*'],
};

/** The policy of a role: everything that the code can ask as it, and nothing more. */
export function policyOf(role: AwsRole, place: PolicyPlace): PolicyDocument {
  return policyFor(
    AWS_OPERATIONS.filter(({ roles }) => roles.includes(role)),
    place,
  );
}

/** The policies of all roles for any partition, which stands in them as CloudFormation writes it; the roles that are assumed are those of the convention. */
export function policyTemplates(): Readonly<Record<AwsRole, PolicyDocument>> {
  const policies = AWS_ROLES.map((role) => [role, policyOf(role, { partition: '${AWS::Partition}', roles: [] })] as const);
  return Object.fromEntries(policies) as Record<AwsRole, PolicyDocument>;
}

/** What IAM asks of an actuator for everything that actions do; what they may be done to, `infra/` says. */
export function actuatorActions(): readonly string[] {
  const calls = AWS_OPERATIONS.filter(({ roles, operation }) => roles.includes('actuator') && operation !== 'GetCallerIdentity');
  return [...new Set(calls.flatMap(({ actions }) => actions))].sort();
}

/** The policy of a look back alone, which needs no role and writes nothing. */
export function lookbackPolicy(partition: string): PolicyDocument {
  const asked: readonly string[] = LOOKBACK_ACTIONS;
  return policyFor(
    AWS_OPERATIONS.filter(({ actions }) => actions.some((action) => asked.includes(action))),
    { partition, roles: [] },
  );
}

/** The policy of some calls. */
export function policyFor(operations: readonly AwsOperation[], place: PolicyPlace): PolicyDocument {
  const groups = new Map<string, { readonly sid: string; readonly resources: readonly string[]; readonly actions: Set<string> }>();
  for (const { client, operation, actions, writes } of operations)
    for (const action of actions) {
      const [service = ''] = action.split(':');
      const assumes = ASSUMING.includes(action);
      const sid = assumes ? 'StsAssumeRole' : `${writes ? 'Write' : 'Read'}${pascal(service)}`;
      const resources = assumes ? rolesIn(place) : ((RESOURCES[`${client}:${operation}`] ?? RESOURCES[service])?.(place) ?? ['*']);
      const group = groups.get(sid) ?? { sid, resources, actions: new Set<string>() };
      group.actions.add(action);
      groups.set(sid, group);
    }
  const allowed = [...groups.values()].sort((a, b) => (a.sid < b.sid ? -1 : 1));
  const statements = allowed.map(({ sid, resources, actions }): PolicyStatement => ({
    Sid: sid,
    Effect: 'Allow',
    Action: [...actions].sort(),
    Resource: resources,
  }));
  return { Version: '2012-10-17', Statement: [...statements, NEVER] };
}

/** `ExecuteApi` of `execute-api`. */
function pascal(words: string): string {
  return words
    .split(/[^A-Za-z0-9]/)
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('');
}
