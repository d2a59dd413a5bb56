import type { Streams } from './random';
import { NO_NODE } from './trees';
import type { Trees } from './trees';
import type { Walk } from './walk';

/** Puts points into trees and takes them out. After each, a tree is distributed as one that was built from what is now its sample (Guha et al. 2016, section 2). */
export class Changes {
  constructor(
    private readonly trees: Trees,
    private readonly random: Streams,
  ) {}

  /** Puts the first point into an empty tree and returns its leaf. */
  plant(tree: number, point: Float64Array): number {
    const leaf = this.trees.newLeaf(tree, point, 1);
    this.trees.hang(tree, NO_NODE, 0, ~leaf);
    return leaf;
  }

  /**
   * Puts a point where a walk found that it belongs and returns its leaf. From the root down, a random cut of a node's box and the point together either parts the two, and
   * becomes their parent, or the node keeps its own cut. For nodes that have the point in their boxes no cut need be drawn, as none could part them.
   */
  insert(tree: number, point: Float64Array, walk: Walk): number {
    const { trees, random } = this;
    if (walk.same) {
      trees.masses[walk.leaf]! += 1;
      return walk.leaf;
    }
    let level = walk.inside;
    while (level < walk.depth && random.next(tree) >= walk.apart[level]!) level += 1;
    const leaf = trees.newLeaf(tree, point, 1);
    const sibling = level < walk.depth ? walk.path[level]! : ~walk.leaf;
    const parent = level > 0 ? walk.path[level - 1]! : NO_NODE;
    const node = trees.newNode(tree);
    const side = this.cut(tree, node, sibling, leaf);
    trees.hang(tree, parent, trees.sideOf(parent, sibling), node);
    trees.hang(tree, node, 1 - side, sibling);
    trees.hang(tree, node, side, ~leaf);
    trees.refit(node);
    trees.refitFrom(parent);
    return leaf;
  }

  /** Takes one point of a leaf out, and with its last point the leaf, whose sibling then stands in its parent's place. */
  remove(tree: number, leaf: number): void {
    const { trees } = this;
    trees.masses[leaf]! -= 1;
    if (trees.masses[leaf]! > 0) return;
    trees.freeLeaf(tree, leaf);
    const parent = trees.leafParents[leaf]!;
    if (parent < 0) return;
    const above = trees.parents[parent]!;
    const sibling = trees.children[2 * parent + 1 - trees.sideOf(parent, ~leaf)]!;
    trees.hang(tree, above, trees.sideOf(above, parent), sibling);
    trees.freeNode(tree, parent);
    trees.refitFrom(above);
  }

  /** Draws the cut that parts a leaf from its sibling: the side by how far the leaf lies beyond it, the place evenly in between. Returns the side of the cut that the leaf is on. */
  private cut(tree: number, node: number, sibling: number, leaf: number): number {
    const { trees, random } = this;
    const { boxes, dimensions } = trees;
    const own = trees.boxOf(~leaf);
    const other = trees.boxOf(sibling);
    let twice = 0;
    for (let side = 0; side < 2 * dimensions; side += 1) {
      const beyond = boxes[own + side]! - boxes[other + side]!;
      twice += beyond + Math.abs(beyond);
    }
    let rest = (twice / 2) * random.next(tree);
    let chosen = 0;
    for (let side = 0; side < 2 * dimensions && rest >= 0; side += 1) {
      const beyond = boxes[own + side]! - boxes[other + side]!;
      if (!(beyond > 0)) continue;
      // The last one is taken where rounding leaves a rest.
      chosen = side;
      rest -= beyond;
    }
    const isRight = (chosen & 1) === 1;
    const from = isRight ? boxes[other + chosen]! : -boxes[own + chosen]!;
    const to = isRight ? boxes[own + chosen]! : -boxes[other + chosen]!;
    const place = from + (to - from) * random.next(tree);
    trees.cutDimensions[node] = chosen >> 1;
    // Rounding may reach the far end, and a cut there would leave nothing on the right.
    trees.cuts[node] = place < to ? place : from;
    return chosen & 1;
  }
}
