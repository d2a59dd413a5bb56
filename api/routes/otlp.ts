import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { sourceNamed } from '../../domain/sources/recognise';
import type { IntakeDeps } from '../intake-message';
import { exportAnswer, PROTOBUF, REJECTED, statusMessage } from '../otlp-answer';
import type { Signal } from '../otlp-answer';
import { sayWhen, sendProblem } from '../errors';
import { toProblem } from '../problem';
import { refusedOf } from '../refusals';
import { addRoute } from '../route';
import { sentMessage } from '../sent-message';
import { takeTelemetry } from '../telemetry';
import type { ApiDeps } from '../types';

const SIGNALS: readonly Signal[] = ['metrics', 'logs', 'traces'];

/**
 * OTLP over HTTP: `/v1/sources/otlp` as the endpoint of an exporter, which adds `/v1/metrics` and so on to it, and each signal under the name of its source. Answers are as
 * https://opentelemetry.io/docs/specs/otlp/#otlphttp-response says; an error in answer to JSON is problem details, as everywhere here.
 */
export function addOtlpRoutes(scope: FastifyInstance, deps: IntakeDeps): void {
  void scope.register((own, _options, done) => {
    own.setErrorHandler((error, request, reply) => sendError(error, request, reply, deps));
    for (const signal of SIGNALS) {
      addSignal(own, deps, { signal, url: `/v1/sources/otlp/v1/${signal}`, operation: `export${capital(signal)}` });
      addSignal(own, deps, { signal, url: `/v1/sources/otlp-${signal}`, operation: `sendOtlp${capital(signal)}` });
    }
    done();
  });
}

function addSignal(scope: FastifyInstance, deps: IntakeDeps, { signal, url, operation }: { signal: Signal; url: string; operation: string }): void {
  addRoute(scope, {
    ...{ method: 'POST', url, operation, access: 'responder', tag: 'intake' },
    summary: `Take in ${signal} of OpenTelemetry`,
    description:
      'OTLP over HTTP, in protobuf or JSON by the content type; gzip is understood. Everything that is not rejected is committed before the answer; what cannot be read is set aside.',
    describedBody: z.unknown().meta({ description: `An export of ${signal} as OTLP says.` }),
    answer: {
      status: 200,
      description: 'Committed; in protobuf where the export was.',
      schema: z.object({ partialSuccess: z.object({ [REJECTED[signal]]: z.string(), errorMessage: z.string() }).optional() }),
    },
    problems: ['overloaded', 'unreadable', 'too_large'],
    handle: async ({ request, reply }) => {
      const { taken, reading } = await takeTelemetry(deps, sourceNamed(`otlp-${signal}`), sentMessage(request), request.log);
      void reply.header('content-type', isProtobuf(request) ? PROTOBUF : 'application/json');
      return exportAnswer(signal, refusedOf(taken, reading.leftOut), isProtobuf(request));
    },
  });
}

function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply, { settings }: ApiDeps): FastifyReply {
  const problem = toProblem(error, settings, request.id);
  if (problem.status >= 500) request.log.error({ err: error }, 'an export failed');
  else request.log.info({ code: problem.code, detail: problem.detail }, 'an export was refused');
  if (!isProtobuf(request)) return sendProblem(reply, problem);
  sayWhen(reply, problem.code);
  return reply.status(problem.status).header('content-type', PROTOBUF).send(statusMessage(problem.code, problem.detail));
}

function isProtobuf(request: FastifyRequest): boolean {
  return (request.headers['content-type'] ?? '').toLowerCase().includes('protobuf');
}

function capital(word: string): string {
  return `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`;
}
