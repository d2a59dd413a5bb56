import type { LeadForecast } from '../../../domain/forecast/forecast';
import type { PredictedSeries } from '../../../domain/prediction/prediction-alert';
import type { PredictionLook } from '../../../domain/prediction/prediction-watch';

export const START = Date.parse('2026-03-01T12:00:00Z');
export const HOUR = 3_600_000;

/** A resource that fills up. */
export const HANDLES: PredictedSeries = {
  ...{ environment: 'prod', service: 'bookshop', tier: 'critical', signal: 'saturation:order-handles', what: 'order handles' },
  ...{ limit: { side: 'above', value: 0.99 }, fills: true },
};

/** A look at hourly values to come, each with an 80 % interval of 0.05 on either side. */
export function lookAt(values: readonly number[], hour = 0, value: number | null = 0.6): PredictionLook {
  const forecast = values.map((expected, i): LeadForecast => {
    const interval = { nominal: 0.8, low: expected - 0.05, high: expected + 0.05 };
    return { at: START + (hour + i) * HOUR, value: expected, intervals: [interval] };
  });
  const record = {
    method: 'mean',
    mase: 0.6,
    coverage: { '0.8': 0.8 },
    why: 'In 80 trials on its past mean erred 60 % of what repeating the last value did.',
  } as const;
  return { now: START + hour * HOUR, value, forecast, horizonMs: 24 * HOUR, record };
}
