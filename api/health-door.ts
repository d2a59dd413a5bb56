import type { FastifyInstance } from 'fastify';
import { bareDoor } from './server';
import { addProbeRoutes } from './routes/health';
import type { Probes } from './routes/health';
import type { ApiDeps } from './types';

/** Builds the listener of a process that has no HTTP API: health, readiness and metrics, and nothing else. */
export async function buildWorkerHealth(deps: Pick<ApiDeps, 'settings' | 'log'> & Omit<Probes, 'timeoutMs'>): Promise<FastifyInstance> {
  const app = bareDoor(deps);
  addProbeRoutes(app, { ...deps, timeoutMs: deps.settings.doorTimeoutMs });
  await app.ready();
  return app;
}
