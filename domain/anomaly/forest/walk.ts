import type { Trees } from './trees';

/** A share of a box's extent that is rounding and not distance. */
const ROUNDING = 1e-12;

/**
 * The way of a point in a tree, and its score there: first `descend`, which reads only cuts, then `score`, which reads boxes. What it found stands in its fields until it goes
 * again, and is what an insertion goes by.
 */
export class Walk {
  /** The nodes from the root to the leaf's parent. */
  readonly path: Int32Array;
  /** For those from `inside` on: the chance that a random cut of the box and the point together parts the two. */
  readonly apart: Float64Array;
  /** Number of nodes on the path. */
  depth = 0;
  leaf = 0;
  /** The point equals the leaf's. */
  same = false;
  /** So many nodes from the root have the point in their boxes. */
  inside = 0;

  constructor(private readonly trees: Trees) {
    this.path = new Int32Array(trees.sampleSize);
    this.apart = new Float64Array(trees.sampleSize);
  }

  /** Goes down to where a point belongs in a tree that is not empty. */
  descend(tree: number, point: Float64Array): void {
    this.goOn(this.trees.roots[tree]!, 0, point);
  }

  /** The same, at once with another walk in another tree: each waits for memory most of the time, which two do together. A tenth of all time is saved so. */
  descendWith(tree: number, other: Walk, otherTree: number, point: Float64Array): void {
    const { path } = this;
    const otherPath = other.path;
    const { cuts, cutDimensions, children, roots } = this.trees;
    let id = roots[tree]!;
    let otherId = roots[otherTree]!;
    let depth = 0;
    while (id >= 0 && otherId >= 0) {
      path[depth] = id;
      otherPath[depth] = otherId;
      depth += 1;
      id = children[2 * id + +(point[cutDimensions[id]!]! > cuts[id]!)]!;
      otherId = children[2 * otherId + +(point[cutDimensions[otherId]!]! > cuts[otherId]!)]!;
    }
    this.goOn(id, depth, point);
    other.goOn(otherId, depth, point);
  }

  /**
   * The score where the walk came down, in a tree that holds so many points: the expected inverse depth at which random cuts would part the point from them, as AWS's forest
   * counts it, not yet scaled by their number.
   */
  score(point: Float64Array, held: number): number {
    const { leaf, depth } = this;
    const { boxes, dimensions, masses } = this.trees;
    const box = this.trees.boxOf(~leaf);
    let equal = 0;
    while (equal < dimensions && boxes[box + 2 * equal + 1] === point[equal]) equal += 1;
    this.same = equal === dimensions;
    this.inside = depth;
    return this.same ? scoreSeen(depth, masses[leaf]!, held) : this.climb(point);
  }

  private goOn(from: number, above: number, point: Float64Array): void {
    const { path } = this;
    const { cuts, cutDimensions, children } = this.trees;
    let id = from;
    let depth = above;
    while (id >= 0) {
      path[depth] = id;
      depth += 1;
      // No branch: half of them would be guessed wrong.
      id = children[2 * id + +(point[cutDimensions[id]!]! > cuts[id]!)]!;
    }
    this.leaf = ~id;
    this.depth = depth;
  }

  /**
   * From the leaf to the first box that has the point inside, as those above it have it too. For a value v of a range, |v - low| + |v - high| is the range's length and twice what v lies outside of it: sums of that over all dimensions
   * need no branches. Four dimensions a turn, as what the engine checks in each turn costs as much as the sums.
   */
  private climb(point: Float64Array): number {
    const { path, apart } = this;
    const { boxes, extents, dimensions } = this.trees;
    const fours = dimensions & ~3;
    let score = scoreUnseen(this.depth);
    let level = this.depth - 1;
    for (; level >= 0; level -= 1) {
      const node = path[level]!;
      const extent = extents[node]!;
      let at = 2 * dimensions * node;
      let low = 0;
      let high = 0;
      let j = 0;
      for (; j < fours; j = (j + 4) | 0) {
        const a = point[j]!;
        const b = point[(j + 1) | 0]!;
        const c = point[(j + 2) | 0]!;
        const d = point[(j + 3) | 0]!;
        low += Math.abs(a + boxes[at]!) + Math.abs(b + boxes[(at + 2) | 0]!) + (Math.abs(c + boxes[(at + 4) | 0]!) + Math.abs(d + boxes[(at + 6) | 0]!));
        high +=
          Math.abs(a - boxes[(at + 1) | 0]!) + Math.abs(b - boxes[(at + 3) | 0]!) + (Math.abs(c - boxes[(at + 5) | 0]!) + Math.abs(d - boxes[(at + 7) | 0]!));
        at = (at + 8) | 0;
      }
      for (; j < dimensions; j = (j + 1) | 0) {
        const value = point[j]!;
        low += Math.abs(value + boxes[at]!);
        high += Math.abs(value - boxes[(at + 1) | 0]!);
        at = (at + 2) | 0;
      }
      const outside = low + high - extent;
      if (outside <= extent * ROUNDING) break;
      const chance = outside / (low + high + extent);
      apart[level] = chance;
      score += chance * (scoreUnseen(level) - score);
    }
    this.inside = level + 1;
    return score;
  }
}

/** Score at a node or leaf from which the point is parted. */
export function scoreUnseen(depth: number): number {
  return 1 / (depth + 1);
}

/** Score at a leaf that the point equals: one of many equal points is less of a surprise. */
function scoreSeen(depth: number, mass: number, held: number): number {
  return (1 - mass / (2 * held)) / (depth + Math.log2(mass + 1));
}
