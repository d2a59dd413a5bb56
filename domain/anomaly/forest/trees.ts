/** Sizes of a forest. */
export interface Shape {
  /** Numbers that a point has. */
  readonly dimensions: number;
  readonly trees: number;
  /** Points that a tree holds at most. */
  readonly sampleSize: number;
}

/** Stands for the parent of a root. */
export const NO_NODE = -1;

/**
 * All trees of a forest side by side in typed arrays. A node with a cut has an id of 0 or more, and a leaf is `~leaf`; ids run over all trees. Tree t owns the nodes from
 * t * sampleSize and the leaves from t * (sampleSize + 1): one more than it keeps, as a new point comes in before an old one goes.
 *
 * What is called for each tree of each point is a method, here and in the files around: compiled, a function or constant of another file is looked up anew at each use, which
 * made the forest three times as slow.
 */
export class Trees implements Shape {
  readonly dimensions: number;
  readonly trees: number;
  readonly sampleSize: number;
  /** The topmost node or leaf of each tree; nothing where the tree is empty. */
  readonly roots: Int32Array;
  /** A point goes left where its value in the node's dimension is at most the cut. */
  readonly cuts: Float64Array;
  readonly cutDimensions: Int32Array;
  /** Two for each node: left (side 0) and right (side 1). */
  readonly children: Int32Array;
  readonly parents: Int32Array;
  /** Sum of the lengths of a node's box over its dimensions. */
  readonly extents: Float64Array;
  /** How often a leaf's point is in the sample. */
  readonly masses: Int32Array;
  readonly leafParents: Int32Array;
  /**
   * The boxes of all nodes and then of all leaves: how far each reaches on its sides. For dimension j that is the negated lowest value (side 2j) and the highest (side 2j + 1),
   * so that what holds for one side holds for the other, and for a leaf as for a node.
   */
  readonly boxes: Float32Array;
  /** Ids of each tree, of which the first `usedNodes` or `usedLeaves` are taken. */
  readonly nodeIds: Int32Array;
  readonly leafIds: Int32Array;
  readonly usedNodes: Int32Array;
  readonly usedLeaves: Int32Array;

  constructor({ dimensions, trees, sampleSize }: Shape) {
    const nodes = trees * sampleSize;
    const leaves = trees * (sampleSize + 1);
    this.dimensions = dimensions;
    this.trees = trees;
    this.sampleSize = sampleSize;
    this.roots = new Int32Array(trees);
    this.cuts = new Float64Array(nodes);
    this.cutDimensions = new Int32Array(nodes);
    this.children = new Int32Array(2 * nodes);
    this.parents = new Int32Array(nodes);
    this.extents = new Float64Array(nodes);
    this.masses = new Int32Array(leaves);
    this.leafParents = new Int32Array(leaves);
    this.boxes = new Float32Array(2 * dimensions * (nodes + leaves));
    this.nodeIds = Int32Array.from({ length: nodes }, (_, id) => id);
    this.leafIds = Int32Array.from({ length: leaves }, (_, id) => id);
    this.usedNodes = new Int32Array(trees);
    this.usedLeaves = new Int32Array(trees);
  }

  /** Where the box of a node or leaf begins. */
  boxOf(id: number): number {
    return 2 * this.dimensions * (id >= 0 ? id : this.trees * this.sampleSize + ~id);
  }

  /** Puts a node or leaf below a parent, on its left (0) or right (1), or at the root where there is no parent. */
  hang(tree: number, parent: number, side: number, id: number): void {
    if (parent < 0) this.roots[tree] = id;
    else this.children[2 * parent + side] = id;
    if (id >= 0) this.parents[id] = parent;
    else this.leafParents[~id] = parent;
  }

  /** On which side of its parent something hangs; 0 for a root. */
  sideOf(parent: number, id: number): number {
    return parent >= 0 && this.children[2 * parent + 1] === id ? 1 : 0;
  }

  /** Takes a free node of a tree. */
  newNode(tree: number): number {
    const node = this.nodeIds[tree * this.sampleSize + this.usedNodes[tree]!]!;
    this.usedNodes[tree]! += 1;
    return node;
  }

  freeNode(tree: number, node: number): void {
    this.usedNodes[tree]! -= 1;
    this.nodeIds[tree * this.sampleSize + this.usedNodes[tree]!] = node;
  }

  /** Takes a free leaf of a tree for a point. */
  newLeaf(tree: number, point: Float64Array, mass: number): number {
    const leaf = this.leafIds[tree * (this.sampleSize + 1) + this.usedLeaves[tree]!]!;
    this.usedLeaves[tree]! += 1;
    const box = this.boxOf(~leaf);
    for (let j = 0; j < this.dimensions; j += 1) {
      this.boxes[box + 2 * j] = -point[j]!;
      this.boxes[box + 2 * j + 1] = point[j]!;
    }
    this.masses[leaf] = mass;
    return leaf;
  }

  freeLeaf(tree: number, leaf: number): void {
    this.usedLeaves[tree]! -= 1;
    this.leafIds[tree * (this.sampleSize + 1) + this.usedLeaves[tree]!] = leaf;
  }

  /** Refits the boxes from a node upwards, as far as they change. */
  refitFrom(node: number): void {
    for (let above = node; above >= 0 && this.refit(above);) above = this.parents[above]!;
  }

  /**
   * Makes a node's box of its children's; true where that changed it. All sides, and without branches, which is faster than to find out which sides need it. The extent is
   * summed anew, never by adding what changed: one huge value would leave its rounding behind for good.
   */
  refit(node: number): boolean {
    const { boxes } = this;
    let own = this.boxOf(node);
    let left = this.boxOf(this.children[2 * node]!);
    const toRight = this.boxOf(this.children[2 * node + 1]!) - left;
    const end = own + 2 * this.dimensions;
    let extent = 0;
    let changes = 0;
    while (own < end) {
      const low = boxes[left + toRight * +(boxes[left + toRight]! > boxes[left]!)]!;
      const high = boxes[left + 1 + toRight * +(boxes[left + toRight + 1]! > boxes[left + 1]!)]!;
      changes += +(boxes[own] !== low) + +(boxes[own + 1] !== high);
      boxes[own] = low;
      boxes[own + 1] = high;
      extent += low + high;
      own += 2;
      left += 2;
    }
    this.extents[node] = extent;
    return changes > 0;
  }
}
