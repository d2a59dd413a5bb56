import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { correlationProblems, resolveCorrelation } from '../../config/resolve-correlation';
import { correlationSchema } from '../../config/schema-correlation';
import { invalidInput } from '../../domain/batch';
import { declaredCalls, type CallMap } from '../../domain/correlate/call-map';
import { PreviewRun, type PastAlert, type PastIncident } from '../../domain/correlate/preview';
import { CORRELATE_DEFAULTS } from '../../domain/correlate/types';
import { memberOfAlert } from '../../domain/correlate/world';
import { durationField } from '../../domain/duration-field';
import { errorMessage, NightshiftError } from '../../domain/errors';
import { firstIndex } from '../../domain/first-index';
import { parseWorkflowId } from '../../domain/identity';
import { conditionKey } from '../../domain/quiet/condition';
import type { Episode } from '../../ports/correlation';
import type { KeptAlert } from '../../ports/store';
import { callerOf } from '../auth';
import { existingIncident } from '../existing';
import { time } from '../incident-schema';
import { addRoute } from '../route';
import { incidentPath, reply } from '../schemas';
import type { ApiDeps } from '../types';

const DAY_MS = 86_400_000;
const PAGE = 1000;
/** What one preview reads; the rest is said to be left out. */
const MOST = { days: 90, alerts: 50_000, incidents: 20_000 };

const previewBody = z
  .strictObject({
    since: durationField({ min: 1000, max: MOST.days * DAY_MS }).default(30 * DAY_MS),
    correlation: correlationSchema.optional().meta({ description: 'The section `correlation` of a configuration; what runs now when absent.' }),
  })
  .meta({ id: 'CorrelationPreviewRequest', title: 'CorrelationPreviewRequest' });

const preview = z
  .looseObject({
    from: time,
    alerts: z.number().int(),
    incidentsThen: z.number().int(),
    incidentsNow: z.number().int(),
    pagesFewer: z.number().int().meta({ description: 'Each incident pages when it opens.' }),
    changed: z.number().int().meta({ description: 'Conditions that would have gone to the incident of another service than they did.' }),
    complete: z
      .boolean()
      .meta({ description: `False where there were more than one preview reads: ${String(MOST.alerts)} alerts and ${String(MOST.incidents)} incidents.` }),
    until: time.meta({ description: 'The preview is of alerts up to this time.' }),
    merges: z.array(
      z.looseObject({
        environment: z.string(),
        service: z.string(),
        at: time,
        incidents: z.array(z.string()),
        joined: z.array(z.looseObject({ service: z.string(), alert: z.string(), at: time, reason: z.string() })),
      }),
    ),
    related: z.array(z.looseObject({ environment: z.string(), service: z.string(), other: z.string(), at: time, reason: z.string() })),
  })
  .meta({ id: 'CorrelationPreview', title: 'CorrelationPreview' });

/** POST /v1/correlation/preview, and POST /v1/incidents/{id}/split. */
export function addCorrelationRoutes(app: FastifyInstance, deps: ApiDeps): void {
  const alone = oneAtATime();
  addRoute(app, {
    method: 'POST',
    url: '/v1/correlation/preview',
    operation: 'previewCorrelation',
    access: 'responder',
    tag: 'incidents',
    summary: 'Show what rules of correlation would have made of the alerts that were taken in',
    description: `Changes nothing. It reads at most ${String(MOST.alerts)} alerts of at most ${String(MOST.days)} days, the oldest first, and one preview runs at a time.`,
    body: previewBody,
    answer: { status: 200, description: 'Incidents then and now.', schema: preview },
    problems: ['rate_limited'],
    handle: ({ body }) => alone(() => previewOf(deps, body)),
  });
  addRoute(app, {
    method: 'POST',
    url: '/v1/incidents/:id/split',
    operation: 'splitIncident',
    access: 'responder',
    tag: 'answers',
    summary: 'Keep further alerts of a service out of the incident',
    description:
      'Alerts of the service that begin from now on open an incident of their own while this one is open; what it holds stays with it until it ends.',
    params: incidentPath,
    body: z.strictObject({ service: z.string().min(1).max(64) }).meta({ examples: [{ service: 'payments' }] }),
    answer: { status: 200, description: 'The service is split off.', schema: reply },
    problems: ['conflict'],
    handle: ({ params, body, request }) => split(deps, params.id, body.service, callerOf(request).name),
  });
}

