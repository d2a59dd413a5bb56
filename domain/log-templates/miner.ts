import { NightshiftError } from '../errors';
import { digestId } from '../outside-text';
import { redact } from '../redact';
import { maskLine } from './mask';
import { differsByValues, nearest } from './nearest';
import { mergedWord, readWord } from './words';
import type { Word } from './words';

/** A kind of line. */
export interface Template {
  /** `t-` and a digest of the first line of its kind, masked. It stays when the template becomes more general. */
  readonly id: string;
  /** The line with placeholders for what varies: `<*>` where only comparing lines showed it. */
  readonly text: string;
  /** Lines of it, since it was last begun. */
  readonly lines: number;
}

/** What a line was taken for. */
export interface Placed {
  readonly id: string;
  /** Whether it is the first line of its kind. */
  readonly isNew: boolean;
}

/** Everything that a miner knows, as plain data. */
export interface MinerSnapshot {
  readonly version: 1;
  /** Oldest first; `weight` says how much each was used of late. */
  readonly templates: readonly (Template & { readonly weight: number })[];
  /** Ids of templates that were found to be the same kind as another, with that one's. */
  readonly aliases: readonly (readonly [string, string])[];
}

/** How much a miner keeps, and how fast it takes words for values. */
export interface MinerLimits {
  /** Most templates at a time. Beyond that the tenth that is used least is forgotten. */
  readonly templates: number;
  /** So many different words at one place of lines that are alike otherwise mean that it varies: below three names of states are taken for values, far above names of users stay. */
  readonly values: number;
  /** The same for the first word of a line, and for words in capitals. */
  readonly leadingValues: number;
}

/** The limits that are good for all kinds of logs. */
export const MINER_LIMITS: MinerLimits = { templates: 2000, values: 5, leadingValues: 10 };

const FORGOTTEN_SHARE = 0.1;
/** Texts that are known by heart, for each template. */
const TEXTS_A_TEMPLATE = 4;

interface Kept {
  readonly id: string;
  words: readonly Word[];
  lines: number;
  weight: number;
  /** Where its lines go now, once it was found to be the same kind as another or was forgotten. */
  gone: boolean;
}

/**
 * Finds the templates of a stream of lines, one line at a time, in the manner of Drain (He et al. 2017, "Drain: An Online Log Parsing Approach with Fixed Depth Tree"): lines of as many
 * words are compared word by word. Other than there, a place is taken for a value only if values are seen there: a placeholder, another number, or `values` different
 * words. The same lines in the same order give the same templates. Memory is bounded by `limits`.
 */
export class TemplateMiner {
  readonly #limits: MinerLimits;
  readonly #byText = new Map<string, Kept>();
  readonly #byId = new Map<string, Kept>();
  readonly #byLength = new Map<number, Kept[]>();
  readonly #aliases = new Map<string, string>();

  constructor(limits: Partial<MinerLimits> = {}) {
    this.#limits = { ...MINER_LIMITS, ...limits };
  }

  /** A miner that goes on where the one of the snapshot was. Throws `invalid_input` for a snapshot of another version: begin with none then. */
  static restore(snapshot: MinerSnapshot, limits: Partial<MinerLimits> = {}): TemplateMiner {
    // It may come from a file or a store of another version.
    const { version } = snapshot as { readonly version: unknown };
    if (version !== 1) throw new NightshiftError('invalid_input', `Templates of version ${String(version)} cannot be read, only of version 1.`);
    const miner = new TemplateMiner(limits);
    for (const { id, text, lines, weight } of snapshot.templates) miner.#keep({ id, words: wordsOf(text), lines, weight, gone: false });
    for (const [from, to] of snapshot.aliases) miner.#aliases.set(from, to);
    return miner;
  }

  /** Takes in a line, or so many of it, and tells its template. */
  add(line: string, lines = 1): Placed {
    const text = maskLine(line);
    const before = this.#byText.get(text);
    const known = before && !before.gone ? before : this.#known(text);
    const kept = known ?? this.#begin(text);
    if (kept !== before) this.#remember(text, kept);
    kept.lines += lines;
    kept.weight += lines;
    return { id: kept.id, isNew: known === undefined };
  }

