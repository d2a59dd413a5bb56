import { defined } from '../defined';
import type { Diagnosis, Hypothesis } from '../diagnosis';
import type { EvidenceBundle } from '../evidence';
import type { CauseKind } from '../names';
import type { OpinedHypothesis, Opinion } from './opinion';
import type { Candidate } from './request';
import { witnessOf } from './trust';

/** Hypotheses whose scores differ by no more than that are as good as equal, and a model may say which comes first. */
export const TIE = 0.005;

/** A cause that a model suggests to people; nothing follows from it by itself. */
export interface Suggestion {
  readonly cause: CauseKind;
  readonly statement: string;
  readonly evidence: readonly string[];
  /** Runbook that it would choose, where that one is declared for the cause. */
  readonly runbook?: string;
}

/** What a model adds to a diagnosis. */
export interface Advice {
  /** The sentence that says where it comes from, or why there is none. */
  readonly note: string;
  /** Hypotheses of the statistics that the model supports and disputes, by id. */
  readonly supports: readonly string[];
  readonly disputes: readonly string[];
  readonly explanation?: string;
  readonly unknown: readonly string[];
  readonly suggestions: readonly Suggestion[];
  /** Another declared runbook for the first hypothesis, which a person may take instead. */
  readonly runbook?: string;
}

/** A diagnosis beside which a model was heard. */
export interface AdvisedDiagnosis extends Diagnosis {
  readonly advice: Advice;
  /** Why nothing may be done without a person now, whatever the policy allows; empty where the model gives no reason for that. */
  readonly askPerson: readonly string[];
}

/**
 * A diagnosis with what a model said. The statistics stay what they are: no score rises, no hypothesis and no parameter is added, the verdict and what is ruled out stay. The model may
 * say which of two hypotheses comes first that the statistics hold for equal, and every time that it would change what is done a person is asked. It may dispute, which asks a person
 * too, and explain. For an undetermined diagnosis it may suggest a cause, from which nothing follows.
 */
export function withOpinion(diagnosis: Diagnosis, opinion: Opinion, candidates: readonly Candidate[], bundle: EvidenceBundle): AdvisedDiagnosis {
  const plain = { ...diagnosis, advice: { note: noteOf(opinion), supports: [], disputes: [], unknown: [], suggestions: [] }, askPerson: [] };
  if (opinion.outcome !== 'used') return plain;
  const hypotheses = reordered(diagnosis.hypotheses, opinion.hypotheses, bundle);
  const [first] = hypotheses;
  const advised = { ...diagnosis, cause: first?.cause ?? diagnosis.cause, hypotheses };
  const disputes = disputed(hypotheses, opinion.hypotheses, bundle);
  const runbook = first && otherRunbook(first, opinion, candidates);
  return {
    ...advised,
    advice: {
      note: noteOf(opinion),
      supports: supported(hypotheses, opinion.hypotheses).map(({ id }) => id),
      disputes,
      ...defined({ explanation: opinion.summary, runbook }),
      unknown: opinion.unknowns,
      suggestions: opinion.hypotheses.flatMap((each) => suggestion(each, diagnosis, opinion, candidates)),
    },
    askPerson: [
      ...(first !== undefined && first.id !== diagnosis.hypotheses[0]?.id
        ? ['the statistics hold two causes for equal, and a model put the other one first']
        : []),
      ...(first !== undefined && disputes.includes(first.id) ? ['a model names measured evidence against the first cause'] : []),
      ...(first !== undefined && runbook !== undefined ? ['a model would choose another runbook'] : []),
      ...(first !== undefined && namesAnother(first, opinion.hypotheses) ? ['a model names another cause'] : []),
      ...(opinion.needsHuman ? ['a model asks for a person'] : []),
    ],
  };
}

