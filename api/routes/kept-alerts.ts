import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { defined } from '../../domain/defined';
import type { IncidentView } from '../../domain/incident-view';
import { SEVERITIES } from '../../domain/names';
import type { KeptAlert, KeptFilter } from '../../ports/store';
import { existingIncident } from '../existing';
import { addRoute } from '../route';
import { time } from '../incident-schema';
import type { ApiDeps } from '../types';

const query = z.object({
  incident: z
    .string()
    .min(1)
    .max(64)
    .optional()
    .meta({ description: 'Only the alerts of this incident.', examples: ['inc-mfrggzdfmztwq2lk'] }),
  after: z.coerce.number().int().min(0).optional().meta({ description: '`next` of the page before.' }),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});

const keptAlert = z
  .looseObject({
    id: z.string(),
    fingerprint: z.string(),
    status: z.enum(['firing', 'resolved']),
    source: z.string(),
    environment: z.string(),
    service: z.string(),
    name: z.string(),
    severity: z.enum(SEVERITIES),
    summary: z.string(),
    startsAt: time,
    receivedAt: time,
    workflowId: z.string().nullable().meta({ description: 'Workflow that has it; null while it waits.' }),
  })
  .meta({ id: 'KeptAlert', title: 'KeptAlert' });

/** GET /v1/alerts: every alert that was taken in, and which workflow has it. An incident's view shows its newest conditions only; here are all of its alerts. */
export function addKeptAlertRoutes(app: FastifyInstance, deps: ApiDeps): void {
  addRoute(app, {
    method: 'GET',
    url: '/v1/alerts',
    operation: 'listAlerts',
    access: 'viewer',
    tag: 'intake',
    summary: 'List alerts that were taken in, oldest first',
    description: 'With `incident` those that its workflow was given from the end of the incident before to its own end, by the time of arrival.',
    query,
    answer: { status: 200, description: 'One page.', schema: z.object({ alerts: z.array(keptAlert), next: z.number().int().optional() }) },
    async handle({ query: { incident, after, limit } }) {
      const of = incident === undefined ? {} : await alertsOf(deps, await existingIncident(deps, incident));
      // One more than asked for tells whether there is a next page.
      const found = await deps.store.inbox.kept({ ...of, ...defined({ after }), limit: limit + 1 });
      const page = found.slice(0, limit);
      const last = page.at(-1);
      return { alerts: page.map(shown), ...(found.length > limit && last ? { next: last.position } : {}) };
    },
  });
}

/** Newest incidents of a service that are looked through for the one before. */
const EARLIER = 100;

async function alertsOf({ store }: ApiDeps, view: IncidentView): Promise<Omit<KeptFilter, 'after' | 'limit'>> {
  const { environment, service, workflowId, openedAt, resolvedAt } = view;
  const { incidents } = await store.incidents.list({ environment, service, limit: EARLIER });
  const ends = incidents
    .filter((other) => other.workflowId === workflowId && other.openedAt < openedAt)
    .flatMap((other) => (other.resolvedAt === undefined ? [] : [Date.parse(other.resolvedAt)]));
  return { workflowId, ...(ends.length === 0 ? {} : { since: Math.max(...ends) }), ...(resolvedAt === undefined ? {} : { until: Date.parse(resolvedAt) }) };
}

function shown({ alert, receivedAt, workflowId }: KeptAlert): object {
  return { ...alert, receivedAt: new Date(receivedAt).toISOString(), workflowId: workflowId ?? null };
}
