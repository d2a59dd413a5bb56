import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { MAX_BATCH } from '../../domain/batch';
import { BUILD_RESULTS } from '../../domain/build';
import { buildInput, readBuilds } from '../../domain/build-intake';
import { BUILD_VERDICTS, UNSCORED, worstVerdict } from '../../domain/build-verdict';
import { defined } from '../../domain/defined';
import { durationField } from '../../domain/duration-field';
import { LONGEST_WAIT_MS, preferredWait, verdictsWithin } from '../build-wait';
import { readCursor, writeCursor } from '../build-cursor';
import { fromStore } from '../guard';
import type { IntakeDeps } from '../intake-message';
import { contextOf } from '../intake-message';
import { addRoute } from '../route';
import { build, wordList } from '../schemas';
import { rangeOf, timeRange } from '../time-range';

const verdict = { verdict: z.enum(BUILD_VERDICTS), reason: z.string() };
const taken = {
  accepted: z.number().int(),
  duplicates: z.number().int().meta({ description: 'Those that were there already and brought nothing new.' }),
  ids: z.array(z.string()),
};

const filter = z.object({
  service: z.string().min(1).max(64).optional(),
  environment: z.string().min(1).max(64).optional(),
  name: z.string().min(1).max(200).optional().meta({ description: 'Name of the pipeline.' }),
  result: wordList(BUILD_RESULTS).optional(),
  ...timeRange,
  cursor: z.string().min(1).max(1000).optional().meta({ description: '`next` of the page before.' }),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});

/** POST and GET /v1/builds: finished builds in our own JSON, and those that are kept. */
export function addBuildRoutes(app: FastifyInstance, deps: IntakeDeps): void {
  addSending(app, deps);
  addRoute(app, {
    method: 'GET',
    url: '/v1/builds',
    operation: 'listBuilds',
    access: 'viewer',
    tag: 'builds',
    summary: 'List finished builds, newest first',
    query: filter,
    answer: { status: 200, description: 'One page.', schema: z.object({ builds: z.array(build), next: z.string().optional() }) },
    async handle({ query: { limit, cursor, result: results, since, until, ...place } }) {
      const after = cursor === undefined ? undefined : readCursor(cursor);
      const range = rangeOf({ since, until }, deps.clock.now());
      const asked = defined({ ...place, results, after, ...range, limit: limit + 1 });
      const found = await fromStore(() => deps.store.archive.builds.list(asked), deps.settings.doorTimeoutMs);
      const builds = found.slice(0, limit);
      const last = builds.at(-1);
      return { builds, ...(found.length > limit && last && { next: writeCursor(last) }) };
    },
  });
}

function addSending(app: FastifyInstance, deps: IntakeDeps): void {
  addRoute(app, {
    method: 'POST',
    url: '/v1/builds',
    operation: 'sendBuilds',
    access: 'responder',
    tag: 'builds',
    summary: 'Take in one finished build or a batch',
    description:
      'All are committed or none. The same id is the same build: told again it adds what was missing. With `wait` (or `Prefer: wait=10`, in seconds) the answer has the verdict, `unknown` when there is none by then.',
    query: z.object({
      wait: durationField({ max: LONGEST_WAIT_MS })
        .optional()
        .meta({ description: 'How long to wait for the verdict, at most 60s.', examples: ['10s'] }),
    }),
    headers: z.object({
      prefer: z
        .string()
        .optional()
        .meta({ description: 'By RFC 7240.', examples: ['wait=10'] }),
    }),
    describedBody: z.union([buildInput, z.object({ builds: z.array(buildInput).min(1).max(MAX_BATCH) })]),
    answer: { status: 202, description: 'Committed.', schema: z.object(taken) },
    otherAnswer: {
      status: 200,
      description: 'Committed, with the verdicts: that of each build, and the worst of them.',
      schema: z.object({ ...taken, ...verdict, builds: z.array(z.object({ id: z.string(), ...verdict })) }),
      is: (call) => waitOf(call) !== undefined,
    },
    async handle({ query, request, reply }) {
      const receivedAt = deps.clock.now();
      const builds = readBuilds(request.body, contextOf(deps, receivedAt));
      const reading = { objects: builds.map((each) => ({ object: 'build' as const, ...each })), passedOver: [] };
      // The bytes only tell counted things apart, and a build has an id.
      const kept = await deps.keep(reading, new Uint8Array(), receivedAt);
      const answer = { accepted: builds.length, duplicates: kept.builds?.duplicates ?? 0, ids: builds.map(({ id }) => id) };
      const waitMs = waitOf({ query, request });
      if (waitMs === undefined) return answer;
      if (query.wait === undefined) void reply.header('preference-applied', `wait=${String(waitMs / 1000)}`);
      const verdicts = await verdictsWithin(deps, builds, waitMs);
      return { ...answer, ...worstVerdict(verdicts, UNSCORED), builds: verdicts };
    },
  });
}

/** How long the caller waits, in milliseconds; undefined where it does not. The query counts before the header. */
function waitOf({ query, request }: { readonly query: { readonly wait?: number | undefined }; readonly request: FastifyRequest }): number | undefined {
  return query.wait ?? preferredWait(request.headers['prefer']);
}
