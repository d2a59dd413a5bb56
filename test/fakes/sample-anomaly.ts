import type { Anomaly } from '../../domain/anomaly/explain';
import type { AnomalyPoint, AnomalyRecord, AnomalySeries } from '../../domain/detection/anomaly-record';
import { anomalyRecord } from '../../domain/detection/anomaly-record';

/** When the sample is, epoch milliseconds. */
export const ANOMALY_AT = Date.parse('2026-03-01T09:30:00.000Z');
const STEP = 60_000;

/** Errors of a shop that rose for ten minutes; parts can be replaced. */
export function sampleAnomaly(over: Partial<Anomaly> = {}): Anomaly {
  return {
    ...{ at: ANOMALY_AT, value: 0.25, score: 0.8, threshold: 0.2, kind: 'errorShare', sign: 'band' },
    shares: { value: 0.2, season: 0.1, spread: 0.1, level: 0, band: 0.6 },
    ...{ band: { low: 0, expected: 0.01, high: 0.03 }, direction: 'above', since: ANOMALY_AT - 10 * STEP, rarity: { days: 21, never: true } },
    ...{ learning: false, alerting: true },
    ...over,
  };
}

/** So many values before it, a minute apart, the newest at the anomaly. */
export function samplePoints(count: number, at = ANOMALY_AT): AnomalyPoint[] {
  return Array.from({ length: count }, (_, i) => {
    const ago = count - 1 - i;
    return { at: at - ago * STEP, value: ago < 10 ? 0.25 : 0.01 + 0.0012345678 * (i % 7), low: 0, expected: 0.0123456789, high: 0.0312345678 };
  });
}

/** The record of it. */
export function sampleRecord(series: Partial<AnomalySeries> = {}, over: Partial<Anomaly> = {}, points = samplePoints(200, over.at)): AnomalyRecord {
  const place = { environment: 'prod', service: 'bookshop', measure: 'errorShare', label: 'error share' };
  return anomalyRecord({ ...place, ...series }, sampleAnomaly(over), points);
}
