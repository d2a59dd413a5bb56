import { NightshiftError } from '../../errors';
import { ByteReader, ByteWriter } from '../byte-io';
import { forestSettings } from './options';
import { STATE_WORDS } from './random';
import { ForestState } from './state';
import { NO_NODE } from './trees';
import type { Trees } from './trees';

/** First bytes of a snapshot: "NSF" and the version of what follows. */
const MAGIC = 0x4e534601;
/** Stands where a node's dimension would, for a leaf. */
const LEAF = 0xffff;
const HEAD_BYTES = 4 * 4 + 3 * 8;

/** Writes a forest: of each tree its generator, sample, cuts and points, from the root down, left before right. Boxes follow from these and are left out. */
export function writeSnapshot(state: ForestState): Uint8Array {
  const { settings, trees, random, samples, seen, held } = state;
  const out = new ByteWriter();
  for (const word of [MAGIC, settings.dimensions, settings.trees, settings.sampleSize]) out.uint32(word);
  for (const number of [settings.decay, settings.seed, seen]) out.float64(number);
  for (let tree = 0; tree < settings.trees; tree += 1) {
    for (let word = 0; word < STATE_WORDS; word += 1) out.uint32(random.states[tree * STATE_WORDS + word]!);
    const numbers = seen > 0 ? writeTree(trees, tree, out) : new Map<number, number>();
    out.float64(samples.next[tree]!);
    for (let at = tree * settings.sampleSize; at < tree * settings.sampleSize + held; at += 1) {
      out.float64(samples.keys[at]!);
      out.uint16(numbers.get(samples.leaves[at]!)!);
    }
  }
  return out.done();
}

/** Reads what `writeSnapshot` wrote. Throws `unreadable` for anything else. */
export function readSnapshot(bytes: Uint8Array): ForestState {
  const input = new ByteReader(bytes);
  if (bytes.length < HEAD_BYTES || input.uint32() !== MAGIC) throw unreadable('it does not begin like one of this version');
  const [dimensions, trees, sampleSize] = [input.uint32(), input.uint32(), input.uint32()];
  const [decay, seed, seen] = [input.float64(), input.float64(), input.float64()];
  const state = new ForestState(checkedSettings({ dimensions, trees, sampleSize, decay, seed }));
  if (!Number.isSafeInteger(seen) || seen < 0) throw unreadable('its count of points is not one');
  state.seen = seen;
  try {
    for (let tree = 0; tree < trees; tree += 1) {
      for (let word = 0; word < STATE_WORDS; word += 1) state.random.states[tree * STATE_WORDS + word] = input.uint32();
      if (seen > 0) readTree(state.trees, tree, input);
      readSample(state, tree, input);
    }
  } catch (error) {
    // DataView's own error for a read behind the end.
    if (error instanceof RangeError) throw unreadable('it ends too early');
    throw error;
  }
  if (input.left > 0) throw unreadable('it goes on where it should end');
  return state;
}

function unreadable(why: string): NightshiftError {
  return new NightshiftError('unreadable', `This is no snapshot of a forest: ${why}.`);
}

function checkedSettings(options: Parameters<typeof forestSettings>[0]): ReturnType<typeof forestSettings> {
  try {
    return forestSettings(options);
  } catch {
    throw unreadable('its sizes are out of bounds');
  }
}

/** Writes cuts and leaves, and returns each leaf's number in the order of writing. */
function writeTree(trees: Trees, tree: number, out: ByteWriter): Map<number, number> {
  const { dimensions, roots, cuts, cutDimensions, children, boxes } = trees;
  const numbers = new Map<number, number>();
  const open = [roots[tree]!];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (id >= 0) {
      out.uint16(cutDimensions[id]!);
      out.float64(cuts[id]!);
      open.push(children[2 * id + 1]!, children[2 * id]!);
      continue;
    }
    numbers.set(~id, numbers.size);
    out.uint16(LEAF);
    const box = trees.boxOf(id);
    for (let j = 0; j < dimensions; j += 1) out.float32(boxes[box + 2 * j + 1]!);
  }
  return numbers;
}

function readTree(trees: Trees, tree: number, input: ByteReader): void {
  const { dimensions, sampleSize } = trees;
  const open = [{ parent: NO_NODE, side: 0 }];
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    const dimension = input.uint16();
    if (dimension === LEAF) {
      const point = Float64Array.from({ length: dimensions }, () => input.float32());
      if (!point.every(Number.isFinite)) throw unreadable(`tree ${String(tree)} has a point that is no number`);
      // What is in the sample is counted as the sample is read.
      trees.hang(tree, place.parent, place.side, ~trees.newLeaf(tree, point, 0));
      continue;
    }
    if (dimension >= dimensions || trees.usedNodes[tree]! + 1 >= sampleSize) throw unreadable(`tree ${String(tree)} has a cut that cannot be`);
    const node = trees.newNode(tree);
    trees.cutDimensions[node] = dimension;
    trees.cuts[node] = input.float64();
    trees.hang(tree, place.parent, place.side, node);
    open.push({ parent: node, side: 1 }, { parent: node, side: 0 });
  }
  // A node was read before those below it.
  const first = tree * sampleSize;
  for (let node = first + trees.usedNodes[tree]! - 1; node >= first; node -= 1) trees.refit(node);
}

function readSample(state: ForestState, tree: number, input: ByteReader): void {
  const { samples, settings, trees, held } = state;
  const firstLeaf = tree * (settings.sampleSize + 1);
  samples.next[tree] = input.float64();
  for (let at = tree * settings.sampleSize; at < tree * settings.sampleSize + held; at += 1) {
    samples.keys[at] = input.float64();
    const number = input.uint16();
    if (number >= trees.usedLeaves[tree]!) throw unreadable(`the sample of tree ${String(tree)} has a point that the tree does not have`);
    samples.leaves[at] = firstLeaf + number;
    trees.masses[firstLeaf + number]! += 1;
  }
  if (trees.masses.subarray(firstLeaf, firstLeaf + trees.usedLeaves[tree]!).includes(0))
    throw unreadable(`tree ${String(tree)} has a point that is not in its sample`);
}
