import { middleOf } from './middle';

/** A local name, as this is called for every value. */
const { abs } = Math;

/** How values become numbers of about 1 and back: a logarithm where they swing in proportion to their level, less `center`, by `scale`. */
export interface Transform {
  readonly log: boolean;
  readonly center: number;
  readonly scale: number;
}

/** Seasons that must be there to tell how the swing depends on the level. */
const LEAST_BLOCKS = 4;
/** Slope of log swing over log level from which on swings count as proportional: halfway between none (0) and all (1). */
const PROPORTIONAL = 0.5;
/** A logarithm is taken only where the least value is no smaller than this share of the median: near zero it would make mountains of noise. */
const LEAST_SHARE = 0.02;

/** The transform that suits some values (NaN are left out); null where there are none, or all are the same. `season` is in steps. */
export function transformOf(values: Float64Array, season: number): Transform | null {
  const finite = values.filter((value) => Number.isFinite(value));
  if (finite.length === 0) return null;
  const log = isProportional(finite, season);
  const shown = log ? finite.map((value) => Math.log(value)) : finite;
  const center = middleOf(shown);
  const away = shown.map((value) => abs(value - center));
  const scale = away.reduce((sum, value) => sum + value / away.length, 0);
  return scale > abs(center) * 1e-12 ? { log, center, scale } : null;
}

/** Values as numbers of about 1; NaN stays. */
export function forward(transform: Transform, values: Float64Array): Float64Array {
  return values.map((value) => ((transform.log ? Math.log(value > 0 ? value : NaN) : value) - transform.center) / transform.scale);
}

/** One number back as a value. */
export function backward(transform: Transform, value: number): number {
  const shown = value * transform.scale + transform.center;
  return transform.log ? Math.exp(shown) : shown;
}

/** Guerrero's idea (1993): over blocks of one season, does the swing grow with the level? By the slope of the logarithms, least squares. */
function isProportional(values: Float64Array, season: number): boolean {
  const length = Math.max(season, 4);
  const blocks = Math.floor(values.length / length);
  const least = values.reduce((a, b) => Math.min(a, b), Infinity);
  if (blocks < LEAST_BLOCKS || !(least > 0) || least < LEAST_SHARE * middleOf(values)) return false;
  const points = Array.from({ length: blocks }, (_, i) => levelAndSwing(values.subarray(values.length - (i + 1) * length, values.length - i * length)));
  const used = points.filter(({ swing }) => Number.isFinite(swing));
  const meanLevel = used.reduce((sum, { level }) => sum + level, 0) / used.length;
  const meanSwing = used.reduce((sum, { swing }) => sum + swing, 0) / used.length;
  const spread = used.reduce((sum, { level }) => sum + (level - meanLevel) ** 2, 0);
  const slope = used.reduce((sum, { level, swing }) => sum + (level - meanLevel) * (swing - meanSwing), 0) / spread;
  return used.length >= LEAST_BLOCKS && slope >= PROPORTIONAL;
}

function levelAndSwing(block: Float64Array): { readonly level: number; readonly swing: number } {
  const mean = block.reduce((sum, value) => sum + value, 0) / block.length;
  const swing = Math.sqrt(block.reduce((sum, value) => sum + (value - mean) ** 2, 0) / block.length);
  return { level: Math.log(mean), swing: Math.log(swing) };
}