  /** The template of an id, or of the one that it went into; undefined when it was never known or is forgotten. */
  template(id: string): Template | undefined {
    const kept = this.#byId.get(id) ?? this.#byId.get(this.#aliases.get(id) ?? '');
    return kept && templateOf(kept);
  }

  /** All templates, oldest first. */
  templates(): Template[] {
    return [...this.#byId.values()].map(templateOf);
  }

  /** What it knows. Texts known by heart are not part of it and are forgotten, so that this miner and a restored one go on alike. */
  snapshot(): MinerSnapshot {
    this.#byText.clear();
    return { version: 1, templates: [...this.#byId.values()].map((kept) => ({ ...templateOf(kept), weight: kept.weight })), aliases: [...this.#aliases] };
  }

  #known(text: string): Kept | undefined {
    const words = wordsOf(text);
    const found = nearest(this.#byLength.get(words.length) ?? [], words, this.#limits);
    if (!found) return undefined;
    // Of several the most used one stands for all, as its counts matter most.
    const kept = found.reduce((most, other) => (other.lines > most.lines ? other : most));
    const before = kept.words;
    for (const other of found) if (other !== kept) this.#join(kept, other);
    kept.words = merged(kept.words, words);
    if (kept.words.some((word, i) => word.text !== before[i]?.text)) this.#absorb(kept);
    return kept;
  }

  // What became more general may now stand for others: else it would matter which of them was there first.
  #absorb(kept: Kept): void {
    for (const other of this.#byLength.get(kept.words.length) ?? []) {
      if (other !== kept && differsByValues(kept, other.words)) this.#join(kept, other);
    }
  }

  #begin(text: string): Kept {
    const id = digestId('t', [text]);
    const same = this.#byId.get(id);
    if (same) return same;
    if (this.#byId.size >= this.#limits.templates) this.#forget();
    const kept: Kept = { id, words: wordsOf(redact(text)), lines: 0, weight: 0, gone: false };
    this.#aliases.delete(id);
    this.#keep(kept);
    return kept;
  }

  #keep(kept: Kept): void {
    this.#byId.set(kept.id, kept);
    const alike = this.#byLength.get(kept.words.length);
    if (alike) alike.push(kept);
    else this.#byLength.set(kept.words.length, [kept]);
  }

  #remember(text: string, kept: Kept): void {
    if (this.#byText.size >= this.#limits.templates * TEXTS_A_TEMPLATE) this.#byText.clear();
    this.#byText.set(text, kept);
  }

  #join(kept: Kept, other: Kept): void {
    kept.words = merged(kept.words, other.words);
    kept.lines += other.lines;
    kept.weight += other.weight;
    this.#drop([other]);
    for (const [from, to] of this.#aliases) if (to === other.id) this.#aliases.set(from, kept.id);
    this.#aliases.set(other.id, kept.id);
    const [oldest] = this.#aliases.keys();
    if (oldest !== undefined && this.#aliases.size > this.#limits.templates) this.#aliases.delete(oldest);
  }

  // The least used of late: a flood of lines that never come again must not drive out what comes every day. Weights are halved, so that what is no longer written goes in the end.
  #forget(): void {
    const all = [...this.#byId.values()].sort((a, b) => a.weight - b.weight);
    for (const kept of all) kept.weight /= 2;
    this.#drop(all.slice(0, Math.max(1, Math.floor(all.length * FORGOTTEN_SHARE))));
  }

  #drop(leaving: readonly Kept[]): void {
    for (const kept of leaving) {
      kept.gone = true;
      this.#byId.delete(kept.id);
    }
    for (const length of new Set(leaving.map(({ words }) => words.length))) {
      this.#byLength.set(
        length,
        (this.#byLength.get(length) ?? []).filter(({ gone }) => !gone),
      );
    }
  }
}

function wordsOf(text: string): Word[] {
  return text.split(' ').map(readWord);
}

function merged(known: readonly Word[], words: readonly Word[]): Word[] {
  return known.map((before, i) => mergedWord(before, words[i] ?? before));
}

function templateOf({ id, words, lines }: Kept): Template {
  return { id, text: words.map(({ text }) => text).join(' '), lines };
}
