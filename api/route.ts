import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { invalidInput } from '../domain/batch';
import type { ErrorCode, Problem } from '../domain/errors';
import { check } from '../domain/schema-problems';
import type { Access } from './auth';
import { describeRoute } from './describe';

/** A successful answer: its status, and what its body looks like (for the API's description). */
export interface ReplySpec {
  readonly status: 200 | 201 | 202 | 204;
  readonly description: string;
  readonly schema?: z.ZodType;
  /** `application/json` when absent. */
  readonly mediaType?: string;
  /** The same as another media type, for whoever asks for it. */
  readonly alsoAs?: string;
}

/** What a handler gets: the checked parts of the request. */
export interface Call<Params, Query, Body> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/**
 * One route: who may call it, what it takes and gives. `operation` is its name in generated clients, `describedBody` documents a body that the handler checks itself, and `problems`
 * are those that do not follow from the rest.
 */
export interface RouteSpec<Params, Query, Body> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly operation: string;
  readonly access: Access;
  /** Requests that need no key, as `handle` checks their signature. */
  readonly opensBySignature?: (request: FastifyRequest) => boolean;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly params?: z.ZodType<Params>;
  readonly query?: z.ZodType<Query>;
  readonly body?: z.ZodType<Body>;
  readonly describedBody?: z.ZodType;
  readonly headers?: z.ZodType;
  readonly answer: ReplySpec;
  /** Another successful answer, for the calls that `is` picks. */
  readonly otherAnswer?: ReplySpec & { is(call: Call<Params, Query, Body>): boolean };
  readonly problems?: readonly ErrorCode[];
  handle(call: Call<Params, Query, Body>): Promise<unknown>;
}

/** Adds a route: checks each part by its schema (all problems at once), sends what the handler returns with the declared status. */
export function addRoute<Params, Query, Body>(app: FastifyInstance, spec: RouteSpec<Params, Query, Body>): void {
  app.route({
    method: spec.method,
    url: spec.url,
    config: { access: spec.access, ...(spec.opensBySignature && { opensBySignature: spec.opensBySignature }) },
    schema: describeRoute(spec),
    // Checking is done in the handler, where a failure of any part is one answer; the schemas above describe.
    validatorCompiler: () => () => true,
    serializerCompiler: () => (value) => JSON.stringify(value),
    handler: async (request, reply) => {
      const call = { ...checkedParts(spec, request), request, reply };
      const result = await spec.handle(call);
      const { status } = spec.otherAnswer?.is(call) === true ? spec.otherAnswer : spec.answer;
      return reply.status(status).send(result);
    },
  });
}

function checkedParts<Params, Query, Body>(spec: RouteSpec<Params, Query, Body>, request: FastifyRequest): { params: Params; query: Query; body: Body } {
  const problems: Problem[] = [];
  const params = checkPart(spec.params, request.params, problems);
  const query = checkPart(spec.query, request.query, problems);
  const body = checkPart(spec.body, request.body === undefined ? {} : request.body, problems);
  if (problems.length > 0) throw invalidInput(problems);
  return { params, query, body };
}

// Without a schema the part's type is undefined, and nobody reads it; with problems the caller throws.
function checkPart<T>(schema: z.ZodType<T> | undefined, value: unknown, problems: Problem[]): T {
  if (!schema) return undefined as T;
  const result = check(schema, value);
  if (result.ok) return result.value;
  problems.push(...result.problems);
  return undefined as T;
}
