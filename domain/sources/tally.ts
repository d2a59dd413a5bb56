import { NightshiftError } from '../errors';
import type { Problem } from '../errors';
import { MOST_PROBLEMS } from '../schema-problems';
import type { LeftOut, Normalised, Reading } from './source';
import { unreadable } from './wire';

/** Most points, lines or spans of one message: exporters send some thousands. */
const MOST_OBJECTS = 100_000;

/** Counts what is left out, so that ten thousand of a kind are one sentence. */
export interface Tally {
  /** A thing that holds nothing to keep: `point`, `that says that nothing was measured`. */
  pass(thing: string, why: string): void;
  /** Things that cannot be kept. */
  refuse(thing: string, why: string, count?: number): void;
  /** The same of what is not as its source sends it. A message in which nothing else was found is not of this source. */
  malformed(thing: string, wrong: { readonly why: string; readonly problems?: readonly Problem[] }, count?: number): void;
}

class Counts implements Tally {
  private readonly counts = new Map<string, Omit<LeftOut, 'words'> & { readonly why: string }>();
  private isMalformed = false;
  private readonly problems: Problem[] = [];

  pass(thing: string, why: string): void {
    this.add(thing, why, 1, false);
  }

  refuse(thing: string, why: string, count = 1): void {
    this.add(thing, why, count, true);
  }

  malformed(thing: string, { why, problems = [] }: { readonly why: string; readonly problems?: readonly Problem[] }, count = 1): void {
    this.isMalformed = true;
    if (this.problems.length < MOST_PROBLEMS) this.problems.push(...problems);
    this.add(thing, why, count, true);
  }

  leftOut(): LeftOut[] {
    return [...this.counts.values()].map(({ thing, why, count, refused }) => {
      return { thing, count, refused, words: `${String(count)} ${thing}${count === 1 || thing.endsWith('s') ? '' : 's'} ${why}` };
    });
  }

  /** Throws `unreadable` where everything was malformed. */
  check(kept: number): void {
    if (!this.isMalformed || kept > 0) return;
    const words = this.leftOut().map((each) => each.words);
    throw unreadable(`Nothing in the message can be kept: ${words.join('; ')}.`, this.problems);
  }

  private add(thing: string, why: string, count: number, refused: boolean): void {
    const key = `${thing} ${why}`;
    this.counts.set(key, { thing, why, refused, count: (this.counts.get(key)?.count ?? 0) + count });
  }
}

/**
 * What a message of many points, lines or spans holds: `fill` keeps objects and counts what it leaves out; `nothing` says what a message without either is.
 * Throws `unreadable` where everything in it is malformed, `too_large` beyond 100,000 objects.
 */
export function gathered(nothing: string, fill: (keep: (each: Normalised) => void, aside: Tally) => void): Reading {
  const objects: Normalised[] = [];
  const aside = new Counts();
  fill((each) => {
    if (objects.length >= MOST_OBJECTS) {
      throw new NightshiftError('too_large', `The message holds more than ${String(MOST_OBJECTS)} points, lines or spans; send smaller batches.`);
    }
    objects.push(each);
  }, aside);
  aside.check(objects.length);
  const leftOut = aside.leftOut();
  return { objects, passedOver: objects.length + leftOut.length === 0 ? [nothing] : leftOut.map(({ words }) => words), leftOut };
}
