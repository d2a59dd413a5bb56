import { compareText } from '../compare';
import type { IncidentCard } from './card';
import { FIELD_WEIGHTS, FIELDS, termsOf } from './terms';
import type { Field, Terms } from './terms';

/** What two cards share in a field: 0 to 1 there, its part of the whole, and the terms that say most. */
export interface SharedField {
  readonly field: Field;
  readonly likeness: number;
  readonly share: number;
  /** Strongest first; whole texts begin with `=`. */
  readonly terms: readonly string[];
}

/** How alike two cards are, 0 to 1, and in what, strongest first. */
export interface Likeness {
  readonly score: number;
  readonly shared: readonly SharedField[];
}

/** Compares cards with those it was made of. */
export interface CardComparer {
  compare(card: IncidentCard, other: IncidentCard): Likeness;
}

/** Terms of a field with their weights, and the length of the vector that these are. */
interface Weighed {
  readonly weights: ReadonlyMap<string, number>;
  readonly length: number;
}

type WeighedCard = Readonly<Record<Field, Weighed>>;

/** Cards that say little are not alike only because they say the same little: a field weighs against at least so much. */
const LEAST_WEIGHT = 5;

/**
 * Cosine of weighted TF-IDF: in each field the cosine of the terms' weights (1 + ln of the count, times the inverse document frequency of BM25, https://doi.org/10.1561/1500000019),
 * and over the fields their weighted sum. `all` are the cards that frequencies are counted in. Deterministic.
 */
export function cardComparer(all: readonly IncidentCard[]): CardComparer {
  const terms = new Map(all.map((card) => [card, termsOf(card)]));
  const frequencies = new Map(FIELDS.map((field) => [field, counts([...terms.values()].map((each) => each[field]))]));
  const weighed = new Map<IncidentCard, WeighedCard>();
  const weighField = (field: Field, found: Terms): Weighed => weigh(found, frequencies.get(field) ?? new Map<string, number>(), all.length);
  const of = (card: IncidentCard): WeighedCard => {
    const known = weighed.get(card);
    if (known) return known;
    const found = terms.get(card) ?? termsOf(card);
    const made = Object.fromEntries(FIELDS.map((field) => [field, weighField(field, found[field])])) as WeighedCard;
    weighed.set(card, made);
    return made;
  };
  return { compare: (card, other) => likenessOf(of(card), of(other)) };
}

function likenessOf(a: WeighedCard, b: WeighedCard): Likeness {
  const whole = Math.sqrt(weightOf(a) * weightOf(b));
  const shared = FIELDS.flatMap((field): SharedField[] => {
    const { likeness, terms } = inField(a[field], b[field]);
    return terms.length === 0 ? [] : [{ field, likeness, terms, share: (FIELD_WEIGHTS[field] * likeness) / whole }];
  });
  const score = shared.reduce((sum, { share }) => sum + share, 0);
  return { score: Math.min(1, score), shared: shared.sort((x, y) => y.share - x.share) };
}

function inField(a: Weighed, b: Weighed): Pick<SharedField, 'likeness' | 'terms'> {
  const parts: { readonly term: string; readonly part: number }[] = [];
  for (const [term, weight] of a.weights) {
    const other = b.weights.get(term);
    if (other !== undefined) parts.push({ term, part: weight * other });
  }
  parts.sort((x, y) => y.part - x.part || compareText(x.term, y.term));
  const dot = parts.reduce((sum, { part }) => sum + part, 0);
  return { likeness: parts.length === 0 ? 0 : Math.min(1, dot / (a.length * b.length)), terms: parts.map(({ term }) => term) };
}

/** In how many cards each term of a field stands. */
function counts(all: readonly Terms[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const terms of all) for (const term of terms.keys()) found.set(term, (found.get(term) ?? 0) + 1);
  return found;
}

function weigh(terms: Terms, frequencies: ReadonlyMap<string, number>, cards: number): Weighed {
  const weights = new Map<string, number>();
  let squares = 0;
  for (const [term, count] of terms) {
    const found = frequencies.get(term) ?? 0;
    const weight = (1 + Math.log(count)) * Math.log(1 + (cards - found + 0.5) / (found + 0.5));
    weights.set(term, weight);
    squares += weight * weight;
  }
  return { weights, length: Math.sqrt(squares) };
}

function weightOf(card: WeighedCard): number {
  const said = FIELDS.reduce((sum, field) => sum + (card[field].weights.size > 0 ? FIELD_WEIGHTS[field] : 0), 0);
  return Math.max(LEAST_WEIGHT, said);
}
