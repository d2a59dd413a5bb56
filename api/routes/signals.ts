import type { FastifyInstance } from 'fastify';
import { findService } from '../../domain/inventory';
import { signalHistory, signalWindow } from '../../domain/signals';
import { existingIncident } from '../existing';
import { addRoute } from '../route';
import { incidentPath, signals } from '../schemas';
import type { ApiDeps } from '../types';

/** GET /v1/incidents/{id}/signals: what the service measured around an incident, for drawing. */
export function addSignalRoutes(app: FastifyInstance, deps: ApiDeps): void {
  const { store, clock, inventory } = deps;
  addRoute(app, {
    method: 'GET',
    url: '/v1/incidents/:id/signals',
    operation: 'getSignals',
    access: 'viewer',
    tag: 'incidents',
    summary: 'Show what the service measured before, during and after an incident',
    description:
      'At most 180 steps and the newest 6 hours or 7,200 scrapes, from some time before the onset. Once the samples are no longer kept, it is the series that was frozen as evidence.',
    params: incidentPath,
    answer: { status: 200, description: 'The history, also while the incident is open.', schema: signals },
    async handle({ params }) {
      const view = await existingIncident(deps, params.id);
      const service = findService(inventory, view.environment, view.service);
      const everyMs = service?.metrics?.everyMs ?? 0;
      const window = signalWindow(view, clock.now(), deps.signals, everyMs);
      const samples = await store.samples.read(view.environment, view.service, window.from - window.stepMs - everyMs, window.to);
      const bundle = samples.length > 0 ? undefined : (await store.evidence.ofRound(view.incidentId, view.round))?.bundle;
      return signalHistory(view, window, { samples, bundle, limits: service?.limits });
    },
  });
}
