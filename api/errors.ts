import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ERRORS, errorCode } from '../domain/errors';
import type { ErrorCode } from '../domain/errors';
import { PROBLEM_TYPE, problemOf, toProblem, type ProblemDetails } from './problem';
import type { ApiSettings } from './types';

// Seconds that a caller should wait before it tries again, by code.
const RETRY_AFTER: Readonly<Record<string, number>> = { overloaded: 10, unreachable: 5, not_recorded: 1 };

/** Sends problem details with the status, the media type and, where trying again can help, Retry-After. */
export function sendProblem(reply: FastifyReply, problem: ProblemDetails): FastifyReply {
  sayWhen(reply, problem.code);
  if (problem.status === 401) void reply.header('www-authenticate', 'Bearer realm="nightshift"');
  return reply.status(problem.status).header('content-type', PROBLEM_TYPE).serializer(JSON.stringify).send(problem);
}

/** Says in Retry-After when trying again can help; a header that is there already stays. */
export function sayWhen(reply: FastifyReply, code: ErrorCode): void {
  const wait = RETRY_AFTER[code];
  if (wait !== undefined) void reply.header('retry-after', String(wait));
}

/** Answers every error, unknown path and wrong method with problem details. */
export function addErrorAnswers(app: FastifyInstance, settings: ApiSettings): void {
  const routes = rememberRoutes(app);
  app.setErrorHandler((error, request, reply) => {
    // A method that no route has can fail before it is looked for.
    if (request.is404 && errorCode(error) === undefined) return answerMissing(request, reply);
    const problem = toProblem(error, settings, request.id);
    if (problem.status >= 500 && !ERRORS[problem.code].retryable) request.log.error({ err: error }, 'a request failed');
    else if (errorCode(error) === undefined && problem.code === 'internal') request.log.error({ err: error }, 'a request failed');
    else request.log.info({ code: problem.code, detail: problem.detail }, 'a request was refused');
    return sendProblem(reply, problem);
  });
  app.setNotFoundHandler(answerMissing);

  function answerMissing(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const methods = routes.methodsAt(pathOf(request));
    if (methods.length === 0) return sendProblem(reply, problemOf('not_found', `There is nothing at ${pathOf(request)}; /openapi.json lists what there is.`));
    void reply.header('allow', methods.join(', '));
    return sendProblem(reply, problemOf('method_not_allowed', `${request.method} is not possible at ${pathOf(request)}; use ${methods.join(' or ')}.`));
  }
}

function pathOf(request: FastifyRequest): string {
  return (request.url.split('?')[0] ?? '').slice(0, 200);
}

// The router tells only whether method and path together are known.
function rememberRoutes(app: FastifyInstance): { methodsAt(path: string): string[] } {
  const patterns: { readonly parts: readonly string[]; readonly method: string }[] = [];
  app.addHook('onRoute', (route) => {
    for (const method of [route.method].flat()) patterns.push({ parts: route.url.split('/'), method });
  });
  return {
    methodsAt(path) {
      const parts = path.split('/');
      const fits = patterns.filter((p) => p.parts.length === parts.length && p.parts.every((part, i) => part.startsWith(':') || part === parts[i]));
      return [...new Set(fits.map((p) => p.method))].sort();
    },
  };
}
