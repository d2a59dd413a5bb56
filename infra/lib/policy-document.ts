/** A value of a policy; in a template it may also be a reference, such as `{ Ref: 'ExternalId' }`. */
export type PolicyValue = string | readonly string[] | { readonly Ref: string };

/** One statement of a policy of IAM. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html */
export interface Statement {
  /** Letters and digits only. */
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: Readonly<Record<string, string>>;
  readonly Action?: readonly string[];
  readonly NotAction?: readonly string[];
  readonly Resource?: readonly string[];
  readonly NotResource?: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, PolicyValue>>>>;
}

/** A policy document of IAM. */
export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly Statement[];
}

/** A document of these statements. */
export function policyDocument(...statements: readonly Statement[]): PolicyDocument {
  return { Version: '2012-10-17', Statement: statements };
}

/** Allows these actions on these resources, where the conditions hold. */
export function allow(Sid: string, Action: readonly string[], Resource: readonly string[], Condition?: Statement['Condition']): Statement {
  return { Sid, Effect: 'Allow', Action, Resource, ...(Condition && { Condition }) };
}

/** Denies these actions, whatever else allows them, where the conditions hold; on everything unless resources are named. */
export function deny(Sid: string, Action: readonly string[], Resource: readonly string[] = ['*'], Condition?: Statement['Condition']): Statement {
  return { Sid, Effect: 'Deny', Action, Resource, ...(Condition && { Condition }) };
}
