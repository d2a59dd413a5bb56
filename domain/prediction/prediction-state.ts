import { z } from 'zod';
import { defined } from '../defined';
import { SEVERITIES, TIERS } from '../names';
import type { PredictedSeries } from './prediction-alert';
import type { PredictionState } from './prediction-watch';

/** Name under which the predictions are saved. */
export const PREDICTIONS_STATE = 'predictions';

const spans = z.array(z.object({ from: z.number(), to: z.number() })).max(100);
const state = z.object({
  breach: z.object({ seen: spans, told: spans }),
  toldAt: z.number().nullable(),
  brokenAt: z.number().nullable(),
  gone: z.int().min(0),
  here: z.int().min(0),
});
const series = z.object({
  ...{ environment: z.string(), service: z.string(), tier: z.enum(TIERS), signal: z.string(), what: z.string() },
  limit: z.object({ side: z.enum(['above', 'below']), value: z.number() }),
  fills: z.boolean(),
  severity: z.enum(SEVERITIES).optional(),
});
const saved = z.record(z.string(), z.object({ series, state }));

/** What is remembered of one series, with enough of the series to tell the end of what stands when it is declared no longer. */
export interface KeptPrediction {
  readonly series: PredictedSeries;
  readonly state: PredictionState;
}

/** Reads back predictions by key as they were saved; none for anything else. */
export function readPredictions(value: unknown): ReadonlyMap<string, KeptPrediction> {
  const parsed = saved.safeParse(value);
  if (!parsed.success) return new Map();
  return new Map(Object.entries(parsed.data).map(([key, kept]) => [key, { series: defined(kept.series), state: kept.state }]));
}