async function split({ store, incidents, clock }: ApiDeps, id: string, service: string, person: string): Promise<{ result: string; message: string }> {
  const view = await existingIncident({ store }, id);
  if (view.status === 'resolved') throw new NightshiftError('conflict', `${id} is closed; there is nothing to split off.`);
  if (service === view.service)
    throw new NightshiftError('invalid_input', `${service} is the service of ${id} itself. Name one whose alerts joined it: ${joinedNames(view.joined)}.`);
  if (!view.joined?.some((each) => each.service === service))
    throw new NightshiftError('invalid_input', `No alert of ${service} has joined ${id}. Services that have: ${joinedNames(view.joined)}.`);
  await store.correlation.split(id, service, person, clock.now());
  const note = `${service} was split off: its next alerts open an incident of their own. What is here of it stays until it ends.`;
  // It holds from here on, whatever becomes of the note.
  const untold = await incidents.command(view.workflowId, { kind: 'note', person, note, incidentId: id }, `split/${id}/${service}`).then(
    () => undefined,
    (error: unknown) => errorMessage(error),
  );
  if (untold === undefined) return { result: 'split', message: note };
  return { result: 'split', message: `${note} Only the timeline does not tell it yet (${untold}); ask again for that.` };
}

/** Runs one at a time, and refuses others meanwhile: each reads much, and the store has other work. */
function oneAtATime(): <T>(work: () => Promise<T>) => Promise<T> {
  let busy = false;
  return async (work) => {
    if (busy) throw new NightshiftError('rate_limited', 'A preview is under way; try again when it is done.');
    busy = true;
    try {
      return await work();
    } finally {
      busy = false;
    }
  };
}

function joinedNames(joined: readonly { readonly service: string }[] = []): string {
  return joined.length === 0 ? 'none' : joined.map(({ service }) => service).join(', ');
}

async function previewOf(deps: ApiDeps, { since, correlation }: z.output<typeof previewBody>): Promise<object> {
  // A preview is of correlation turned on, whether or not it is.
  const settings = { ...(correlation === undefined ? (deps.correlation ?? CORRELATE_DEFAULTS) : resolveCorrelation(correlation)), enabled: true };
  const problems = correlationProblems(settings, deps.inventory.services);
  if (problems.length > 0) throw invalidInput(problems);
  const from = deps.clock.now() - since;
  const episodes = await deps.store.correlation.episodes(from, MOST.incidents);
  const past = episodesByService(episodes);
  const run = new PreviewRun(settings, await mapsOf(deps));
  let read = 0;
  let after = 0;
  let until = deps.clock.now();
  for (;;) {
    const page = await deps.store.inbox.kept({ since: from, after, limit: PAGE });
    for (const kept of page) {
      const alert = pastAlert(kept, past);
      if (alert) run.take(alert);
    }
    read += page.length;
    after = page.at(-1)?.position ?? after;
    if (page.length < PAGE) break;
    if (read < MOST.alerts) continue;
    until = page.at(-1)?.receivedAt ?? until;
    break;
  }
  const { merges, related, ...counts } = run.result();
  const iso = <T extends { readonly at: number }>(each: T): Omit<T, 'at'> & { at: string } => ({ ...each, at: new Date(each.at).toISOString() });
  return {
    from: new Date(from).toISOString(),
    ...counts,
    pagesFewer: counts.incidentsThen - counts.incidentsNow,
    complete: read < MOST.alerts && episodes.length < MOST.incidents,
    until: new Date(until).toISOString(),
    merges: merges.map((merge) => ({ ...iso(merge), joined: merge.joined.map(iso) })),
    related: related.map(iso),
  };
}

async function mapsOf({ inventory, callMaps }: ApiDeps): Promise<ReadonlyMap<string, CallMap>> {
  const environments = [...new Set(inventory.services.map(({ environment }) => environment))];
  const of = async (environment: string): Promise<CallMap> => (callMaps ? callMaps.of(environment) : declaredCalls(inventory, environment));
  return new Map(await Promise.all(environments.map(async (environment) => [environment, await of(environment)] as const)));
}

function episodesByService(episodes: readonly Episode[]): ReadonlyMap<string, readonly Episode[]> {
  const found = new Map<string, Episode[]>();
  for (const episode of episodes) {
    const key = JSON.stringify([episode.environment, episode.service]);
    const own = found.get(key);
    if (own) own.push(episode);
    else found.set(key, [episode]);
  }
  return found;
}

/** Undefined for what went to no incident of a known service: it was held back, waits, or is of an unknown one. */
function pastAlert({ alert, receivedAt, workflowId }: KeptAlert, episodes: ReadonlyMap<string, readonly Episode[]>): PastAlert | undefined {
  const name = workflowId === undefined ? undefined : parseWorkflowId(workflowId);
  if (name?.kind !== 'incident') return undefined;
  const of = episodes.get(JSON.stringify([name.environment, name.service])) ?? [];
  const episode = of[firstIndex(of, ({ closedAt = Infinity }) => closedAt >= receivedAt)];
  if (!episode) return undefined;
  const incident: PastIncident = { incidentId: episode.incidentId, endedAt: episode.closedAt ?? Infinity };
  return { key: conditionKey(alert), environment: name.environment, member: memberOfAlert(alert, receivedAt), at: receivedAt, wentTo: name.service, incident };
}
