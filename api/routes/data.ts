import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { QUALITY_RULES } from '../../domain/quality/mark';
import { marksOf, QUALITY_STATE, readReport } from '../../domain/quality/report';
import type { SeriesDefinition } from '../../domain/series/definition';
import { progressName, readProgress } from '../../domain/series/progress';
import { addRoute } from '../route';
import type { ApiDeps } from '../types';

const name = z.string().min(1).max(63).optional();
const mark = z.object({
  rule: z.enum(QUALITY_RULES),
  severity: z.enum(['warning', 'error']),
  environment: z.string(),
  service: z.string(),
  metric: z.string().optional(),
  labels: z.record(z.string(), z.string()).optional(),
  since: z.string(),
  detail: z.string(),
});
const count = z.int().min(0);
const state = z.object({
  name: z.string(),
  measure: z.string(),
  madeTo: z.string().nullable(),
  open: count,
  windows: count,
  remade: count,
  late: count,
  overKeys: count,
  unfit: count,
  refused: count,
});

/** GET /v1/data/quality and /v1/data/series. */
export function addDataRoutes(app: FastifyInstance, deps: ApiDeps): void {
  const shared = { method: 'GET', access: 'viewer', tag: 'data' } as const;
  addRoute(app, {
    ...shared,
    url: '/v1/data/quality',
    operation: 'getDataQuality',
    summary: 'What is wrong with the data that was taken in',
    description: 'Marks of series with gaps, stuck values, wrong clocks, changed units, or too many series. Errors first, then the newest.',
    query: z.object({ service: name, environment: name, rule: z.enum(QUALITY_RULES).optional() }),
    answer: {
      status: 200,
      description: 'Marks; when they were looked for last (null: not yet), over how many series, and how many marks are not kept as there are too many.',
      schema: z.object({ checkedAt: z.string().nullable(), series: count, marks: z.array(mark), more: count }),
    },
    handle: ({ query }) => quality(deps, query),
  });
  addRoute(app, {
    ...shared,
    url: '/v1/data/series',
    operation: 'listDeclaredSeries',
    summary: 'How far the declared series are measured, and what came late or was left aside',
    answer: {
      status: 200,
      description: 'Each declared series. Its buckets are points of the metric of its name.',
      schema: z.object({ series: z.array(state) }),
    },
    handle: async () => ({ series: await Promise.all((deps.series ?? []).map((each) => stateOf(deps, each))) }),
  });
}

interface QualityQuery {
  readonly service?: string | undefined;
  readonly environment?: string | undefined;
  readonly rule?: string | undefined;
}

async function quality({ store }: ApiDeps, { rule, ...place }: QualityQuery) {
  const report = readReport(await store.state.load(QUALITY_STATE));
  const marks = marksOf(report, place)
    .filter((each) => (rule ?? each.rule) === each.rule)
    .map(({ series, since, ...each }) => ({ ...each, ...series, since: new Date(since).toISOString() }));
  return { checkedAt: report ? new Date(report.checkedAt).toISOString() : null, series: report?.series ?? 0, marks, more: report?.more ?? 0 };
}

async function stateOf({ store, clock }: ApiDeps, definition: SeriesDefinition) {
  const saved = await store.state.load(progressName(definition.name));
  const { madeTo, open, counts } = readProgress(definition, saved, clock.now());
  const begun = counts.windows > 0;
  return { name: definition.name, measure: definition.measure, madeTo: begun ? new Date(madeTo).toISOString() : null, open: open.length, ...counts };
}
