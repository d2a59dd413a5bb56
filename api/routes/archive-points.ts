import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { dayPage } from '../../domain/archive-export/day-page';
import { isDate, KINDS } from '../../domain/archive-export/series';
import { defined } from '../../domain/defined';
import { name } from '../../domain/outside-schemas';
import { cleanText } from '../../domain/outside-text';
import { labelCleaner } from '../../domain/sources/labels';
import type { MetricPoint } from '../../domain/telemetry';
import { fromStore } from '../guard';
import { addRoute } from '../route';
import type { ApiDeps } from '../types';

/** The end of the year 9999, epoch milliseconds. */
const LAST = Date.UTC(10_000, 0, 1) - 1;
const MOST_SERIES = 1_000;
const LONGEST = 200;

const text = z.string().trim().min(1).max(1_000);
const count = z.number().nonnegative();
const point = z.object({
  at: z.int().min(0).max(LAST).meta({ description: 'Epoch milliseconds.' }),
  value: z.number().meta({ description: 'The value; of a histogram the sum.' }),
  histogram: z.object({ count, le: z.array(z.number().nullable()).max(1_000), counts: z.array(count).max(1_000) }).optional(),
});
const series = z.object({
  ...{ source: name('Who told of it first.'), environment: name('Environment.'), service: name('Service.') },
  ...{ metric: text, kind: z.enum(KINDS), unit: text.optional(), labels: z.record(z.string(), z.string()) },
});
const seriesDay = z.object({ series, points: z.array(point) });
const refusals = { cardinality: z.int(), 'too-old': z.int(), ahead: z.int() };
const kept = z.object({ added: z.int(), duplicates: z.int(), corrected: z.int(), refused: z.object(refusals) });
type Told = z.output<typeof seriesDay>;

/** GET and POST /v1/archive/points: the points of a day as they are kept, and back. */
export function addArchivePointRoutes(app: FastifyInstance, { store, settings, clock }: ApiDeps): void {
  addRoute(app, {
    method: 'GET',
    url: '/v1/archive/points',
    operation: 'exportPoints',
    access: 'viewer',
    tag: 'data',
    summary: 'What the series measured on one day',
    query: z.object({
      date: z
        .string()
        .refine(isDate, { error: 'must be a day such as 2026-03-01' })
        .meta({ description: 'A day in UTC.', format: 'date', examples: ['2026-03-01'] }),
      after: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).default(0).meta({ description: '`next` of the page before.' }),
    }),
    answer: {
      status: 200,
      description: 'Series that have points on that day, with all of these; without `next` there are no more.',
      schema: z.object({ series: z.array(seriesDay), next: z.int().optional() }),
    },
    handle: ({ query: { date, after } }) => fromStore(() => dayPage(store.archive.points, date, after), settings.doorTimeoutMs),
  });
  addRoute(app, {
    method: 'POST',
    url: '/v1/archive/points',
    operation: 'importPoints',
    access: 'admin',
    tag: 'data',
    summary: 'Put exported points into the archive again',
    description:
      'Points that are there already change nothing. Those that are older than what is kept are refused and counted, as are those of too many series.',
    body: z.object({ series: z.array(seriesDay).min(1).max(MOST_SERIES) }),
    answer: { status: 200, description: 'Committed.', schema: kept },
    async handle({ body }) {
      const clean = labelCleaner();
      const points = body.series.flatMap((each) => pointsOf(each, clean));
      const { points: taken } = await fromStore(() => store.archive.writer.keep({ points }, clock.now()), settings.doorTimeoutMs);
      const { added, duplicates, corrected, refused } = taken;
      return { added, duplicates, corrected, refused };
    },
  });
}

function pointsOf({ series: told, points }: Told, clean: ReturnType<typeof labelCleaner>): readonly MetricPoint[] {
  const { metric, unit, labels, ...names } = told;
  const cleaned = {
    metric: cleanText(metric, LONGEST),
    labels: clean(Object.entries(labels)),
    unit: unit === undefined ? undefined : cleanText(unit, LONGEST),
  };
  const shared = defined({ ...names, ...cleaned });
  return points.map(({ at, value, histogram }) => ({ ...shared, at: new Date(at).toISOString(), value, ...(histogram && { histogram }) }));
}
