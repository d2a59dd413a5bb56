import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { OPINIONS, type Opinion } from '../../domain/detection/anomaly-feedback';
import { anomaliesOf } from '../../domain/detection/anomaly-ids';
import { NightshiftError } from '../../domain/errors';
import { anomalyPath } from '../anomaly-schema';
import { callerOf } from '../auth';
import { existingIncident } from '../existing';
import { addRoute } from '../route';
import { incidentPath } from '../schemas';
import type { ApiDeps } from '../types';
import { existingAnomaly } from './anomalies';

const body = z
  .strictObject({ what: z.enum(OPINIONS) })
  .meta({ id: 'Opinion', title: 'Opinion', description: 'Whether it was worth being told.', examples: [{ what: 'noise' }] });

const recorded = z
  .object({
    what: z.enum(OPINIONS),
    recorded: z.array(z.string()).meta({ description: 'Anomalies that nobody had said it of.' }),
    known: z.array(z.string()).meta({ description: 'Anomalies of which it had been said; it counts once.' }),
  })
  .meta({ id: 'RecordedOpinion', title: 'RecordedOpinion' });

/** POST of feedback on an anomaly, and on all of an incident. */
export function addFeedbackRoutes(app: FastifyInstance, deps: ApiDeps): void {
  const shared = {
    method: 'POST',
    access: 'responder',
    tag: 'anomalies',
    body,
    answer: { status: 200, description: 'It is recorded; the threshold of the series follows soon.', schema: recorded },
  } as const;

  addRoute(app, {
    ...shared,
    url: '/v1/anomalies/:id/feedback',
    operation: 'rateAnomaly',
    summary: 'Say whether an anomaly was useful or noise',
    params: anomalyPath,
    async handle({ params, body: { what }, request }) {
      await existingAnomaly(deps, params.id);
      return tell(deps, request, { what, anomalies: [params.id] });
    },
  });
  addRoute(app, {
    ...shared,
    url: '/v1/incidents/:id/feedback',
    operation: 'rateIncident',
    summary: 'Say whether an incident was useful or noise: of every anomaly that it is about',
    params: incidentPath,
    problems: ['conflict'],
    async handle({ params: { id }, body: { what }, request }) {
      const anomalies = await keptOf(deps, anomaliesOf((await existingIncident(deps, id)).alerts));
      if (anomalies.length === 0)
        throw new NightshiftError('conflict', `${id} has no anomaly of our detector that is still kept, so there is no threshold that could learn from it.`);
      return tell(deps, request, { what, anomalies, incidentId: id });
    },
  });
}

async function keptOf({ store }: ApiDeps, ids: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(ids.map((id) => store.anomalies.get(id)));
  return found.flatMap((record) => record?.id ?? []);
}

async function tell(
  { store, clock }: ApiDeps,
  request: FastifyRequest,
  said: { readonly what: Opinion; readonly anomalies: readonly string[]; readonly incidentId?: string },
): Promise<z.input<typeof recorded>> {
  const fresh = await store.feedback.tell({ ...said, by: callerOf(request).name, at: new Date(clock.now()).toISOString() });
  return { what: said.what, recorded: [...fresh], known: said.anomalies.filter((id) => !fresh.includes(id)) };
}
