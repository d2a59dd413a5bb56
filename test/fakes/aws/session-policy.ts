import { z } from 'zod';
import { AwsError } from './errors';

const some = z.union([z.string(), z.array(z.string()).min(1)]).transform((value) => (typeof value === 'string' ? [value] : value));
const POLICY = z.strictObject({
  Version: z.literal('2012-10-17'),
  Statement: z.array(z.strictObject({ Sid: z.string().optional(), Effect: z.enum(['Allow', 'Deny']), Action: some, Resource: some })).min(1),
});

/** What a session may do at most. */
export type SessionPolicy = z.output<typeof POLICY>;

/** One thing that a call asks for. */
export interface Permission {
  /** Such as `ssm:SendCommand`. */
  readonly action: string;
  /** ARN; undefined where the fake does not know it, so that the action alone is looked at. */
  readonly resource?: string | undefined;
  /** Name of the error, where it is none of the usual ones. */
  readonly refusedAs?: string;
}

/** Characters that a policy of a session may have. https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
const LONGEST = 2048;

/** Reads the policy of a session: statements of actions and resources alone, as the fake knows neither conditions nor what is not to be. Throws what AWS answers to one that it does not take. */
export function readSessionPolicy(text: string): SessionPolicy {
  if (text.length > LONGEST)
    throw new AwsError('ValidationError', `Value at 'policy' failed to satisfy constraint: at most ${String(LONGEST)} characters`, 400);
  try {
    return POLICY.parse(JSON.parse(text));
  } catch (error) {
    throw new AwsError('MalformedPolicyDocument', `The policy is not one that the fake reads: ${String(error)}`, 400);
  }
}

/** Whether a policy allows it: a statement does, and none denies it. */
export function allows({ Statement }: SessionPolicy, { action, resource }: Permission): boolean {
  const about = Statement.filter(
    ({ Action, Resource }) =>
      Action.some((pattern) => like(pattern.toLowerCase(), action.toLowerCase())) &&
      (resource === undefined || Resource.some((pattern) => like(pattern, resource))),
  );
  return about.some(({ Effect }) => Effect === 'Allow') && about.every(({ Effect }) => Effect === 'Allow');
}

/** Whether a text fits a pattern in which `*` is any text and `?` any character. */
function like(pattern: string, text: string): boolean {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(text);
}
