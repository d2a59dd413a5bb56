import { z } from 'zod';
import { ERRORS, errorCode, errorMessage, NightshiftError, type ErrorCode, type Problem } from '../domain/errors';

/** Media type of RFC 9457. */
export const PROBLEM_TYPE = 'application/problem+json';

/** Body of every answer that is an error. */
export const problemSchema = z
  .object({
    type: z.string().meta({ description: 'URI of the kind of problem.', examples: ['urn:nightshift:error:invalid_input'] }),
    title: z.string(),
    status: z.number().int(),
    detail: z.string().meta({ description: 'What is wrong here, and what to do.' }),
    code: z.enum(Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]]).meta({ description: 'Match on this.' }),
    problems: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .meta({
    id: 'Problem',
    title: 'Problem',
    examples: [
      {
        type: 'urn:nightshift:error:invalid_input',
        title: ERRORS.invalid_input.title,
        status: 400,
        detail: 'One thing is wrong with the input: see `problems`.',
        code: 'invalid_input',
        problems: [{ path: 'alerts.0.service', message: 'is missing; write text' }],
      },
    ],
  });
/** Problem details of RFC 9457 with our code. */
export interface ProblemDetails {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ErrorCode;
  readonly problems?: readonly Problem[];
}

/** An error as problem details. An error that is not ours says nothing of the inside: `reference` finds it in the log. */
export function toProblem(error: unknown, limits: { readonly bodyLimitBytes: number }, reference: string): ProblemDetails {
  const ours = toOurs(error, limits);
  const code = errorCode(ours) ?? 'internal';
  const hidden = code === 'internal' || code === 'invalid_config';
  const detail = hidden ? `The log of the API has the reason under the request ${reference}.` : errorMessage(ours);
  const problems = ours instanceof NightshiftError ? ours.problems : [];
  return problemOf(code, detail, hidden ? [] : problems);
}

/** Problem details of a code. */
export function problemOf(code: ErrorCode, detail: string, problems: readonly Problem[] = []): ProblemDetails {
  const { title, status } = ERRORS[code];
  return { type: `urn:nightshift:error:${code}`, title, status, detail, code, ...(problems.length > 0 && { problems }) };
}

/** Fastify's own errors in our words; any other value is given back. */
function toOurs(error: unknown, limits: { readonly bodyLimitBytes: number }): unknown {
  if (errorCode(error) !== undefined) return error;
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  const status = typeof error === 'object' && error !== null && 'statusCode' in error ? Number(error.statusCode) : 500;
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    return new NightshiftError('too_large', `The body is larger than the limit of ${String(limits.bodyLimitBytes)} bytes; send it in smaller parts.`);
  }
  if (status === 415) return new NightshiftError('unsupported_media_type', 'Send JSON with the header `Content-Type: application/json`.');
  if (code === 'FST_ERR_CTP_EMPTY_JSON_BODY') return new NightshiftError('invalid_input', 'The body is empty, but the header says that it is JSON.');
  if (code === 'FST_ERR_BAD_URL') return new NightshiftError('invalid_input', 'The address cannot be read: a % must be followed by two hexadecimal digits.');
  if (status >= 400 && status < 500) return new NightshiftError('invalid_input', `The request cannot be read: ${errorMessage(error)}.`);
  return error;
}
