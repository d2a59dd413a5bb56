import { NightshiftError } from '../../errors';
import { attribute } from './attribution';
import { forestSettings } from './options';
import type { ForestOptions, ForestSettings } from './options';
import { readSnapshot, writeSnapshot } from './snapshot';
import { ForestState } from './state';

/** What of a score comes from which dimension, by whether the value was too high or too low. All of it adds up to the score. */
export interface Attribution {
  readonly score: number;
  readonly high: readonly number[];
  readonly low: readonly number[];
}

/** The share of its sample that a forest must have seen before its scores mean anything; AWS's too. */
const WARM_SHARE = 0.25;
/** The largest number that a forest keeps: 32-bit floating point, as in AWS's. */
const LARGEST = (2 - 2 ** -23) * 2 ** 127;

/**
 * Random Cut Forest (Guha, Mishra, Roy, Schrijvers, ICML 2016, https://proceedings.mlr.press/v48/guha16.html): scores each point of a stream by how easily random cuts part it
 * from a fading sample of the points before. Each tree is at all times distributed as one that was built from its sample. Scores are those of AWS's forest: the expected inverse
 * depth, times log2 of the sample's size + 1: about 0.5 to 1 for usual points, 1.5 and more for unusual ones, at most log2(sampleSize + 1).
 *
 * Values are kept with 24 bits, as differences below 6e-8 of a value are noise; take a large constant off first. What is beyond 3.4e38 counts as that, and below 1e-45 as 0.
 */
export class RandomCutForest {
  private readonly point: Float64Array;

  /** Throws `invalid_input` for options that make no forest. */
  constructor(
    options: ForestOptions,
    private readonly state: ForestState = new ForestState(forestSettings(options)),
  ) {
    this.point = new Float64Array(state.settings.dimensions);
  }

  /** A forest as it was when the snapshot was taken: the same scores from there on. Throws `unreadable` for anything else than a snapshot. */
  static restore(snapshot: Uint8Array): RandomCutForest {
    const state = readSnapshot(snapshot);
    return new RandomCutForest(state.settings, state);
  }

  get settings(): ForestSettings {
    return this.state.settings;
  }

  /** Points that it has learned. */
  get seen(): number {
    return this.state.seen;
  }

  /** How unusual a point is, without learning it; 0 until a quarter of the sample is there. Throws `invalid_input` for a point of another size or with NaN or Infinity. */
  score(values: ArrayLike<number>): number {
    this.accept(values);
    return this.scale * this.state.pass(this.point, false);
  }

  /** Learns a point. Throws as `score` does, and then has learned nothing. */
  update(values: ArrayLike<number>): void {
    this.accept(values);
    this.state.learn(this.point);
  }

  /** Scores a point and then learns it: the same as `score` and `update`, at less cost. */
  scoreAndUpdate(values: ArrayLike<number>): number {
    this.accept(values);
    const { scale } = this;
    return scale * this.state.pass(this.point, true);
  }

  /** The score of a point with what each dimension has of it, without learning it. */
  attribution(values: ArrayLike<number>): Attribution {
    this.accept(values);
    const { state, point, scale } = this;
    const sides = new Float64Array(2 * point.length);
    let sum = 0;
    if (state.held > 0) for (let tree = 0; tree < state.settings.trees; tree += 1) sum += attribute(state, tree, point, sides);
    const side = (at: number): number[] => Array.from(point, (_, j) => scale * sides[2 * j + at]!);
    return { score: scale * sum, high: side(1), low: side(0) };
  }

  /** All that is needed to go on elsewhere, in about a quarter of the forest's memory. */
  snapshot(): Uint8Array {
    return writeSnapshot(this.state);
  }

  /** From a sum over the trees to a score, by what they hold now. */
  private get scale(): number {
    const { settings, seen, held } = this.state;
    return seen < WARM_SHARE * settings.sampleSize ? 0 : Math.log2(held + 1) / settings.trees;
  }

  private accept(values: ArrayLike<number>): void {
    const { point } = this;
    if (values.length !== point.length)
      throw new NightshiftError('invalid_input', `The point has ${String(values.length)} values, and this forest takes ${String(point.length)}.`);
    for (let j = 0; j < point.length; j += 1) {
      const value = values[j]!;
      if (!Number.isFinite(value))
        throw new NightshiftError(
          'invalid_input',
          `Value ${String(j)} of the point is ${String(value)}, and a forest takes finite numbers only: leave the point out or fill the gap.`,
        );
      point[j] = Math.fround(Math.max(-LARGEST, Math.min(LARGEST, value)));
    }
  }
}
