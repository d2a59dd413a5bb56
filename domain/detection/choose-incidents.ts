import type { EffectFloor, MeasureKind } from '../anomaly/kinds';
import { quantileOf } from '../quantile';

/** How an incident shows in a series: for a moment, as a new level, growing, or as the loss of nearly all. */
export const SHAPES = ['spike', 'shift', 'ramp', 'drop'] as const;
export type Shape = (typeof SHAPES)[number];

/** An incident that was put into a series: rows `from` to `to`, both inclusive. */
export interface Injected {
  readonly shape: Shape;
  readonly from: number;
  readonly to: number;
}

/** Rows of each shape, at least and at most. */
const LENGTHS: Readonly<Record<Shape, readonly [number, number]>> = { spike: [3, 4], shift: [12, 24], ramp: [24, 36], drop: [6, 12] };
/** Rows from one incident to the next: the episode before must be over, and usual ones seen again. */
const SLOT = 120;
/** Rows that stay as they are at the begin of each slot. */
const LEAD = 40;
/** More incidents than these tell little more. */
const MOST = 16;
/** Sizes in multiples of the floor of the kind, from something that barely matters on. */
const SIZES = [1.5, 4] as const;
/** What is left by a drop. */
const LEFT = 0.1;
const SHARES: readonly MeasureKind[] = ['errorShare', 'up', 'saturation'];

/** A series with incidents on the bad side of its kind, as large as a few floors and up to its own range; the same for the same random numbers. Rows before `from` stay as they are, and so do gaps. */
export function injectIncidents(
  values: readonly (number | null)[],
  from: number,
  { kind, floor, random }: { readonly kind: MeasureKind; readonly floor: EffectFloor; readonly random: () => number },
): { readonly values: readonly (number | null)[]; readonly incidents: readonly Injected[] } {
  const result = [...values];
  const scale = scaleOf(values.slice(from), floor);
  const count = Math.min(MOST, Math.floor((values.length - from) / SLOT));
  const slot = Math.floor((values.length - from) / Math.max(1, count));
  const incidents = Array.from({ length: count }, (_, i): Injected => {
    const below = floor.bad === 'below' || (floor.bad === 'both' && i % 2 === 1);
    // Nothing drops on the good side.
    const shapes = below ? SHAPES : SHAPES.slice(0, -1);
    const shape = shapes[Math.floor(random() * shapes.length)] ?? 'shift';
    const [least, most] = LENGTHS[shape];
    const length = least + Math.floor(random() * (most - least + 1));
    const begin = from + i * slot + LEAD + Math.floor(random() * Math.max(1, slot - LEAD - length));
    const size = scale.floor * (SIZES[0] + (SIZES[1] - SIZES[0]) * random()) + scale.range * random();
    for (let k = 0; k < length; k += 1) {
      const value = result[begin + k];
      if (value !== null && value !== undefined) result[begin + k] = bounded(kind, changed(value, shape, (k + 1) / length, below ? -size : size));
    }
    return { shape, from: begin, to: begin + length - 1 };
  });
  return { values: result, incidents };
}

/** The floor and half the usual range of a series, in its unit. */
function scaleOf(values: readonly (number | null)[], floor: EffectFloor): { readonly floor: number; readonly range: number } {
  const measured = values.filter((value) => value !== null);
  const at = (quantile: number): number => quantileOf(measured, quantile) ?? 0;
  const range = (at(0.95) - at(0.05)) / 2;
  const least = Math.max(floor.absolute, floor.relative * Math.abs(at(0.5)));
  return { floor: least > 0 ? least : range > 0 ? range : 1, range };
}

function changed(value: number, shape: Shape, progress: number, size: number): number {
  if (shape === 'drop') return value * LEFT;
  return value + size * (shape === 'ramp' ? 1.5 * progress : 1);
}

function bounded(kind: MeasureKind, value: number): number {
  if (kind === 'other') return value;
  return Math.max(0, SHARES.includes(kind) ? Math.min(1, value) : value);
}
