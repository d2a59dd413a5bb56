import { clearRoot } from '../../domain/diagnose-ranked';
import { rankCauses } from '../../domain/root-cause/rank';
import type { CauseQuestion, CauseRanking } from '../../domain/root-cause/types';
import { BASELINES } from './baselines';
import type { RcaCase } from './case';

/** Shares of the cases in which a root is first, and among the first three. */
export interface Hits {
  readonly top1: number;
  readonly top3: number;
}

/** Scores of one set of cases. An abstention counts as a miss. */
export interface SetScore extends Hits {
  readonly cases: number;
  /** Causes that were named with high confidence, and the share of them that is wrong; null where none was. */
  readonly confident: number;
  readonly confidentlyWrong: number | null;
  /** Roots that an incident's diagnosis would take over, as they are clear and the node where it was noticed calls them, and the share of them that is wrong; null where there was none. */
  readonly taken: number;
  readonly takenWrong: number | null;
  readonly abstained: number;
  /** The same cases by guesses without thought. */
  readonly baselines: Readonly<Record<string, Hits>>;
  /** By what makes a case hard. */
  readonly byKind: Readonly<Record<string, Hits & { readonly cases: number }>>;
}

interface Scored {
  readonly tags: readonly string[];
  readonly named: boolean;
  readonly confident: boolean;
  readonly taken: boolean;
  readonly place: number;
  readonly baselines: readonly (readonly [string, number])[];
}

/** Ranks and scores cases. */
export function scoreSet(cases: readonly RcaCase[]): SetScore {
  const scored = cases.map(({ question, roots, tags }): Scored => {
    const ranking = rankCauses(question);
    const { causes, verdict, confidence } = ranking;
    const placeOf = (ranking: readonly string[]): number => {
      const place = ranking.findIndex((node) => roots.includes(node));
      return place < 0 ? Infinity : place;
    };
    return {
      tags,
      named: verdict === 'named',
      confident: confidence === 'high',
      taken: isTaken(question, ranking),
      place: placeOf(causes.map(({ node }) => node)),
      baselines: Object.entries(BASELINES).map(([name, guess]) => [name, placeOf(guess(question))] as const),
    };
  });
  const confident = scored.filter((each) => each.confident);
  const taken = scored.filter((each) => each.taken);
  const kinds = [...new Set(scored.flatMap(({ tags }) => tags))].sort();
  return {
    cases: scored.length,
    ...hits(scored.map(({ named, place }) => (named ? place : Infinity))),
    confident: confident.length,
    confidentlyWrong: confident.length === 0 ? null : share(confident, ({ place }) => place > 0),
    taken: taken.length,
    takenWrong: taken.length === 0 ? null : share(taken, ({ place }) => place > 0),
    abstained: share(scored, ({ named }) => !named),
    baselines: Object.fromEntries(Object.keys(BASELINES).map((name, i) => [name, hits(scored.map(({ baselines }) => baselines[i]?.[1] ?? Infinity))])),
    byKind: Object.fromEntries(kinds.map((kind) => [kind, ofKind(scored.filter(({ tags }) => tags.includes(kind)))])),
  };
}

/** Whether a diagnosis would take the first cause over: it is clear, and something that the node calls where the trouble was noticed, near or far. */
function isTaken({ symptom, calls }: CauseQuestion, ranking: CauseRanking): boolean {
  const root = clearRoot(ranking);
  if (!root || !symptom || root.node === symptom.node) return false;
  const reached = new Set([symptom.node]);
  // A set that is walked through comes by what is added meanwhile.
  for (const node of reached) for (const { caller, callee } of calls) if (caller === node) reached.add(callee);
  return reached.has(root.node);
}

function ofKind(scored: readonly Scored[]): Hits & { cases: number } {
  return { cases: scored.length, ...hits(scored.map(({ named, place }) => (named ? place : Infinity))) };
}

/** Scores of several sets as of one, each case counting once. */
export function together(sets: readonly SetScore[]): SetScore {
  const cases = sets.reduce((sum, each) => sum + each.cases, 0);
  const confident = sets.reduce((sum, each) => sum + each.confident, 0);
  const wrong = sets.reduce((sum, each) => sum + each.confident * (each.confidentlyWrong ?? 0), 0);
  const taken = sets.reduce((sum, each) => sum + each.taken, 0);
  const takenWrong = sets.reduce((sum, each) => sum + each.taken * (each.takenWrong ?? 0), 0);
  const kinds = [...new Set(sets.flatMap(({ byKind }) => Object.keys(byKind)))];
  return {
    cases,
    ...weighed(sets),
    confident,
    confidentlyWrong: confident === 0 ? null : wrong / confident,
    taken,
    takenWrong: taken === 0 ? null : takenWrong / taken,
    abstained: cases === 0 ? 0 : sets.reduce((sum, each) => sum + each.abstained * each.cases, 0) / cases,
    baselines: Object.fromEntries(
      Object.keys(BASELINES).map((name) => [name, weighed(sets.map((each) => ({ cases: each.cases, ...(each.baselines[name] ?? { top1: 0, top3: 0 }) })))]),
    ),
    byKind: Object.fromEntries(
      kinds.map((kind) => {
        const parts = sets.flatMap(({ byKind }) => byKind[kind] ?? []);
        return [kind, { cases: parts.reduce((sum, each) => sum + each.cases, 0), ...weighed(parts) }];
      }),
    ),
  };
}

function weighed(parts: readonly (Hits & { readonly cases: number })[]): Hits {
  const cases = parts.reduce((sum, each) => sum + each.cases, 0);
  const mean = (of: (part: Hits) => number): number => (cases === 0 ? 0 : parts.reduce((sum, each) => sum + of(each) * each.cases, 0) / cases);
  return { top1: mean(({ top1 }) => top1), top3: mean(({ top3 }) => top3) };
}

function hits(places: readonly number[]): Hits {
  return { top1: share(places, (place) => place === 0), top3: share(places, (place) => place < 3) };
}

function share<T>(list: readonly T[], holds: (each: T) => boolean): number {
  return list.length === 0 ? 0 : list.filter(holds).length / list.length;
}
