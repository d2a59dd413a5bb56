import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { NightshiftError } from '../../domain/errors';
import { windowsAt } from '../../domain/quiet/maintenance';
import { newSilence, silenceInput } from '../../domain/quiet/silence-intake';
import { SILENCE_ORIGINS, silenceScope, type Silence } from '../../domain/quiet/silence';
import { callerOf } from '../auth';
import { time } from '../incident-schema';
import { addRoute } from '../route';
import type { ApiDeps } from '../types';

const WEEK_MS = 7 * 86_400_000;

const silence = z
  .looseObject({
    id: z.string(),
    origin: z.enum(SILENCE_ORIGINS).meta({ description: 'Only those of a person can be ended here.' }),
    scope: z.string().meta({ description: 'What it is about, in one line.' }),
    owner: z.string(),
    reason: z.string(),
    startsAt: time,
    endsAt: time,
    from: z.string().optional().meta({ description: 'Where it was read from.' }),
  })
  .meta({ id: 'Silence', title: 'Silence' });

function shown(one: Silence): z.input<typeof silence> {
  const iso = { startsAt: new Date(one.startsAt).toISOString(), endsAt: new Date(one.endsAt).toISOString() };
  return { ...one, ...iso, scope: silenceScope(one) };
}

/** GET and POST of /v1/silences, DELETE of one, and GET of what is held back. */
export function addSilenceRoutes(app: FastifyInstance, deps: ApiDeps): void {
  const { silences } = deps.store;
  const shared = { tag: 'silences' } as const;
  const changed = (): void => deps.onAccepted([]);

  addRoute(app, {
    ...shared,
    method: 'GET',
    url: '/v1/silences',
    operation: 'listSilences',
    access: 'viewer',
    summary: 'List the silences that have not ended',
    description: 'Those of people, those that are read from other systems, and the maintenance windows that are in force.',
    answer: { status: 200, description: 'The next to end first.', schema: z.object({ silences: z.array(silence) }) },
    async handle() {
      const now = deps.clock.now();
      const all = [...(await silences.current(now)), ...windowsAt(deps.settings.maintenance ?? [], now)];
      return { silences: all.sort((a, b) => a.endsAt - b.endsAt).map(shown) };
    },
  });
  addRoute(app, {
    ...shared,
    method: 'POST',
    url: '/v1/silences',
    operation: 'addSilence',
    access: 'responder',
    summary: 'Silence some alerts until a time',
    description: 'They page nobody and nothing is done about them. What still fires when it ends is taken up then; what has ended is not.',
    body: silenceInput,
    answer: { status: 201, description: 'The silence.', schema: silence },
    async handle({ body, request }) {
      const now = deps.clock.now();
      const person = callerOf(request).name;
      const made = newSilence(body, { person, now, longestMs: deps.settings.longestSilenceMs ?? WEEK_MS, salt: randomUUID() });
      await silences.add(made, person, new Date(now).toISOString());
      changed();
      return shown(made);
    },
  });
  addRoute(app, {
    ...shared,
    method: 'DELETE',
    url: '/v1/silences/:id',
    operation: 'endSilence',
    access: 'responder',
    summary: 'End a silence now',
    params: z.object({ id: z.string().min(1).max(200) }),
    answer: { status: 204, description: 'Ended.' },
    problems: ['conflict'],
    async handle({ params, request }) {
      const done = await silences.end(params.id, callerOf(request).name, new Date(deps.clock.now()).toISOString());
      if (done === 'unknown') throw new NightshiftError('not_found', `There is no silence ${params.id} that lasts.`);
      if (done === 'imported') throw new NightshiftError('conflict', 'This silence was read from another system; end it there.');
      changed();
    },
  });
  addHeldRoute(app, deps);
}

const MOST = 1000;

function addHeldRoute(app: FastifyInstance, { store }: ApiDeps): void {
  const held = z.looseObject({
    id: z.string(),
    service: z.string(),
    environment: z.string(),
    name: z.string(),
    severity: z.string(),
    until: time,
    why: z.string(),
  });
  addRoute(app, {
    method: 'GET',
    url: '/v1/alerts/held',
    operation: 'listHeldAlerts',
    access: 'viewer',
    tag: 'silences',
    summary: 'List alerts that are held back on purpose, why and until when',
    query: z.object({ limit: z.coerce.number().int().min(1).max(MOST).default(100) }),
    answer: {
      status: 200,
      description: 'The next to be let go first; how many there are, what flaps, and how many alerts were folded so far, by why.',
      schema: z.object({
        held: z.array(held),
        count: z.number().int(),
        flapping: z.array(z.looseObject({ service: z.string(), environment: z.string(), name: z.string(), since: time, folded: z.number().int() })),
        folded: z.record(z.string(), z.number().int()),
      }),
    },
    async handle({ query }) {
      const [found, conditions, folded] = await Promise.all([store.quiet.held(query.limit), store.quiet.conditions(), store.quiet.folded()]);
      return {
        count: found.count,
        held: found.held.map(({ alert, receivedAt, until, why }) => ({
          ...{ id: alert.id, service: alert.service, environment: alert.environment, name: alert.name, severity: alert.severity, why },
          ...{ receivedAt: new Date(receivedAt).toISOString(), until: new Date(until).toISOString() },
        })),
        flapping: conditions.flatMap(({ service, environment, name, flapping }) =>
          flapping ? [{ service, environment, name, since: new Date(flapping.since).toISOString(), folded: flapping.folded }] : [],
        ),
        folded,
      };
    },
  });
}
