import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { alertInput, readAlerts } from '../../domain/alert-intake';
import { MAX_BATCH } from '../../domain/batch';
import { changeInput, readChanges } from '../../domain/change-intake';
import { fromStore } from '../guard';
import { addRoute } from '../route';
import type { ApiDeps } from '../types';

/** POST /v1/alerts: 202 means committed in the inbox. */
export function addAlertRoutes(app: FastifyInstance, deps: ApiDeps): void {
  const { store, settings, clock } = deps;
  addRoute(app, {
    method: 'POST',
    url: '/v1/alerts',
    operation: 'sendAlerts',
    access: 'responder',
    tag: 'intake',
    summary: 'Take in one alert or a batch',
    description: 'All are committed or none. 202 means that they are kept until an incident has them; an id that was there already counts as a duplicate.',
    describedBody: z.union([alertInput, z.object({ alerts: z.array(alertInput).min(1).max(MAX_BATCH) })]),
    answer: {
      status: 202,
      description: 'Committed.',
      schema: z.object({ accepted: z.number().int(), duplicates: z.number().int(), ids: z.array(z.string()) }),
    },
    problems: ['overloaded'],
    async handle({ request }) {
      const receivedAt = clock.now();
      const alerts = readAlerts(request.body, { environment: settings.environment, receivedAt });
      const counts = await fromStore(() => store.inbox.accept(alerts, receivedAt, settings.inboxLimit), settings.doorTimeoutMs);
      deps.onAccepted(alerts);
      return { ...counts, ids: alerts.map((alert) => alert.id) };
    },
  });
}

/** POST /v1/changes: what was altered on a service, for diagnoses. */
export function addChangeRoutes(app: FastifyInstance, deps: ApiDeps): void {
  const { store, settings, clock } = deps;
  addRoute(app, {
    method: 'POST',
    url: '/v1/changes',
    operation: 'sendChanges',
    access: 'responder',
    tag: 'intake',
    summary: 'Record one change or a batch',
    describedBody: z.union([changeInput, z.object({ changes: z.array(changeInput).min(1).max(MAX_BATCH) })]),
    answer: { status: 202, description: 'Committed.', schema: z.object({ accepted: z.number().int(), ids: z.array(z.string()) }) },
    async handle({ request }) {
      const changes = readChanges(request.body, { environment: settings.environment, receivedAt: clock.now() });
      await fromStore(() => store.changes.record(changes), settings.doorTimeoutMs);
      return { accepted: changes.length, ids: changes.map((change) => change.id) };
    },
  });
}
