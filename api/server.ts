import rateLimit from '@fastify/rate-limit';
import Fastify, { type FastifyInstance } from 'fastify';
import { addSignIn } from './auth';
import { addErrorAnswers, sendProblem } from './errors';
import { addMetrics } from './metrics';
import { addOpenApi, addOpenApiRoute } from './openapi';
import { toProblem } from './problem';
import { addAlertRoutes, addChangeRoutes } from './routes/alerts';
import { addAnswerRoutes } from './routes/answers';
import { addHaltRoutes } from './routes/halt';
import { addHealthRoutes } from './routes/health';
import { addIncidentRoutes } from './routes/incidents';
import { addKeyRoutes } from './routes/keys';
import { addLookupRoutes } from './routes/lookups';
import type { ApiDeps } from './types';

const ROUTES = [addAlertRoutes, addChangeRoutes, addIncidentRoutes, addAnswerRoutes, addKeyRoutes, addHaltRoutes, addLookupRoutes, addHealthRoutes];

const HEADERS = {
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
} as const;

// A client that sends its request this slowly holds a connection for nothing.
const REQUEST_TIMEOUT_MS = 30_000;

/** Builds the HTTP door with everything injected; it does not listen yet. Closing it ends idle connections at once. */
export async function buildApi(deps: ApiDeps): Promise<FastifyInstance> {
  const app = Fastify({
    bodyLimit: deps.settings.bodyLimitBytes,
    requestTimeout: REQUEST_TIMEOUT_MS,
    trustProxy: false,
    forceCloseConnections: 'idle',
    ...(deps.log ? { loggerInstance: deps.log } : { logger: false }),
    frameworkErrors: (error, request, reply) => {
      void sendProblem(reply, toProblem(error, deps.settings, request.id));
    },
  });
  app.removeContentTypeParser('text/plain');
  app.addHook('onRequest', async (_request, reply) => {
    void reply.headers(HEADERS);
  });
  addErrorAnswers(app, deps.settings);
  await app.register(rateLimit, { global: false });
  addMetrics(app, deps);
  await addOpenApi(app, deps.settings.version);
  addSignIn(app, deps);
  for (const add of ROUTES) add(app, deps);
  addOpenApiRoute(app);
  return app;
}
