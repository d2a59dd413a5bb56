import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { cursorOf, cursorText, measurePage } from '../../domain/archive-export/measure-day';
import { isDate } from '../../domain/archive-export/series';
import { fromStore } from '../guard';
import { addRoute } from '../route';
import type { ApiDeps } from '../types';

const values = z.array(z.number());
const measure = z.object({
  ...{ environment: z.string(), service: z.string(), measure: z.string() },
  rowMs: z.int().meta({ description: 'Length of a row, milliseconds.' }),
  before: values.meta({ description: 'The `width - 1` values before the day, or as many as there are.' }),
  values: values.meta({ description: 'The values of the day, oldest first; rows in which nothing was measured are left out.' }),
});

/** GET /v1/archive/measures: what the measures of services were on a day, as they were judged. */
export function addArchiveMeasureRoute(app: FastifyInstance, { store, settings }: ApiDeps): void {
  addRoute(app, {
    method: 'GET',
    url: '/v1/archive/measures',
    operation: 'exportMeasures',
    access: 'viewer',
    tag: 'data',
    summary: 'What the measures of services were on one day, as they were judged',
    query: z.object({
      date: z
        .string()
        .refine(isDate, { error: 'must be a day such as 2026-03-01' })
        .meta({
          description: 'A day in UTC; a row belongs to the day in which it ends, at midnight to the one before.',
          format: 'date',
          examples: ['2026-03-01'],
        }),
      width: z.coerce.number().int().min(1).max(1000).default(8).meta({ description: 'Values of a row for training.' }),
      after: z
        .string()
        .max(1000)
        .refine((text) => cursorOf(text) !== undefined, { error: 'must be `next` of the page before' })
        .optional()
        .meta({ description: '`next` of the page before.' }),
    }),
    answer: {
      status: 200,
      description: 'Measures of services that have rows on that day; without `next` there are no more.',
      schema: z.object({ measures: z.array(measure), next: z.string().optional() }),
    },
    async handle({ query: { date, width, after } }) {
      const from = after === undefined ? undefined : cursorOf(after);
      const { measures, next } = await fromStore(() => measurePage(store.measures, date, from, width), settings.doorTimeoutMs);
      return { measures, ...(next && { next: cursorText(next) }) };
    },
  });
}
