import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { NightshiftError } from '../../domain/errors';
import { ASIDE_MS, MOST_ASIDE, retry } from '../aside';
import { addAsideGauge } from '../aside-gauge';
import { callerOf } from '../auth';
import type { IntakeDeps } from '../intake-message';
import { knownSources } from '../known-sources';
import { addRoute } from '../route';
import { takenSchema } from '../taken-schema';

/** Messages that one call tries again. */
const MOST_AT_ONCE = 50;

const id = z.string().regex(/^aside-[0-9a-f]{32}$/, { error: 'must be an id of `nightshift ingest aside`' });
const entry = z.object({
  id,
  source: z.string(),
  receivedAt: z.string().meta({ description: 'ISO 8601.' }),
  why: z.string(),
  size: z.number().int().meta({ description: 'Bytes.' }),
  by: z.enum(['key', 'signature', 'pull']).meta({ description: 'How its sender was known; `pull` where it was fetched.' }),
});
const retried = z.discriminatedUnion('outcome', [
  z.object({ id, outcome: z.literal('taken'), taken: takenSchema }),
  z.object({ id, outcome: z.literal('unreadable'), why: z.string() }),
  z.object({ id, outcome: z.literal('gone') }),
]);

/** GET /v1/aside, POST /v1/replays and DELETE /v1/aside/{id}: messages that could not be read. What changes one is audited. */
export function addAsideRoutes(app: FastifyInstance, deps: IntakeDeps): void {
  const { setAside, audit } = deps.store;
  const sources = knownSources(deps.sources);
  const shared = { access: 'responder', tag: 'intake' } as const;
  const note = (person: string, summary: string, data: Readonly<Record<string, unknown>>): Promise<void> =>
    audit.append({ at: new Date(deps.clock.now()).toISOString(), actor: `person:${person}`, kind: 'intake', summary, data });
  addAsideGauge(deps);

  addRoute(app, {
    ...shared,
    method: 'GET',
    url: '/v1/aside',
    operation: 'listAside',
    summary: 'Messages that could not be read',
    description: 'Oldest first, without the messages themselves. Each stays for 30 days.',
    answer: { status: 200, description: 'All of them.', schema: z.object({ messages: z.array(entry) }) },
    async handle() {
      await setAside.forget(deps.clock.now() - ASIDE_MS);
      const messages = await setAside.list(MOST_ASIDE);
      return { messages: messages.map((each) => ({ ...each, receivedAt: new Date(each.receivedAt).toISOString() })) };
    },
  });
  addRoute(app, {
    ...shared,
    method: 'POST',
    url: '/v1/replays',
    operation: 'replayAside',
    summary: 'Try messages again that could not be read',
    description: 'What this version reads is taken in as if it came when it came first, and is set aside no more.',
    body: z.strictObject({ ids: z.array(id).min(1).max(MOST_AT_ONCE) }),
    answer: { status: 200, description: 'What became of each.', schema: z.object({ results: z.array(retried) }) },
    problems: ['overloaded'],
    async handle({ body, request }) {
      const results = [];
      for (const each of new Set(body.ids)) {
        const result = await retry(deps, sources, each, request.log);
        if (result.outcome === 'taken') await note(callerOf(request).name, `took in the message ${each}, which was set aside`, { id: each, ...result.taken });
        results.push(result);
      }
      return { results };
    },
  });
  addRoute(app, {
    ...shared,
    access: 'admin',
    method: 'DELETE',
    url: '/v1/aside/:id',
    operation: 'dropAside',
    summary: 'Drop a message that could not be read',
    params: z.object({ id }),
    answer: { status: 204, description: 'Dropped.' },
    async handle({ params, request }) {
      if (!(await setAside.drop(params.id))) throw new NightshiftError('not_found', `No message ${params.id} is set aside.`);
      await note(callerOf(request).name, `dropped the message ${params.id}, which was set aside`, { id: params.id });
    },
  });
}
