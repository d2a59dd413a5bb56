import rateLimit from '@fastify/rate-limit';
import Fastify, { type FastifyInstance } from 'fastify';
import { addSignIn } from './auth';
import { addErrorAnswers, sendProblem } from './errors';
import { keeper } from './keep';
import { addMetrics } from './metrics';
import { addOpenApi, addOpenApiRoute } from './openapi';
import { toProblem } from './problem';
import { addAlertRoutes, addChangeRoutes } from './routes/alerts';
import { addAnomalyRoutes } from './routes/anomalies';
import { addAnswerRoutes } from './routes/answers';
import { addArchiveMeasureRoute } from './routes/archive-measures';
import { addArchivePointRoutes } from './routes/archive-points';
import { addAsideRoutes } from './routes/aside';
import { addAuditRoutes } from './routes/audit';
import { addBackupRoute } from './routes/backup';
import { addBuildRoutes } from './routes/builds';
import { addConsoleRoute } from './routes/console';
import { addCorrelationRoutes } from './routes/correlation';
import { addDataRoutes } from './routes/data';
import { addFeedbackRoutes } from './routes/feedback';
import { addHaltRoutes } from './routes/halt';
import { addHealthRoutes } from './routes/health';
import { addIncidentRunbookRoute } from './routes/incident-runbooks';
import { addIncidentRoutes } from './routes/incidents';
import { addAutonomyRoutes } from './routes/autonomy';
import { addPipelineHealthRoute } from './routes/pipeline-health';
import { addKnowledgeRoutes } from './routes/knowledge';
import { addKeptAlertRoutes } from './routes/kept-alerts';
import { addKeyRoutes } from './routes/keys';
import { addLookupRoutes } from './routes/lookups';
import { addReplayRoute } from './routes/replay';
import { addShadowRoute } from './routes/shadow';
import { addServiceRoutes } from './routes/services';
import { addSignalRoutes } from './routes/signals';
import { addSilenceRoutes } from './routes/silences';
import { addSourceRoutes } from './routes/sources';
import type { ApiDeps } from './types';

const ROUTES = [
  addAlertRoutes,
  addKeptAlertRoutes,
  addChangeRoutes,
  addSourceRoutes,
  addAsideRoutes,
  addBuildRoutes,
  addPipelineHealthRoute,
  addIncidentRoutes,
  addKnowledgeRoutes,
  addIncidentRunbookRoute,
  addCorrelationRoutes,
  addShadowRoute,
  addReplayRoute,
  addSignalRoutes,
  addAnswerRoutes,
  addAutonomyRoutes,
  addAnomalyRoutes,
  addFeedbackRoutes,
  addKeyRoutes,
  addHaltRoutes,
  addSilenceRoutes,
  addBackupRoute,
  addDataRoutes,
  addArchiveMeasureRoute,
  addArchivePointRoutes,
  addLookupRoutes,
  addAuditRoutes,
  addServiceRoutes,
  addHealthRoutes,
  addConsoleRoute,
];

const HEADERS = {
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
} as const;

// A client that sends its request this slowly holds a connection for nothing.
const REQUEST_TIMEOUT_MS = 30_000;

/** A listener with our limits, headers and errors, without routes. Closing it ends idle connections at once. */
export function bareDoor({ settings, log }: Pick<ApiDeps, 'settings' | 'log'>): FastifyInstance {
  const app = Fastify({
    bodyLimit: settings.bodyLimitBytes,
    requestTimeout: REQUEST_TIMEOUT_MS,
    trustProxy: false,
    forceCloseConnections: 'idle',
    ...(log ? { loggerInstance: log } : { logger: false }),
    frameworkErrors: (error, request, reply) => {
      void sendProblem(reply, toProblem(error, settings, request.id));
    },
  });
  app.removeContentTypeParser('text/plain');
  app.addHook('onRequest', async (_request, reply) => {
    void reply.headers(HEADERS);
  });
  addErrorAnswers(app, settings);
  return app;
}

/** Builds the HTTP door with everything injected; it does not listen yet. */
export async function buildApi(deps: ApiDeps): Promise<FastifyInstance> {
  const app = bareDoor(deps);
  await app.register(rateLimit, { global: false });
  addMetrics(app, deps);
  await addOpenApi(app, deps.settings.version);
  addSignIn(app, deps);
  const intake = { ...deps, keep: deps.keep ?? keeper(deps) };
  for (const add of ROUTES) add(app, intake);
  addOpenApiRoute(app);
  return app;
}
