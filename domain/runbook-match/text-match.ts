import type { Runbook, RunbookSnapshot } from '../runbook';
import { bm25, countWords } from './bm25';
import type { Scorer } from './bm25';
import type { EvidenceText } from './texts';
import { wordsOf } from './words';

/** A declared symptom, how many of its words stand together in one text, and where. */
export interface SymptomFound {
  readonly symptom: string;
  readonly words: readonly string[];
  readonly of: number;
  readonly at: string;
  readonly trust: EvidenceText['trust'];
}

/** How the texts of an incident fit a runbook. Scores are of BM25: 0 for not at all, and only good for comparing within one ranking. */
export interface TextMatch {
  /** Over its symptoms that stand in what we measured ourselves. */
  readonly measured: number;
  /** Over those that stand in any text, also where somebody outside can write it. */
  readonly outside: number;
  /** Over title, description and symptoms together. */
  readonly score: number;
  /** Symptoms that stand in a text. */
  readonly found: readonly SymptomFound[];
  /** Words by which the score came about, rarest first. */
  readonly words: readonly string[];
}

/** Matches of runbooks by their ids. */
export type TextMatches = ReadonlyMap<string, TextMatch>;

/** Nothing was compared. */
export const NO_MATCHES: TextMatches = new Map();

/** A symptom stands in a text that holds so large a share of its words. */
const STANDS = 2 / 3;
/** What a word weighs that only texts hold which somebody outside can write. */
const OUTSIDE_WEIGHT = 0.25;
const WEIGHTS = { title: 2, description: 1, symptoms: 3 } as const;

/** Compares each runbook with the texts of an incident. Pure arithmetic over words: the same texts give the same numbers. */
export function matchTexts(catalogue: readonly RunbookSnapshot[], texts: readonly EvidenceText[]): TextMatches {
  const read = texts.map((each) => ({ ...each, words: new Set(wordsOf(each.text)) }));
  const query = new Map<string, number>();
  for (const { words, trust } of read) for (const word of words) query.set(word, Math.max(query.get(word) ?? 0, trust === 'measured' ? 1 : OUTSIDE_WEIGHT));
  const whole = catalogue.map(({ runbook }) => documentOf(runbook));
  const score = bm25(whole);
  const ofSymptoms = bm25(catalogue.map(({ runbook }) => countWords((runbook.symptoms ?? []).flatMap(wordsOf))));
  return new Map(
    catalogue.map(({ runbook }, i) => {
      const found = (runbook.symptoms ?? []).flatMap((symptom) => findSymptom(symptom, read));
      const strength = (part: readonly SymptomFound[]): number => ofSymptoms(i, countWords([...new Set(part.flatMap(({ words }) => words))]));
      const measured = strength(found.filter(({ trust }) => trust === 'measured'));
      return [runbook.id, { measured, outside: strength(found), score: score(i, query), found, words: tellingWords(score, i, query, whole[i]) }];
    }),
  );
}

function documentOf({ title, description, symptoms = [] }: Runbook): Map<string, number> {
  const counts = countWords(wordsOf(title), WEIGHTS.title);
  countWords(wordsOf(description), WEIGHTS.description, counts);
  return countWords(symptoms.flatMap(wordsOf), WEIGHTS.symptoms, counts);
}

/** The text that holds most of a symptom, of those that hold enough of it; our own measurement before others. */
function findSymptom(symptom: string, texts: readonly (EvidenceText & { readonly words: ReadonlySet<string> })[]): SymptomFound[] {
  const wanted = [...new Set(wordsOf(symptom))];
  const held = texts
    .map(({ id: at, trust, words }) => ({ symptom, words: wanted.filter((word) => words.has(word)), of: wanted.length, at, trust }))
    .filter(({ words }) => words.length > 0 && words.length >= STANDS * wanted.length)
    .sort((a, b) => Number(b.trust === 'measured') - Number(a.trust === 'measured') || b.words.length - a.words.length);
  return held.slice(0, 1);
}

function tellingWords(score: Scorer, document: number, query: ReadonlyMap<string, number>, words: ReadonlyMap<string, number> | undefined): string[] {
  return [...query.keys()]
    .filter((word) => words?.has(word))
    .map((word) => ({ word, part: score(document, new Map([[word, 1]])) }))
    .sort((a, b) => b.part - a.part || (a.word < b.word ? -1 : 1))
    .map(({ word }) => word);
}
