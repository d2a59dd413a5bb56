import { Stack } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { NAME } from './names';
import { partitionOf } from './place';
import { allow, policyDocument } from './policy-document';
import type { PolicyDocument, Statement } from './policy-document';
import { makeRole } from './role';
import type { Reasoner, Worker } from './settings-schema';
import { externalIdOf, workerTrust } from './trust';

/** What the stack is made of. */
export interface ReasonerProps extends StackProps {
  readonly reasoner: Reasoner;
  readonly worker: Worker;
}

/** Converse is allowed by the action of InvokeModel. https://docs.aws.amazon.com/bedrock/latest/userguide/conversation-inference-call.html */
const ASK = ['bedrock:InvokeModel'];
const COUNT = ['bedrock:CountTokens'];
const GUARD = ['bedrock:ApplyGuardrail'];

/** The role that asks models of Bedrock, and may do nothing else: what it reads may hold instructions by whoever wrote a log line. */
export class ReasonerStack extends Stack {
  constructor(scope: Construct, id: string, { reasoner, worker, ...props }: ReasonerProps) {
    super(scope, id, props);
    externalIdOf(this);
    makeRole(this, 'Reasoner', {
      ...{ name: `${NAME}-reasoner`, place: reasoner, trust: workerTrust(worker, { region: reasoner.region }) },
      description: 'Nightshift asks models of Bedrock, and nothing else',
      policies: { nightshift: reasonerPolicy(reasoner) },
      patterns: {
        AskByProfile: 'A profile asks the model in the regions that it spans; the condition allows that by this profile alone.',
        CountTokens: 'Counting the tokens of a text has no effect.',
      },
    });
  }
}

/** Asks the models and profiles that are named, with the guardrail where one is. Counting tokens asks nothing, and knows no guardrail. */
export function reasonerPolicy({ models, profiles, guardrail, region }: Reasoner): PolicyDocument {
  const guarded = guardrail ? { StringLike: { 'bedrock:GuardrailIdentifier': [guardrail, `${guardrail}:*`] } } : undefined;
  const model = (id: string, where: string): string => `arn:${partitionOf(region)}:bedrock:${where}::foundation-model/${id}`;
  const direct = models.map((id) => model(id, region));
  const byProfile = profiles.map(({ arn }) => arn);
  const spanned = [...new Set(profiles.flatMap((profile) => profile.models))].map((id) => model(id, '*'));
  const some = (statement: Statement): readonly Statement[] => (statement.Resource?.length === 0 ? [] : [statement]);
  return policyDocument(
    ...some(allow('AskModels', ASK, direct, guarded)),
    ...some(allow('AskProfiles', ASK, byProfile, guarded)),
    ...some(allow('AskByProfile', ASK, spanned, { ...guarded, ArnEquals: { 'bedrock:InferenceProfileArn': byProfile } })),
    allow('CountTokens', COUNT, [...direct, ...byProfile, ...spanned]),
    ...(guardrail ? [allow('UseTheGuardrail', GUARD, [guardrail])] : []),
    { Sid: 'NothingElse', Effect: 'Deny', NotAction: [...ASK, ...COUNT, ...GUARD], Resource: ['*'] },
  );
}
