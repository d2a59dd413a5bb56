import { relation } from './words';
import type { Word } from './words';

/** Something with words that lines are compared with. */
export interface Known {
  readonly words: readonly Word[];
}

/** When words at one place are taken for a value. */
export interface Evidence {
  /** So many different words at a place, with all else alike, mean that it varies. */
  readonly values: number;
  /** The same where the first word or names of states differ: these mostly tell kinds of lines apart. */
  readonly leadingValues: number;
}

/** Where a line belongs: with one that has only other values, or with several with which it shows that some places vary; `undefined` when it is a kind of its own. */
export type Nearest<K extends Known> = readonly [K, ...K[]] | undefined;

/** Lines that differ at more places are not put together for it, and no more templates than this are looked at: work per line stays bounded. */
const MOST_PLACES = 4;
const MOST_DIFFERENCES = 64;

interface Difference<K> {
  readonly known: K;
  readonly places: readonly number[];
  readonly leading: boolean;
}

/** Compares a line with those of as many words. The first of equally near ones wins. */
export function nearest<K extends Known>(all: readonly K[], words: readonly Word[], evidence: Evidence): Nearest<K> {
  let [best, bestScore]: [K | undefined, number] = [undefined, -1];
  const differences: Difference<K>[] = [];
  for (const known of all) {
    const compared = compare(known, words);
    if (!compared) continue;
    if (compared.places.length > 0) {
      if (differences.length < MOST_DIFFERENCES) differences.push(compared);
    } else if (compared.score > bestScore) [best, bestScore] = [known, compared.score];
  }
  return best ? [best] : varying(differences, words, evidence);
}

/** Whether a line, or another template, has only other values. */
export function differsByValues(known: Known, words: readonly Word[]): boolean {
  return compare(known, words)?.places.length === 0;
}

// Lines are of one kind only if at least as many words are the same as not.
function compare<K extends Known>(known: K, words: readonly Word[]): (Difference<K> & { readonly score: number }) | undefined {
  const places: number[] = [];
  let same = 0;
  let values = 0;
  let alike = 0;
  let leading = false;
  // Plain indices, as every new line is compared with many templates.
  for (let i = 0; i < words.length; i += 1) {
    const before = known.words[i];
    const word = words[i];
    if (!before || !word) return undefined;
    const related = relation(before, word);
    if (related === 'same') same += 1;
    else if (related === 'same-value') alike += 1;
    else if (related === 'value') values += 1;
    else {
      places.push(i);
      leading ||= i === 0 || related === 'capitals';
    }
    if (2 * (values + places.length) > words.length || places.length > MOST_PLACES) return undefined;
  }
  if (same < values + places.length) return undefined;
  return { known, places, leading, score: 2 * same + alike };
}

// The fewest places at which, all else alike, enough different words were seen.
function varying<K extends Known>(differences: readonly Difference<K>[], words: readonly Word[], { values, leadingValues }: Evidence): Nearest<K> {
  if (differences.length + 1 < values) return undefined;
  const sets = new Map(differences.map(({ places }) => [places.join(), places]));
  for (const places of [...sets.values()].sort((a, b) => a.length - b.length)) {
    const within = differences.filter((difference) => difference.places.every((place) => places.includes(place)));
    const needed = within.some(({ leading }) => leading) ? leadingValues : values;
    const different = (place: number): number => new Set([words[place]?.text, ...within.map(({ known }) => known.words[place]?.text)]).size;
    const [first, ...others] = within;
    if (first && places.every((place) => different(place) >= needed)) return [first.known, ...others.map(({ known }) => known)];
  }
  return undefined;
}
