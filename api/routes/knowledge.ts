import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { NightshiftError } from '../../domain/errors';
import type { IncidentView } from '../../domain/incident-view';
import { CONFIRMATIONS } from '../../domain/knowledge/confirmed';
import { CAUSES } from '../../domain/names';
import { existingIncident } from '../existing';
import { fromStore } from '../guard';
import { time } from '../incident-schema';
import { addRoute } from '../route';
import { incidentPath } from '../schemas';
import type { ApiDeps } from '../types';

const MOST_SIMILAR = 20;

const remedy = z
  .looseObject({
    round: z.int(),
    runbook: z.string(),
    service: z.string().meta({ description: 'Service that was acted on.' }),
    verdict: z.string().meta({ description: 'What was measured after it; `averted` where what was predicted did not come.' }),
    helped: z.boolean(),
  })
  .meta({ id: 'Remedy', title: 'Remedy' });

const similarIncident = z
  .looseObject({
    incidentId: z.string(),
    environment: z.string(),
    service: z.string(),
    title: z.string(),
    resolvedAt: time,
    score: z.number().meta({ description: '0 to 1; a ranking, not a probability.' }),
    because: z.array(z.string()).meta({ description: 'Why it is similar, strongest first.' }),
    cause: z.enum(CAUSES).optional().meta({ description: 'Only where a measured recovery speaks for it.' }),
    confirmedBy: z.enum(CONFIRMATIONS),
    helped: z.array(remedy),
    didNotHelp: z.array(remedy),
    summary: z.string().meta({ description: 'How it ended, in the words of the measurement or of the person.' }),
  })
  .meta({ id: 'SimilarIncident', title: 'SimilarIncident' });

/** GET /v1/incidents/{id}/document and /v1/incidents/{id}/similar. */
export function addKnowledgeRoutes(app: FastifyInstance, deps: ApiDeps): void {
  const shared = { method: 'GET', access: 'viewer', tag: 'incidents', params: incidentPath } as const;
  const within = <T>(work: () => Promise<T>): Promise<T> => fromStore(work, deps.settings.doorTimeoutMs);
  addRoute(app, {
    ...shared,
    url: '/v1/incidents/:id/document',
    operation: 'getIncidentDocument',
    summary: 'Read the post-incident document of a resolved incident',
    description: 'What happened, cause, evidence, what helped and what did not, who decided, and the timeline. It is written within a minute after the end.',
    answer: { status: 200, description: 'Markdown, in which all text from outside is escaped.', mediaType: 'text/markdown', schema: z.string() },
    async handle({ params, reply }) {
      const view = await existingIncident(deps, params.id);
      const document = await within(() => deps.store.knowledge.read(view.incidentId));
      if (document === undefined) throw new NightshiftError('not_found', whyNone(view));
      void reply.header('content-type', 'text/markdown; charset=utf-8').serializer(String);
      return document;
    },
  });
  addRoute(app, {
    ...shared,
    url: '/v1/incidents/:id/similar',
    operation: 'listSimilarIncidents',
    summary: 'List past incidents that are similar, why, and what helped then',
    description: 'Only incidents whose end a measurement or a person confirmed, and of these the newest 2,000.',
    query: z.object({ limit: z.coerce.number().int().min(1).max(MOST_SIMILAR).default(5) }),
    answer: {
      status: 200,
      description: 'The most similar first.',
      schema: z.object({
        similar: z.array(similarIncident),
        by: z.enum(['text', 'text and embeddings']),
        note: z.string().optional().meta({ description: 'Why embeddings were not used though they are configured.' }),
      }),
    },
    async handle({ params, query }) {
      const view = await existingIncident(deps, params.id);
      return within(() => deps.similar.find(view, query.limit));
    },
  });
}

function whyNone({ incidentId, status }: IncidentView): string {
  if (status !== 'resolved') return `${incidentId} is ${status}; its document is written once it is resolved.`;
  return `The document of ${incidentId} is not written yet. The worker that leads writes it within a minute after the end; ask again then.`;
}
