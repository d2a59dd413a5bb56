import { declaredFor, filled, wasGiven } from '../choose-runbook';
import { defined } from '../defined';
import type { Attempt, Hypothesis } from '../diagnosis';
import type { Runbook, RunbookSnapshot } from '../runbook';
import type { Demotions } from '../shadow/demotion';
import { declaredReasons, fitReason, nearReasons } from './reasons';
import type { TextMatches } from './text-match';

/** Where a runbook stands: `first` would be proposed, `possible` comes after it, `not` is declared for the cause and cannot be given, `near` only resembles what the texts say. */
export const STANDINGS = ['first', 'possible', 'not', 'near'] as const;

/** A runbook beside an incident or a text, and why it stands there. */
export interface RunbookCandidate {
  readonly runbook: string;
  readonly version: number;
  readonly title: string;
  readonly origin?: string;
  readonly standing: (typeof STANDINGS)[number];
  /** BM25 of its words against the texts; only good for comparing within one ranking. */
  readonly score: number;
  readonly reasons: readonly string[];
}

/** What candidates are ranked by. Without a hypothesis that names a remedy all are near misses. */
export interface CandidateQuestion {
  readonly catalogue: readonly RunbookSnapshot[];
  readonly matches: TextMatches;
  readonly hypothesis?: Hypothesis | undefined;
  readonly attempts: readonly Attempt[];
  /** What a runbook needs and the service does not have, as in the configuration. */
  readonly missing: (runbook: Runbook) => readonly string[];
  /** Why steps may not begin now, by the id of the runbook, where that was asked. */
  readonly refused?: ReadonlyMap<string, string>;
  /** How far runbooks fall as people rejected them. */
  readonly demotions?: Demotions | undefined;
}

/** Near misses that are shown beside an incident, and for a text. */
const MOST_NEAR = 3;
const MOST_FOR_TEXT = 8;

/** All runbooks that are declared for the hypothesis, those that can be given first and each part in the order in which they are tried; then the nearest by their texts. */
export function rankCandidates(question: CandidateQuestion): RunbookCandidate[] {
  const { catalogue, hypothesis, matches } = question;
  const declared = hypothesis?.suspect === undefined ? [] : declaredFor(catalogue, hypothesis, matches, question.demotions);
  const judged = hypothesis === undefined ? [] : declared.map((snapshot) => judgedCandidate(snapshot, hypothesis, question));
  const [possible, not] = [judged.filter(({ standing }) => standing === 'possible'), judged.filter(({ standing }) => standing === 'not')];
  const others = catalogue.filter((each) => !declared.includes(each));
  return [...possible.map((each, i) => (i === 0 ? { ...each, standing: 'first' as const } : each)), ...not, ...nearest(others, matches, hypothesis)];
}

/** Runbooks that resemble texts, the best first, where nothing is known of a cause. */
export function rankByText(catalogue: readonly RunbookSnapshot[], matches: TextMatches): RunbookCandidate[] {
  return nearest(catalogue, matches, undefined, MOST_FOR_TEXT);
}

function judgedCandidate(snapshot: RunbookSnapshot, hypothesis: Hypothesis, question: CandidateQuestion): RunbookCandidate {
  const against = objections(snapshot, hypothesis, question).map(fitReason);
  const { id } = snapshot.runbook;
  const why = declaredReasons(snapshot, hypothesis, question.matches.get(id), question.demotions?.get(id));
  return candidate(snapshot, question.matches, against.length > 0 ? 'not' : 'possible', [...against, ...why]);
}

function objections(snapshot: RunbookSnapshot, hypothesis: Hypothesis, { missing, attempts, refused }: CandidateQuestion): string[] {
  const { runbook } = snapshot;
  const lacks = missing(runbook);
  if (lacks.length > 0) return [`not: needs ${lacks.join(', ')}, which ${hypothesis.suspect ?? 'the service'} does not have`];
  const parameters = filled(runbook, hypothesis.parameters ?? {});
  if (parameters === undefined) return ['not: the diagnosis cannot fill its parameters'];
  const before = attempts.findLast((attempt) => wasGiven(snapshot, parameters, [attempt]));
  if (before) return [`not: was given in round ${String(before.round)} with the same values (${before.verdict})`];
  const why = refused?.get(runbook.id);
  return why === undefined ? [] : [`not now: ${why}`];
}

function nearest(catalogue: readonly RunbookSnapshot[], matches: TextMatches, hypothesis: Hypothesis | undefined, most = MOST_NEAR): RunbookCandidate[] {
  return catalogue
    .flatMap((snapshot) => {
      const match = matches.get(snapshot.runbook.id);
      return match === undefined || match.score <= 0 ? [] : [candidate(snapshot, matches, 'near', nearReasons(snapshot, match, hypothesis?.cause))];
    })
    .sort((a, b) => strength(b, matches) - strength(a, matches) || b.score - a.score || (a.runbook < b.runbook ? -1 : 1))
    .slice(0, most);
}

/** A symptom that stands tells more than words that stand scattered. */
function strength({ runbook }: RunbookCandidate, matches: TextMatches): number {
  return matches.get(runbook)?.outside ?? 0;
}

function candidate(
  { runbook, origin }: RunbookSnapshot,
  matches: TextMatches,
  standing: RunbookCandidate['standing'],
  reasons: readonly string[],
): RunbookCandidate {
  const { id, version, title } = runbook;
  return defined({ runbook: id, version, title, origin, standing, score: matches.get(id)?.score ?? 0, reasons });
}
