import { z } from 'zod';
import { SIGNS } from '../domain/anomaly/explain';
import { ANOMALY_KINDS } from '../domain/anomaly/kinds';
import type { AnomalyRecord } from '../domain/detection/anomaly-record';
import { anomalyText } from '../domain/detection/anomaly-record';
import { time } from './incident-schema';

const band = z.object({ low: z.number(), expected: z.number(), high: z.number() });

/** Id of an anomaly in a path. */
export const anomalyPath = z.object({
  id: z
    .string()
    .min(1)
    .max(64)
    .meta({ description: 'Id of the anomaly.', examples: ['ano-0123456789abcdef0123456789abcdef'] }),
});

/** An anomaly with the points of its picture. */
export const anomaly = z
  .looseObject({
    id: z.string(),
    series: z.string().meta({ description: 'Key of the series.', examples: ['production/bookshop/errorShare'] }),
    environment: z.string(),
    service: z.string(),
    measure: z.string().meta({ examples: ['errorShare'] }),
    label: z.string().meta({ description: 'The measure in words.' }),
    unit: z.string().optional(),
    at: time,
    since: time.meta({ format: 'date-time', description: 'First of the values outside the band that lead to it.' }),
    explanation: z.string().meta({ description: 'What was measured, what was expected, since when, why, and how rare; one sentence.' }),
    value: z.number(),
    score: z.number().meta({ description: '0 to 1; it had to reach `threshold`.' }),
    threshold: z.number(),
    kind: z.enum(ANOMALY_KINDS),
    sign: z.enum(SIGNS).meta({ description: 'What speaks for it most.' }),
    shares: z.record(z.enum(SIGNS), z.number()).meta({ description: 'Share of each sign in the score, together 1.' }),
    band: band.meta({ description: 'What was expected.' }),
    direction: z.enum(['above', 'below']),
    rarity: z.object({ days: z.number(), never: z.boolean() }).meta({ description: 'About once in so many days of the series; `never`: not once in so many.' }),
    learning: z.boolean().meta({ description: 'The series had less than two seasons of history.' }),
    note: z.string().optional().meta({ description: 'Whose score it is, where it is not, or should not be, our own.' }),
    alerting: z.boolean().meta({ description: 'It may open an incident; else it is evidence only.' }),
    points: z
      .array(z.object({ at: z.number(), value: z.number().nullable(), ...band.partial().shape }))
      .meta({ description: 'At most 120 values up to it; `at` in epoch milliseconds.' }),
  })
  .meta({ id: 'Anomaly', title: 'Anomaly' });

/** A record as the API shows it. */
export function shownAnomaly(record: AnomalyRecord): z.input<typeof anomaly> {
  const { anomaly: what, points, ...rest } = record;
  const { at, since, ...seen } = what;
  return { ...rest, ...seen, points: [...points], at: new Date(at).toISOString(), since: new Date(since).toISOString(), explanation: anomalyText(record) };
}
