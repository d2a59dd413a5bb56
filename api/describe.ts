import { z } from 'zod';
import { ERRORS, type ErrorCode } from '../domain/errors';
import { OPTIONAL_BODY } from './optional-bodies';
import { PROBLEM_TYPE, problemSchema } from './problem';
import type { ReplySpec, RouteSpec } from './route';

// What signing in and the store can answer anywhere behind a key.
const KEYED: readonly ErrorCode[] = ['unauthenticated', 'forbidden', 'rate_limited', 'unreachable'];
const BODY: readonly ErrorCode[] = ['too_large', 'unsupported_media_type'];

/** A route in the form that the OpenAPI plugin takes: its operation, what it takes and gives, and every problem that it can answer. */
export function describeRoute<Params, Query, Body>(spec: RouteSpec<Params, Query, Body>): Record<string, unknown> {
  const body = spec.body ?? spec.describedBody;
  return {
    operationId: spec.operation,
    tags: [spec.tag],
    summary: spec.summary,
    ...(spec.description && { description: spec.description }),
    security: spec.access === 'public' ? [] : [{ bearer: [] }],
    ...(spec.access !== 'public' && { 'x-role': spec.access }),
    ...(spec.params && { params: spec.params }),
    ...(spec.query && { querystring: spec.query }),
    ...(spec.headers && { headers: spec.headers }),
    ...(body && { body }),
    ...(spec.body?.safeParse({}).success === true && { [OPTIONAL_BODY]: true }),
    response: { ...describeAnswers(spec), ...describeProblems(problemsOf(spec)), default: problem('Any other problem, by RFC 9457.') },
  };
}

function describeAnswers<Params, Query, Body>({ answer, otherAnswer }: RouteSpec<Params, Query, Body>): Record<number, unknown> {
  return { ...(otherAnswer && { [otherAnswer.status]: describeAnswer(otherAnswer) }), [answer.status]: describeAnswer(answer) };
}

function describeAnswer({ status, description, schema, mediaType = 'application/json', alsoAs }: ReplySpec): unknown {
  if (status === 204) return z.null().describe(description);
  return { description, content: { [mediaType]: { schema: schema ?? z.unknown() }, ...(alsoAs !== undefined && { [alsoAs]: { schema: z.string() } }) } };
}

function problemsOf<Params, Query, Body>(spec: RouteSpec<Params, Query, Body>): ReadonlySet<ErrorCode> {
  const body = spec.body ?? spec.describedBody;
  return new Set<ErrorCode>([
    ...(spec.access === 'public' ? [] : KEYED),
    ...(spec.params || spec.query || body ? (['invalid_input'] as const) : []),
    ...(spec.params ? (['not_found'] as const) : []),
    ...(body ? BODY : []),
    ...(spec.problems ?? []),
  ]);
}

function describeProblems(codes: ReadonlySet<ErrorCode>): Record<number, unknown> {
  const statuses = new Set([...codes].map((code) => ERRORS[code].status));
  const of = (status: number): string =>
    [...codes]
      .filter((code) => ERRORS[code].status === status)
      .map((code) => `\`${code}\`: ${ERRORS[code].title}.`)
      .join(' ');
  return Object.fromEntries([...statuses].map((status) => [status, problem(of(status))]));
}

function problem(description: string): unknown {
  return { description, content: { [PROBLEM_TYPE]: { schema: problemSchema } } };
}
