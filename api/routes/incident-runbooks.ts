import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { findService } from '../../domain/inventory';
import type { IncidentView } from '../../domain/incident-view';
import { CAUSES } from '../../domain/names';
import { STANDINGS } from '../../domain/runbook-match/candidates';
import { rankForIncident } from '../../domain/runbook-match/incident-ranking';
import { demotionsOf, likeServices, MOST_REJECTIONS, NO_DEMOTIONS, REJECTION_MEMORY_MS } from '../../domain/shadow/demotion';
import type { Demotions } from '../../domain/shadow/demotion';
import { existingIncident } from '../existing';
import { addRoute } from '../route';
import { incidentPath } from '../schemas';
import type { ApiDeps } from '../types';

const candidate = z
  .looseObject({
    runbook: z.string(),
    version: z.number().int(),
    title: z.string(),
    origin: z.string().optional(),
    standing: z.enum(STANDINGS).meta({
      description:
        '`first` would be proposed, `possible` comes after it, `not` is declared for the cause and cannot be given, `near` only resembles the evidence.',
    }),
    score: z.number().meta({ description: 'BM25 of its words; only good for comparing within one ranking.' }),
    reasons: z.array(z.string()),
  })
  .meta({ id: 'RunbookCandidate', title: 'RunbookCandidate' });

const ranking = z
  .looseObject({
    incidentId: z.string(),
    hypothesis: z.string().optional().meta({ description: 'Id of the hypothesis that they are ranked for; absent where none names a remedy.' }),
    cause: z.enum(CAUSES).optional(),
    suspect: z.string().optional().meta({ description: 'Service that would be acted on.' }),
    candidates: z.array(candidate).meta({ description: 'Those that can be given first, each part in the order in which they are tried.' }),
  })
  .meta({ id: 'RunbookRanking', title: 'RunbookRanking' });

/** How far runbooks fall by now, as people rejected them. */
async function taught({ store, inventory, clock }: ApiDeps, view: IncidentView): Promise<Demotions> {
  const best = view.diagnosis?.hypotheses[0];
  const service = findService(inventory, view.environment, best?.suspect ?? view.service);
  if (!best || !service) return NO_DEMOTIONS;
  const { environment } = service;
  const now = clock.now();
  const rejections = await store.shadow.rejections({ environment, cause: best.cause, since: now - REJECTION_MEMORY_MS, limit: MOST_REJECTIONS });
  return demotionsOf(rejections, { service, others: likeServices(inventory, environment), now });
}

/** GET /v1/incidents/{id}/runbooks. */
export function addIncidentRunbookRoute(app: FastifyInstance, deps: ApiDeps): void {
  addRoute(app, {
    ...{ method: 'GET', access: 'viewer', tag: 'incidents', params: incidentPath },
    url: '/v1/incidents/:id/runbooks',
    operation: 'rankRunbooks',
    summary: 'Rank the runbooks for an incident, with reasons',
    description: 'With the runbooks and the configuration of now, for what the diagnosis recorded; nothing is proposed or done.',
    answer: { status: 200, description: 'The ranking.', schema: ranking },
    async handle({ params }) {
      const view = await existingIncident(deps, params.id);
      const found = await deps.store.evidence.ofRound(params.id, view.round);
      const allowed = deps.allowed ?? { commands: [], calls: [] };
      const demotions = await taught(deps, view);
      return rankForIncident(view, found?.bundle, { catalogue: await deps.runbooks.current(), inventory: deps.inventory, allowed, demotions });
    },
  });
}
