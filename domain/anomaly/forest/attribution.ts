import type { ForestState } from './state';
import type { Trees } from './trees';
import { scoreUnseen } from './walk';

/**
 * Adds to each side what it has of a point's score in a tree, and returns that score. At each box the chance that a cut parts the point from it is shared among the sides by
 * how far the point lies beyond them. A point that equals a leaf lies beyond no box: its score goes by how it differs from the leaf's sibling.
 */
export function attribute({ trees, walks: [walk], held }: ForestState, tree: number, point: Float64Array, sum: Float64Array): number {
  walk.descend(tree, point);
  const score = walk.score(point, held);
  const shares = new Float64Array(2 * trees.dimensions);
  if (walk.same) {
    const sibling = siblingOf(trees, walk.leaf);
    if (sibling === undefined) shares.fill(score / shares.length);
    else share(trees, sibling, point, 1, score, shares);
  } else {
    share(trees, ~walk.leaf, point, 1, scoreUnseen(walk.depth), shares);
    for (let level = walk.depth - 1; level >= walk.inside; level -= 1) share(trees, walk.path[level]!, point, walk.apart[level]!, scoreUnseen(level), shares);
  }
  for (let side = 0; side < shares.length; side += 1) sum[side]! += shares[side]!;
  return score;
}

/** Replaces a part of the shares (0 to 1) by as much of another score, shared by how far the point lies beyond the box of a node or leaf. */
function share(trees: Trees, id: number, point: Float64Array, part: number, score: number, shares: Float64Array): void {
  const box = trees.boxOf(id);
  const beyond = shares.map((_, side) => Math.max(0, (side % 2 === 1 ? 1 : -1) * point[side >> 1]! - trees.boxes[box + side]!));
  const total = beyond.reduce((sum, each) => sum + each, 0);
  if (total === 0) return;
  for (let side = 0; side < shares.length; side += 1) shares[side] = (1 - part) * shares[side]! + (part * score * beyond[side]!) / total;
}

function siblingOf(trees: Trees, leaf: number): number | undefined {
  const parent = trees.leafParents[leaf]!;
  return parent < 0 ? undefined : trees.children[2 * parent + 1 - trees.sideOf(parent, ~leaf)]!;
}
