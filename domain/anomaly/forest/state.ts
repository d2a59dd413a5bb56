import { Changes } from './change';
import type { ForestSettings } from './options';
import { Streams } from './random';
import { Samples } from './sample';
import { Trees } from './trees';
import { Walk } from './walk';

/** All that a forest is, and what one point does to one tree. */
export class ForestState {
  readonly random: Streams;
  readonly trees: Trees;
  readonly samples: Samples;
  /** One for every other tree. */
  readonly walks: readonly [Walk, Walk];
  readonly changes: Changes;
  /** Points that arrived so far. */
  seen = 0;

  constructor(readonly settings: ForestSettings) {
    this.random = new Streams(settings.trees, settings.seed);
    this.trees = new Trees(settings);
    this.samples = new Samples(settings, settings.decay, this.random);
    this.walks = [new Walk(this.trees), new Walk(this.trees)];
    this.changes = new Changes(this.trees, this.random);
  }

  /** Points that each tree holds. */
  get held(): number {
    return Math.min(this.seen, this.settings.sampleSize);
  }

  /** The sum of a point's scores in all trees. Where it is learned, those that take it have it afterwards: each is scored and changed while it is near in memory. */
  pass(point: Float64Array, learns: boolean): number {
    const { held } = this;
    const { trees } = this.settings;
    const [first, second] = this.walks;
    let sum = 0;
    for (let tree = 0; tree < trees; tree += 2) {
      const isPair = tree + 1 < trees;
      if (held > 0) {
        if (isPair) first.descendWith(tree, second, tree + 1, point);
        else first.descend(tree, point);
      }
      sum += this.finish(tree, first, point, held, learns);
      if (isPair) sum += this.finish(tree + 1, second, point, held, learns);
    }
    if (learns) this.seen += 1;
    return sum;
  }

  /** Learns a point without a score, which leaves most trees alone. */
  learn(point: Float64Array): void {
    const { held, walks } = this;
    for (let tree = 0; tree < this.settings.trees; tree += 1) {
      if (!this.takes(tree)) continue;
      if (held > 0) walks[0].descend(tree, point);
      this.finish(tree, walks[0], point, held, true);
    }
    this.seen += 1;
  }

  private finish(tree: number, walk: Walk, point: Float64Array, held: number, learns: boolean): number {
    const score = held > 0 ? walk.score(point, held) : 0;
    if (learns && this.takes(tree)) this.take(tree, point, walk, held);
    return score;
  }

  /** Whether a tree takes the point that comes next. */
  private takes(tree: number): boolean {
    return this.seen < this.settings.sampleSize || this.samples.next[tree] === this.seen;
  }

  /** Takes a point into a tree in which it was just scored, and lets another go where the tree is full. */
  private take(tree: number, point: Float64Array, walk: Walk, held: number): void {
    const { changes, samples, seen } = this;
    const leaf = held === 0 ? changes.plant(tree, point) : changes.insert(tree, point, walk);
    if (held < this.settings.sampleSize) {
      samples.push(tree, held, seen, leaf);
      return;
    }
    const gone = samples.oldest(tree);
    samples.replace(tree, seen, leaf);
    changes.remove(tree, gone);
  }
}
