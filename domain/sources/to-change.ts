import { normaliseChange } from '../change-intake';
import type { Change } from '../change';
import { defined } from '../defined';
import { cleanText } from '../outside-text';
import type { Normalised, SourceContext } from './source';
import { linkOf, timeOf } from './to-alert';

/** Longest version that a change keeps. */
const LONGEST_VERSION = 128;

/** A text that a source may leave out. */
export type Maybe = string | null | undefined;

/** A change as a source tells it; texts may have any length and hold anything. */
export interface ToldChange {
  readonly kind: Change['kind'];
  readonly environment: string;
  /** A name as `serviceOf` gives it. */
  readonly service: string;
  /** Identity of the change, where the source has one. */
  readonly id?: Maybe;
  /** Epoch milliseconds. */
  readonly at?: number | undefined;
  readonly author?: Maybe;
  readonly summary?: Maybe;
  readonly from?: Maybe;
  readonly to?: Maybe;
  readonly link?: Maybe;
}

/** The change in our words: redacted, bounded, with an id made where the source has none. */
export function toChange(told: ToldChange, context: SourceContext): Normalised {
  const { kind, environment, service, at, author, ...texts } = told;
  const [id, summary, from, to] = [firstOf([texts.id]), firstOf([texts.summary]), firstOf([texts.from]), firstOf([texts.to])];
  const facts = { kind, environment, service, author: firstOf([author]) ?? 'unknown', link: linkOf(texts.link ?? undefined) };
  const change = normaliseChange(defined({ ...facts, id, at: timeOf(at), summary, from, to }), context);
  return { object: 'change', ...change, ...defined({ from: versionOf(from), to: versionOf(to) }) };
}

/** The first text that says something, without white space around it. */
export function firstOf(texts: readonly Maybe[]): string | undefined {
  return texts.map((text) => text?.trim()).find((text) => text !== undefined && text !== '');
}

/** A version or a commit. A digest in hex is kept as it is: some hold digits that look like the number of a card. */
export function versionOf(text: Maybe): string | undefined {
  const version = firstOf([text]);
  if (version === undefined || /^[0-9a-f]{7,64}$/i.test(version)) return version;
  return cleanText(version, LONGEST_VERSION);
}
