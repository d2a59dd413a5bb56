import { NightshiftError } from '../../errors';
import type { Problem } from '../../errors';
import type { Shape } from './trees';

/** How a forest is made. The defaults are those of AWS's forest. */
export interface ForestOptions {
  /** Numbers that a point has: 1 to 10,000. */
  readonly dimensions: number;
  /** Forests of one seed that see the same points give the same scores: a whole number from 0 to 2^53 - 1. */
  readonly seed: number;
  /** More trees make scores steadier and cost in proportion: 1 to 1,000, 50 unless told. */
  readonly trees?: number;
  /** Points that each tree keeps: 2 to 32,768, 256 unless told. */
  readonly sampleSize?: number;
  /** How fast the past fades: a point's weight grows by e^decay with each point that arrives, 0 keeps all alike. 1 / (10 * sampleSize) unless told. */
  readonly decay?: number;
}

/** Options with nothing left open. */
export interface ForestSettings extends Shape {
  readonly decay: number;
  readonly seed: number;
}

const DEFAULT_TREES = 50;
const DEFAULT_SAMPLE = 256;
const FADE_AFTER_SAMPLES = 10;
const MOST_BYTES = 2 ** 30;

/** The options with defaults filled in. Throws `invalid_input` with everything that is wrong with them. */
export function forestSettings(options: ForestOptions): ForestSettings {
  const { dimensions, seed, trees = DEFAULT_TREES, sampleSize = DEFAULT_SAMPLE } = options;
  const { decay = 1 / (FADE_AFTER_SAMPLES * sampleSize) } = options;
  const problems: Problem[] = [
    ...whole('dimensions', dimensions, 1, 10_000),
    ...whole('trees', trees, 1, 1000),
    ...whole('sampleSize', sampleSize, 2, 32_768),
    ...whole('seed', seed, 0, Number.MAX_SAFE_INTEGER),
  ];
  if (!(decay >= 0 && decay <= 1)) problems.push({ path: 'decay', message: `must be from 0 to 1, not ${String(decay)}` });
  const settings = { dimensions, trees, sampleSize, decay, seed };
  if (problems.length === 0 && forestBytes(settings) > MOST_BYTES)
    problems.push({ path: 'sampleSize', message: 'makes the forest larger than 1 GiB: take fewer trees, smaller samples or fewer dimensions' });
  if (problems.length > 0)
    throw new NightshiftError('invalid_input', `The forest cannot be made: ${problems.map((p) => `${p.path} ${p.message}`).join('; ')}.`, problems);
  return settings;
}

/** Bytes that a forest takes, now and ever: all of it is there from the start. */
export function forestBytes({ dimensions, trees, sampleSize }: Shape): number {
  const nodes = trees * sampleSize;
  const leaves = trees * (sampleSize + 1);
  const links = nodes * (8 + 4 + 2 * 4 + 4 + 8) + leaves * (4 + 4);
  const boxes = 2 * dimensions * (nodes + leaves) * 4;
  const ids = (nodes + leaves) * 4;
  const samples = nodes * (8 + 4) + trees * 8;
  const eachTree = 4 + 4 + 4 + 16;
  const walks = 2 * sampleSize * (4 + 8);
  return links + boxes + ids + samples + trees * eachTree + walks + dimensions * 8;
}

function whole(path: string, value: number, least: number, most: number): Problem[] {
  if (Number.isInteger(value) && value >= least && value <= most) return [];
  return [{ path, message: `must be a whole number from ${String(least)} to ${String(most)}, not ${String(value)}` }];
}
