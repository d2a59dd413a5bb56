import { CfnParameter } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import { partitionOf } from './place';
import { policyDocument } from './policy-document';
import type { PolicyDocument, Statement } from './policy-document';
import type { Worker } from './settings-schema';

/** Name of the parameter of a stack that holds the external id. */
export const EXTERNAL_ID = 'ExternalId';
/** Sid of the statement that lets the worker in. */
export const BY_WORKER = 'WorkerWithExternalId';
/** Keys of the tags that a session may carry: what is being worked on, by which action, and who approved. */
export const SESSION_TAGS = ['nightshift:action', 'nightshift:approval', 'nightshift:incident'] as const;

/** The stack's parameter for the external id: it stands in no template and no settings file. */
export function externalIdOf(stack: Stack): void {
  new CfnParameter(stack, EXTERNAL_ID, {
    noEcho: true,
    minLength: 2,
    maxLength: 1224,
    allowedPattern: '[\\w+=,.@:/-]+',
    description: "External id that Nightshift's worker gives when it assumes these roles: aws.accounts[].externalId of nightshift.yaml",
  });
}

/**
 * Lets the worker's role in, with the external id and session tags; `acting` also lets it say for whom it acts. The account is the principal and a condition names the role, so that the role need
 * not exist yet. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
 */
export function workerTrust({ account, role }: Worker, { region, acting = false }: { readonly region: string; readonly acting?: boolean }): PolicyDocument {
  const partition = partitionOf(region);
  const Principal = { AWS: `arn:${partition}:iam::${account}:root` };
  const isWorker = { 'aws:PrincipalArn': `arn:${partition}:iam::${account}:role/${role}` };
  // Tags and identities are checked beside AssumeRole, which asks for the external id in any case.
  const more: readonly Statement[] = [
    {
      ...{ Sid: 'TagTheSession', Effect: 'Allow', Principal, Action: ['sts:TagSession'] },
      Condition: { ArnEquals: isWorker, 'ForAllValues:StringEquals': { 'aws:TagKeys': SESSION_TAGS } },
    },
    ...(acting ? [{ Sid: 'SayForWhom', Effect: 'Allow', Principal, Action: ['sts:SetSourceIdentity'], Condition: { ArnEquals: isWorker } } as const] : []),
  ];
  return policyDocument(
    {
      ...{ Sid: BY_WORKER, Effect: 'Allow', Principal, Action: ['sts:AssumeRole'] },
      Condition: { ArnEquals: isWorker, StringEquals: { 'sts:ExternalId': { Ref: EXTERNAL_ID } } },
    },
    ...more,
  );
}

/** Lets a service of AWS in; with a condition only where it acts for something of this account, so that nobody else can make it use the role for them. */
export function serviceTrust(service: string, Condition?: Statement['Condition']): PolicyDocument {
  return policyDocument({ Sid: 'Service', Effect: 'Allow', Principal: { Service: service }, Action: ['sts:AssumeRole'], ...(Condition && { Condition }) });
}
