import type { Streams } from './random';
import type { Shape } from './trees';

/**
 * Which points the trees hold: for each tree those with the smallest keys of log(-log u) - decay * number, for u even in 0 to 1 and numbers in the order of arrival, which are
 * a sample by weights of e^(decay * number) (Efraimidis and Spirakis 2006, https://doi.org/10.1016/j.ipl.2005.11.003). A heap each, the highest key on top.
 */
export class Samples {
  readonly keys: Float64Array;
  readonly leaves: Int32Array;
  /** Number of the next point that a full tree takes. */
  readonly next: Float64Array;
  private readonly sampleSize: number;

  constructor(
    { trees, sampleSize }: Shape,
    private readonly decay: number,
    private readonly random: Streams,
  ) {
    this.sampleSize = sampleSize;
    this.keys = new Float64Array(trees * sampleSize);
    this.leaves = new Int32Array(trees * sampleSize);
    this.next = new Float64Array(trees);
  }

  /** The leaf of the point that is the next to go from a full tree. */
  oldest(tree: number): number {
    return this.leaves[tree * this.sampleSize]!;
  }

  /** Adds the point of a number to a tree that holds fewer than it may. */
  push(tree: number, held: number, number: number, leaf: number): void {
    const { keys, leaves } = this;
    const base = tree * this.sampleSize;
    const key = this.drawKey(tree, number, -1);
    let at = held;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (keys[base + above]! >= key) break;
      keys[base + at] = keys[base + above]!;
      leaves[base + at] = leaves[base + above]!;
      at = above;
    }
    keys[base + at] = key;
    leaves[base + at] = leaf;
    if (held === this.sampleSize - 1) this.drawNext(tree, number);
  }

  /** Puts the point of a number, which the tree takes, in the place of the one that goes. */
  replace(tree: number, number: number, leaf: number): void {
    const { keys, leaves, sampleSize } = this;
    const base = tree * sampleSize;
    // It is taken, so that its key is known to be below the highest.
    const key = this.drawKey(tree, number, Math.expm1(-Math.exp(keys[base]! + this.decay * number)));
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below + 1 < sampleSize && keys[base + below + 1]! > keys[base + below]!) below += 1;
      if (below >= sampleSize || keys[base + below]! <= key) break;
      keys[base + at] = keys[base + below]!;
      leaves[base + at] = leaves[base + below]!;
      at = below;
    }
    keys[base + at] = key;
    leaves[base + at] = leaf;
    this.drawNext(tree, number);
  }

  private drawKey(tree: number, number: number, bound: number): number {
    return Math.log(-Math.log1p(this.random.next(tree) * bound)) - this.decay * number;
  }

  /**
   * Draws which point a full tree takes after that of a number. As the highest key is known, so is each later point's chance, and the wait can be drawn at once ("exponential
   * jumps" in the same paper), which leaves nothing to do for the nine points in ten that are not taken.
   */
  private drawNext(tree: number, number: number): void {
    const { decay } = this;
    const need = -Math.log(this.random.next(tree)) / Math.exp(this.keys[tree * this.sampleSize]! + decay * (number + 1));
    const wait = decay === 0 ? need : Math.log1p(need * Math.expm1(decay)) / decay;
    this.next[tree] = number + Math.min(Math.max(Math.ceil(wait), 1), 2 ** 52);
  }
}
