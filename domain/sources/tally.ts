import { NightshiftError } from '../errors';
import type { Normalised, Reading } from './source';

/** Most points, lines or spans of one message: exporters send some thousands. */
const MOST_OBJECTS = 100_000;

/** Counts what is left aside, so that ten thousand of a kind are one sentence. */
export interface Tally {
  /** A thing that is left aside: `point`, `without a value`. */
  add(thing: string, why: string): void;
  /** Sentences, or this one where nothing was kept and nothing was left aside. */
  told(kept: number, nothing: string): readonly string[];
}

function tally(): Tally {
  const counts = new Map<string, { readonly thing: string; readonly why: string; count: number }>();
  return {
    add(thing, why) {
      const key = `${thing} ${why}`;
      const entry = counts.get(key) ?? { thing, why, count: 0 };
      entry.count += 1;
      counts.set(key, entry);
    },
    told(kept, nothing) {
      const told = [...counts.values()].map(({ thing, why, count }) => `${String(count)} ${thing}${count === 1 || thing.endsWith('s') ? '' : 's'} ${why}`);
      return kept + told.length === 0 ? [nothing] : told;
    },
  };
}

/**
 * What a message of many points, lines or spans holds: `fill` keeps objects and counts what it leaves aside; `nothing` says what a message without either is.
 * Throws `too_large` beyond 100,000 objects.
 */
export function gathered(nothing: string, fill: (keep: (each: Normalised) => void, aside: Tally) => void): Reading {
  const objects: Normalised[] = [];
  const aside = tally();
  fill((each) => {
    if (objects.length >= MOST_OBJECTS) {
      throw new NightshiftError('too_large', `The message holds more than ${String(MOST_OBJECTS)} points, lines or spans; send smaller batches.`);
    }
    objects.push(each);
  }, aside);
  return { objects, passedOver: aside.told(objects.length, nothing) };
}
