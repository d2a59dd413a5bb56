import type { Band } from './band';

/** What a series measures; it says which way is bad, and how much matters. */
export const MEASURE_KINDS = ['errorShare', 'up', 'latency', 'rate', 'saturation', 'other'] as const;
export type MeasureKind = (typeof MEASURE_KINDS)[number];

/** What an anomaly is of: a measure, lines of a log, or a build. */
export const ANOMALY_KINDS = [...MEASURE_KINDS, 'log', 'build'] as const;
export type AnomalyKind = (typeof ANOMALY_KINDS)[number];

/** How far a value outside its band must be from the expected one to matter, and on which side. */
export interface EffectFloor {
  readonly bad: 'above' | 'below' | 'both';
  /** In the unit of the series. */
  readonly absolute: number;
  /** As a share of the expected value. */
  readonly relative: number;
  /** Beyond this, in the unit of the series, it alerts at once, and even while the series is still learnt; never where absent. */
  readonly far?: number;
  /** What a value must be besides to open an incident, and not be evidence only, where that is more than to matter. */
  readonly opens?: Pick<EffectFloor, 'bad' | 'relative'>;
}

/**
 * The floors by kind: an error share of 2 points, an instance in three, a third of latency or requests, a tenth of what can fill up or of anything else. More traffic than usual, or half of it, is
 * something that happens to a healthy service too: only when most of it stays away is that trouble. Of a resource that is all but empty a tenth of its size must be in use besides.
 */
export const EFFECT_FLOORS: Readonly<Record<MeasureKind, EffectFloor>> = {
  errorShare: { bad: 'above', absolute: 0.02, relative: 0, far: 0.1 },
  up: { bad: 'below', absolute: 0.3, relative: 0, far: 0.5 },
  latency: { bad: 'above', absolute: 0, relative: 0.3 },
  rate: { bad: 'both', absolute: 0, relative: 0.3, opens: { bad: 'below', relative: 0.6 } },
  saturation: { bad: 'above', absolute: 0.1, relative: 0.1 },
  other: { bad: 'both', absolute: 0, relative: 0.1 },
};

/** Which side of its band a value is on. */
export type Direction = 'above' | 'below';

/** How far a value is from the expected one, in multiples of the floor, where it is outside its band on a bad side, else 0; 1 and more matters. */
export function effectOf(value: number, band: Band, floor: EffectFloor): { readonly effect: number; readonly direction: Direction } {
  const direction = value > band.expected ? 'above' : 'below';
  const inside = value >= band.low && value <= band.high;
  if (inside || (floor.bad !== 'both' && floor.bad !== direction)) return { effect: 0, direction };
  const distance = Math.abs(value - band.expected);
  const least = Math.max(floor.absolute, floor.relative * Math.abs(band.expected));
  return { effect: least > 0 ? distance / least : Infinity, direction };
}