/** Only neighbours that are as good as equal change places, and one comes forward only if something that no outsider wrote supports it by the statistics and by the model. */
function reordered(hypotheses: readonly Hypothesis[], opined: readonly OpinedHypothesis[], bundle: EvidenceBundle): readonly Hypothesis[] {
  const rank = (each: Hypothesis): number => {
    const place = opined.findIndex(({ statistical, supporting }) => statistical === each.id && carried(each.supporting, supporting, bundle));
    return place === -1 ? opined.length : place;
  };
  const result: Hypothesis[] = [];
  let rest = hypotheses;
  while (rest.length > 0) {
    const top = rest[0]?.score ?? 0;
    const tied = rest.filter(({ score }) => top - score <= TIE);
    result.push(...[...tied].sort((a, b) => rank(a) - rank(b)));
    rest = rest.slice(tied.length);
  }
  return result;
}

/** Whether statistics and model share an item that no outsider can write. */
function carried(statistics: readonly string[], model: readonly string[], bundle: EvidenceBundle): boolean {
  return statistics.some((id) => model.includes(id) && isOurs(id, bundle));
}

function isOurs(id: string, { items }: EvidenceBundle): boolean {
  const item = items.find((each) => each.id === id);
  const { trust, source } = item ? witnessOf(item) : {};
  return trust !== undefined && trust !== 'outside' && source !== undefined;
}

function supported(hypotheses: readonly Hypothesis[], opined: readonly OpinedHypothesis[]): readonly Hypothesis[] {
  return hypotheses.filter(({ id }) => opined.some(({ statistical }) => statistical === id));
}

/** What the model names against a hypothesis counts when it was measured or told by the platform, and does not support the hypothesis by the statistics. */
function disputed(hypotheses: readonly Hypothesis[], opined: readonly OpinedHypothesis[], bundle: EvidenceBundle): readonly string[] {
  return hypotheses
    .filter(({ id, supporting }) =>
      opined.some(({ statistical, contradicting }) => statistical === id && contradicting.some((each) => isOurs(each, bundle) && !supporting.includes(each))),
    )
    .map(({ id }) => id);
}

/** What it is surest of is neither the first hypothesis nor undetermined. */
function namesAnother(first: Hypothesis, [surest]: readonly OpinedHypothesis[]): boolean {
  if (surest === undefined || surest.cause === 'undetermined') return false;
  // Two changes can be of one cause, and undoing the other one is another remedy.
  return surest.statistical === undefined ? surest.cause !== first.cause : surest.statistical !== first.id;
}

/** Another runbook than the statistics name, declared for the cause and no riskier: it is shown to the person who is asked. */
function otherRunbook(first: Hypothesis, { runbook }: Opinion, candidates: readonly Candidate[]): string | undefined {
  const usual = candidates.find(({ id }) => id === first.runbook);
  const chosen = candidates.find(({ id }) => id === runbook);
  if (!usual || !chosen || chosen.id === usual.id || !chosen.causes.includes(first.cause)) return undefined;
  return RISKS.indexOf(chosen.risk) <= RISKS.indexOf(usual.risk) ? chosen.id : undefined;
}

const RISKS: readonly Candidate['risk'][] = ['low', 'medium', 'high'];

/** What the statistics do not hold; beside a determined diagnosis it names no runbook, as there is one for what was determined. */
function suggestion(
  { cause, statement, supporting, statistical }: OpinedHypothesis,
  { verdict }: Diagnosis,
  { runbook }: Opinion,
  candidates: readonly Candidate[],
): readonly Suggestion[] {
  if (cause === 'undetermined' || statistical !== undefined) return [];
  const chosen = verdict === 'determined' ? undefined : candidates.find(({ id, causes }) => id === runbook && causes.includes(cause));
  return [{ cause, statement, evidence: supporting, ...defined({ runbook: chosen?.id }) }];
}

/** Where the diagnosis comes from, in a sentence. */
function noteOf({ outcome, why, model, discarded }: Opinion): string {
  if (outcome === 'used') {
    const left = discarded.length === 0 ? '' : `; ${String(discarded.length)} of its statements did not hold and were left out`;
    return `By the statistics, and read by ${model ?? 'a model'}${left}.`;
  }
  return `By the statistics alone: ${why ?? 'no model was asked'}.`;
}
