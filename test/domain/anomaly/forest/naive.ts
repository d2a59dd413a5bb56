import { seededRandom } from '../../../../domain/seeded-random';
import { forestSettings } from '../../../../domain/anomaly/forest/options';
import type { ForestOptions } from '../../../../domain/anomaly/forest/options';
import { ForestState } from '../../../../domain/anomaly/forest/state';
import { NO_NODE } from '../../../../domain/anomaly/forest/trees';
import type { Trees } from '../../../../domain/anomaly/forest/trees';

export interface Leaf {
  readonly point: readonly number[];
  readonly mass: number;
}

export interface Fork {
  readonly dimension: number;
  readonly cut: number;
  readonly left: Naive;
  readonly right: Naive;
}

/** A tree as plain objects, without boxes: those are worked out from the points whenever they are needed. */
export type Naive = Leaf | Fork;

/** A forest that has learned points, laid open. */
export function learned(options: ForestOptions, points: readonly (readonly number[])[]): ForestState {
  const state = new ForestState(forestSettings(options));
  for (const values of points) state.learn(Float64Array.from(values, Math.fround));
  return state;
}

/** A tree of a forest as plain objects. */
export function naiveTree({ trees }: ForestState, tree: number): Naive {
  const open = (id: number): Naive => {
    if (id < 0) return { point: boxAt(trees, id).map(({ high }) => high), mass: trees.masses[~id]! };
    return {
      dimension: trees.cutDimensions[id]!,
      cut: trees.cuts[id]!,
      left: open(trees.children[2 * id]!),
      right: open(trees.children[2 * id + 1]!),
    };
  };
  return open(trees.roots[tree]!);
}

/** Checks that parents, boxes and extents of a tree are what its points make them. */
export function checkTree({ trees }: ForestState, tree: number): void {
  const check = (id: number, parent: number): (readonly number[])[] => {
    expect(id < 0 ? trees.leafParents[~id] : trees.parents[id]).toBe(parent);
    if (id < 0) return [boxAt(trees, id).map(({ high }) => high)];
    const hull = hullOf([...check(trees.children[2 * id]!, id), ...check(trees.children[2 * id + 1]!, id)]);
    expect(boxAt(trees, id)).toEqual(hull);
    expect(trees.extents[id]! / extentOf(hull)).toBeCloseTo(1, 12);
    return [hull.map(({ low }) => low), hull.map(({ high }) => high)];
  };
  check(trees.roots[tree]!, NO_NODE);
}

function boxAt(trees: Trees, id: number): Range[] {
  const box = trees.boxOf(id);
  return Array.from({ length: trees.dimensions }, (_, j) => ({ low: 0 - trees.boxes[box + 2 * j]!, high: trees.boxes[box + 2 * j + 1]! + 0 }));
}

export function leavesOf(node: Naive): Leaf[] {
  return 'mass' in node ? [node] : [...leavesOf(node.left), ...leavesOf(node.right)];
}

export function forksOf(node: Naive): Fork[] {
  return 'mass' in node ? [] : [node, ...forksOf(node.left), ...forksOf(node.right)];
}

interface Range {
  readonly low: number;
  readonly high: number;
}

function hullOf(points: readonly (readonly number[])[]): Range[] {
  return (points[0] ?? []).map((_, j) => ({ low: Math.min(...points.map((p) => p[j]!)), high: Math.max(...points.map((p) => p[j]!)) }));
}

function extentOf(hull: readonly Range[]): number {
  return hull.reduce((sum, { low, high }) => sum + (high - low), 0);
}

/** The score of a point in a tree by its definition, from the root down. */
export function naiveScore(node: Naive, point: readonly number[], treeMass: number, depth = 0): number {
  if ('mass' in node) {
    if (node.point.every((value, j) => value === point[j])) return (1 - node.mass / (2 * treeMass)) / (depth + Math.log2(node.mass + 1));
    return 1 / (depth + 1);
  }
  const hull = hullOf(leavesOf(node).map((leaf) => leaf.point));
  const extent = extentOf(hull);
  const outside = hull.reduce((sum, { low, high }, j) => sum + Math.max(0, point[j]! - high, low - point[j]!), 0);
  const apart = outside / (extent + outside);
  const below = point[node.dimension]! <= node.cut ? node.left : node.right;
  return apart / (depth + 1) + (1 - apart) * naiveScore(below, point, treeMass, depth + 1);
}

/** The depth that a point has on average in a tree of random cuts of some points. */
export function meanDepth(points: readonly (readonly number[])[], of: number): number {
  if (points.length < 2) return 0;
  const extent = extentOf(hullOf(points));
  let depth = 1;
  for (const { dimension, low, high } of gapsOf(points)) {
    const isLeft = points[of]![dimension]! <= low;
    const kept = points.filter((p) => p[dimension]! <= low === isLeft);
    depth += ((high - low) / extent) * meanDepth(kept, kept.indexOf(points[of]!));
  }
  return depth;
}

/** The places where cuts can part some points: between neighbouring values of each dimension. */
export function gapsOf(points: readonly (readonly number[])[]): { readonly dimension: number; readonly low: number; readonly high: number }[] {
  return (points[0] ?? []).flatMap((_, dimension) => {
    const values = [...new Set(points.map((p) => p[dimension]!))].sort((a, b) => a - b);
    return values.slice(1).map((high, i) => ({ dimension, low: values[i]!, high }));
  });
}

/** Chi-square over counts of what was expected so often. */
export function chiSquare(counts: readonly number[], expected: readonly number[]): number {
  return counts.reduce((sum, count, i) => sum + (count - expected[i]!) ** 2 / expected[i]!, 0);
}

/** Points of two groups with outliers now and then, from a seed. */
export function somePoints(count: number, dimensions: number, seed: number): number[][] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => {
    const group = random() < 0.7 ? 0 : 10;
    const far = random() < 0.02 ? 50 : 0;
    return Array.from({ length: dimensions }, () => group + far * random() + random() + random());
  });
}

/** What an act throws; undefined where it does not. */
export function thrown(act: () => unknown): unknown {
  try {
    act();
    return undefined;
  } catch (error) {
    return error;
  }
}
