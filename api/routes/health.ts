import type { FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';
import { z } from 'zod';
import { errorMessage, NightshiftError, type Problem } from '../../domain/errors';
import { inTime } from '../guard';
import { countOpen } from '../metrics';
import { addRoute } from '../route';
import type { ApiDeps } from '../types';

const part = z.enum(['ok', 'unreachable']);

/** What answers for a process: each part that it needs, by name, and its numbers. */
export interface Probes {
  readonly parts: Readonly<Record<string, () => Promise<void>>>;
  readonly metrics: Registry;
  readonly timeoutMs: number;
}

/** GET /healthz, /readyz, /metrics and /v1/status. */
export function addHealthRoutes(app: FastifyInstance, deps: ApiDeps): void {
  const probes = { parts: partsOf(deps), metrics: deps.metrics, timeoutMs: deps.settings.doorTimeoutMs };
  addProbeRoutes(app, probes);
  addStatusRoute(app, deps);
}

/** GET /healthz, /readyz and /metrics, for anyone. */
export function addProbeRoutes(app: FastifyInstance, probes: Probes): void {
  const shared = { method: 'GET', access: 'public', tag: 'health' } as const;
  const names = Object.keys(probes.parts);
  addRoute(app, {
    ...shared,
    url: '/healthz',
    operation: 'getHealth',
    summary: 'Does the process live?',
    answer: { status: 200, description: 'It does.', schema: z.object({ status: z.literal('ok') }) },
    handle: () => Promise.resolve({ status: 'ok' }),
  });
  addRoute(app, {
    ...shared,
    url: '/readyz',
    operation: 'getReadiness',
    summary: `Do ${names.join(' and ')} answer?`,
    answer: { status: 200, description: 'All do; else 503.', schema: z.object(Object.fromEntries(names.map((name) => [name, part]))) },
    problems: ['unreachable'],
    async handle() {
      const problems = await unreachableParts(app, probes);
      if (problems.length > 0) throw new NightshiftError('unreachable', `No answer from: ${problems.map((p) => p.path).join(', ')}.`, problems);
      return Object.fromEntries(names.map((name) => [name, 'ok']));
    },
  });
  addRoute(app, {
    ...shared,
    url: '/metrics',
    operation: 'getMetrics',
    summary: 'Numbers for Prometheus',
    answer: { status: 200, description: 'Text of version 0.0.4.', mediaType: 'text/plain', schema: z.string() },
    async handle({ reply }) {
      const text = await probes.metrics.metrics();
      void reply.header('content-type', probes.metrics.contentType).serializer(String);
      return text;
    },
  });
}

function partsOf({ store, temporal }: Pick<ApiDeps, 'store' | 'temporal'>): Probes['parts'] {
  return { store: () => store.ping(), temporal: () => temporal.check() };
}

function addStatusRoute(app: FastifyInstance, deps: ApiDeps): void {
  const { store, settings, clock } = deps;
  addRoute(app, {
    method: 'GET',
    url: '/v1/status',
    operation: 'getStatus',
    access: 'viewer',
    tag: 'health',
    summary: 'The system at a glance',
    answer: {
      status: 200,
      description: 'State of the parts and of the backlog.',
      schema: z.object({
        version: z.string(),
        store: part,
        temporal: part,
        backlog: z.object({ count: z.number().int(), oldestMs: z.number() }),
        openIncidents: z.number().int(),
        temporalUi: z.string().optional(),
        temporalAddress: z.string().optional(),
        idleActionsPerDay: z.number(),
      }),
    },
    async handle() {
      const [problems, backlog, open] = await Promise.all([
        unreachableParts(app, { parts: partsOf(deps), timeoutMs: settings.doorTimeoutMs }),
        store.inbox.backlog(clock.now()),
        countOpen(store.incidents),
      ]);
      const state = (name: string): string => (problems.some((p) => p.path === name) ? 'unreachable' : 'ok');
      return {
        version: settings.version,
        store: state('store'),
        temporal: state('temporal'),
        backlog,
        openIncidents: [...open.values()].reduce((sum, count) => sum + count, 0),
        ...(settings.temporalUi !== undefined && { temporalUi: settings.temporalUi }),
        ...(settings.temporalAddress !== undefined && { temporalAddress: settings.temporalAddress }),
        idleActionsPerDay: settings.idleActionsPerDay,
      };
    },
  });
}

async function unreachableParts(app: FastifyInstance, { parts, timeoutMs }: Pick<Probes, 'parts' | 'timeoutMs'>): Promise<Problem[]> {
  const problems = await Promise.all(
    Object.entries(parts).map(async ([path, ask]): Promise<Problem[]> => {
      try {
        await inTime(ask, timeoutMs);
        return [];
      } catch (error) {
        // The reason may name hosts, and anyone may ask.
        app.log.warn({ part: path, error: errorMessage(error) }, 'a part does not answer');
        return [{ path, message: 'does not answer' }];
      }
    }),
  );
  return problems.flat();
}
