import type { PolicyDocument, PolicyValue, Statement } from '../../lib/policy-document';

/** What is asked, and what IAM knows of the question. */
export interface Question {
  readonly action: string;
  readonly resource: string;
  /** Values of condition keys. */
  readonly context?: Readonly<Record<string, string>>;
}

/** What IAM would answer by this policy alone: it evaluates the elements and operators that occur here, and throws an Error for others. */
export function isAllowed(policy: PolicyDocument, question: Question): boolean {
  const met = policy.Statement.filter((statement) => applies(statement, question));
  return met.some(({ Effect }) => Effect === 'Allow') && !met.some(({ Effect }) => Effect === 'Deny');
}

function applies(statement: Statement, { action, resource, context = {} }: Question): boolean {
  const { Action, NotAction, Resource, NotResource, Condition = {} } = statement;
  const named = Action ? matchesAny(Action, action, 'i') : !matchesAny(NotAction ?? [], action, 'i');
  const meant = Resource ? matchesAny(Resource, resource) : !matchesAny(NotResource ?? [], resource);
  return (
    named &&
    meant &&
    Object.entries(Condition).every(([operator, keys]) => Object.entries(keys).every(([key, wanted]) => holds(operator, wanted, context[key])))
  );
}

function holds(operator: string, wanted: PolicyValue, given: string | undefined): boolean {
  const list = typeof wanted === 'string' ? [wanted] : Array.isArray(wanted) ? (wanted as readonly string[]) : [];
  if (operator === 'Null') return (given === undefined) === (list[0] === 'true');
  if (operator === 'StringNotEquals') return given === undefined || !list.includes(given);
  if (operator === 'StringEquals') return given !== undefined && list.includes(given);
  if (['StringLike', 'ArnEquals', 'ArnLike'].includes(operator)) return given !== undefined && matchesAny(list, given);
  throw new Error(`The test's IAM does not know ${operator}.`);
}

function matchesAny(patterns: readonly string[], text: string, flags = ''): boolean {
  return patterns.some((pattern) =>
    new RegExp(
      `^${pattern
        .replace(/[.+^${}()|[\]\\]/g, '\\$&')
        .replaceAll('*', '.*')
        .replaceAll('?', '.')}$`,
      flags,
    ).test(text),
  );
}
