import type { PolicyDocument } from './policy-document';
import { BY_WORKER, EXTERNAL_ID } from './trust';

/** A template as far as it is read here. */
export interface Template {
  readonly Resources?: Readonly<Record<string, { readonly Type: string; readonly Properties?: Readonly<Record<string, unknown>> }>>;
}

/** A role of a template, with documents that `aws iam create-role` and `put-role-policy` take. */
export interface PlainRole {
  readonly name: string;
  readonly trust: unknown;
  /** Whether the worker assumes it; services of AWS assume the others. */
  readonly byWorker: boolean;
  /** By the name of the policy. */
  readonly policies: Readonly<Record<string, unknown>>;
}

/** What stands for the external id in a trust policy that is written out. */
export const EXTERNAL_ID_TEXT = 'WRITE-YOUR-EXTERNAL-ID-HERE';

/** Every role of a template. Throws an Error where a document holds a reference other than the external id's, as it would then be no policy of IAM. */
export function plainRoles({ Resources = {} }: Template): readonly PlainRole[] {
  return Object.values(Resources)
    .filter(({ Type }) => Type === 'AWS::IAM::Role')
    .map(({ Properties = {} }) => {
      const { RoleName, AssumeRolePolicyDocument, Policies } = Properties as {
        readonly RoleName: string;
        readonly AssumeRolePolicyDocument: PolicyDocument;
        readonly Policies: readonly { readonly PolicyName: string; readonly PolicyDocument: unknown }[];
      };
      return {
        name: RoleName,
        trust: literal(AssumeRolePolicyDocument),
        byWorker: AssumeRolePolicyDocument.Statement.some(({ Sid }) => Sid === BY_WORKER),
        policies: Object.fromEntries(Policies.map(({ PolicyName, PolicyDocument }) => [PolicyName, literal(PolicyDocument)])),
      };
    });
}

function literal(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(literal);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [first] = entries;
  if (entries.length === 1 && first?.[0] === 'Ref' && first[1] === EXTERNAL_ID) return EXTERNAL_ID_TEXT;
  if (entries.some(([key]) => key === 'Ref' || key.startsWith('Fn::')))
    throw new Error(`A policy holds a reference that only CloudFormation knows: ${JSON.stringify(value)}`);
  return Object.fromEntries(entries.map(([key, each]) => [key, literal(each)]));
}
