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

/** What every service has, in the order in which it is judged; resources come behind. */
const OWN = ['errorShare', 'up', 'latencyP95Ms', 'rate'] as const;
/** Digits of a value: what is judged is what is kept, so that it can be judged again to the same scores. */
const DIGITS = 6;

/** What is judged of a window, the same order each time, with six digits. Fewer requests than `minRequests` say nothing about error share and latency. */
export function measuresOf(stats: WindowStats, minRequests: number): readonly Measure[] {
  const enough = stats.requests >= minRequests;
  const own: Readonly<Record<(typeof OWN)[number], number | null>> = {
    errorShare: enough ? stats.errorShare : null,
    up: stats.upShare,
    latencyP95Ms: enough ? stats.latencyP95Ms : null,
    rate: stats.ratePerSecond,
  };
  const resources = Object.entries(stats.saturation).sort(([a], [b]) => (a < b ? -1 : 1));
  const all = [...OWN.map((name) => [name, own[name]] as const), ...resources.map(([resource, { max }]) => [`${SATURATION}${resource}`, max] as const)];
  return all.map(([name, value]) => ({ name, kind: kindOfMeasure(name), value: value === null ? null : Number(value.toPrecision(DIGITS)) }));
}

/** Compares names of measures by the order in which they are judged. */
export function byMeasure(a: string, b: string): number {
  const rank = (name: string): number => (OWN.some((own) => own === name) ? OWN.findIndex((own) => own === name) : OWN.length);
  return rank(a) - rank(b) || (a < b ? -1 : a > b ? 1 : 0);
}

/** The measures that a service may have, whatever was measured so far. */
export function measuresOfService({ metrics }: Pick<Service, 'metrics'>): readonly string[] {
  return [...OWN, ...(metrics?.saturation ?? []).map(({ name }) => `${SATURATION}${name}`)];
}

/** Kind of a measure by its name. */
export function kindOfMeasure(name: string): MeasureKind {
  if (name === 'errorShare' || name === 'up' || name === 'rate') return name;
  if (name === 'latencyP95Ms') return 'latency';
  return name.startsWith(SATURATION) ? 'saturation' : 'other';
}
