import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { defined } from '../../domain/defined';
import { NightshiftError } from '../../domain/errors';
import { SEVERITIES, STATUSES } from '../../domain/names';
import { existingIncident } from '../existing';
import { incidentView } from '../incident-schema';
import { addRoute } from '../route';
import { auditRecord, evidenceBundle, incidentPath, wordList } from '../schemas';
import type { ApiDeps } from '../types';

const filter = z.object({
  status: wordList(STATUSES).optional(),
  open: z
    .enum(['true', 'false'])
    .transform((word) => word === 'true')
    .optional(),
  service: z.string().min(1).max(64).optional(),
  environment: z.string().min(1).max(64).optional(),
  severity: wordList(SEVERITIES).optional(),
  cursor: z.string().min(1).max(500).optional().meta({ description: '`next` of the page before.' }),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});

/** GET /v1/incidents, and one with its timeline and evidence. */
export function addIncidentRoutes(app: FastifyInstance, deps: ApiDeps): void {
  const { incidents, audit, evidence } = deps.store;
  const shared = { method: 'GET', access: 'viewer', tag: 'incidents', params: incidentPath } as const;

  addRoute(app, {
    method: 'GET',
    url: '/v1/incidents',
    operation: 'listIncidents',
    access: 'viewer',
    tag: 'incidents',
    summary: 'List incidents, newest first',
    query: filter,
    answer: { status: 200, description: 'One page.', schema: z.object({ incidents: z.array(incidentView), next: z.string().optional() }) },
    handle: ({ query }) => incidents.list(defined(query)),
  });
  addRoute(app, {
    ...shared,
    url: '/v1/incidents/:id',
    operation: 'getIncident',
    summary: 'Show an incident',
    answer: { status: 200, description: 'The incident.', schema: incidentView },
    async handle({ params }) {
      const view = await existingIncident(deps, params.id);
      const related = await deps.store.correlation.related(view);
      return related.length === 0 ? view : { ...view, related };
    },
  });
  addRoute(app, {
    ...shared,
    url: '/v1/incidents/:id/timeline',
    operation: 'getTimeline',
    summary: 'Show the audit records of an incident, oldest first',
    answer: { status: 200, description: 'The records.', schema: z.object({ entries: z.array(auditRecord) }) },
    async handle({ params }) {
      await existingIncident(deps, params.id);
      return { entries: await audit.read(params.id) };
    },
  });
  addRoute(app, {
    ...shared,
    url: '/v1/incidents/:id/evidence',
    operation: 'getEvidence',
    summary: 'Show the frozen evidence of the current round',
    answer: {
      status: 200,
      description: 'The bundle.',
      schema: evidenceBundle,
    },
    async handle({ params }) {
      const { round } = await existingIncident(deps, params.id);
      const found = await evidence.ofRound(params.id, round);
      if (!found) throw new NightshiftError('not_found', `No evidence was gathered yet for round ${String(round)} of ${params.id}.`);
      return found.bundle;
    },
  });
}
