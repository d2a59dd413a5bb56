import type { MeasureKind } from '../anomaly/kinds';
import type { Service } from '../inventory';
import type { WindowStats } from '../metrics';

/** One number of a service in one window. `name` is its signal: `errorShare`, `up`, `latencyP95Ms`, `rate`, or `saturation:` and a resource. */
export interface Measure {
  readonly name: string;
  readonly kind: MeasureKind;
  /** Null where there was nothing to measure. Shares are 0 to 1, latency milliseconds, rate requests per second. */
  readonly value: number | null;
}

/** Before the name of a resource, in the name of its measure. */
export const SATURATION = 'saturation:';

/** What is judged of a window, the same order each time. Fewer requests than `minRequests` say nothing about error share and latency. */
export function measuresOf(stats: WindowStats, minRequests: number): readonly Measure[] {
  const enough = stats.requests >= minRequests;
  const resources = Object.entries(stats.saturation).sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    { name: 'errorShare', kind: 'errorShare', value: enough ? stats.errorShare : null },
    { name: 'up', kind: 'up', value: stats.upShare },
    { name: 'latencyP95Ms', kind: 'latency', value: enough ? stats.latencyP95Ms : null },
    { name: 'rate', kind: 'rate', value: stats.ratePerSecond },
    ...resources.map(([resource, { max }]): Measure => ({ name: `${SATURATION}${resource}`, kind: 'saturation', value: max })),
  ];
}

/** The measures that a service may have, whatever was measured so far. */
export function measuresOfService({ metrics }: Pick<Service, 'metrics'>): readonly string[] {
  return ['errorShare', 'up', 'latencyP95Ms', 'rate', ...(metrics?.saturation ?? []).map(({ name }) => `${SATURATION}${name}`)];
}

/** Kind of a measure by its name. */
export function kindOfMeasure(name: string): MeasureKind {
  if (name === 'errorShare' || name === 'up' || name === 'rate') return name;
  if (name === 'latencyP95Ms') return 'latency';
  return name.startsWith(SATURATION) ? 'saturation' : 'other';
}
