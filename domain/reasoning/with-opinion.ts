import { defined } from '../defined';
import type { Diagnosis, Hypothesis } from '../diagnosis';
import type { EvidenceBundle } from '../evidence';
import type { OpinedHypothesis, Opinion } from './opinion';
import type { Candidate } from './request';
import type { Advice, Suggestion } from './advice';
import { witnessOf } from './trust';

/** Hypotheses whose scores differ by no more than that are as good as equal, and a model that puts another one first is told to a person. */
export const TIE = 0.005;

/** A diagnosis beside which a model was heard. */
export interface AdvisedDiagnosis extends Diagnosis {
  readonly advice: Advice;
  /** Why nothing may be done without a person now, whatever the policy allows; empty where the model gives no reason for that. */
  readonly askPerson: readonly string[];
}

/**
 * A diagnosis with what a model said. The statistics stay what they are: no score rises, no hypothesis and no parameter is added, and order, verdict and what is ruled out stay, so that
 * what is proposed is the same whatever a model says, and whoever wrote what it read. It may explain, dispute and suggest; wherever it would do something else a person is asked.
 */
export function withOpinion(diagnosis: Diagnosis, opinion: Opinion, candidates: readonly Candidate[], bundle: EvidenceBundle): AdvisedDiagnosis {
  const plain = { ...diagnosis, advice: { note: noteOf(opinion), supports: [], disputes: [], unknown: [], suggestions: [] }, askPerson: [] };
  if (opinion.outcome !== 'used') return plain;
  const { hypotheses } = diagnosis;
  const [first] = hypotheses;
  const disputes = disputed(hypotheses, opinion.hypotheses, bundle);
  const runbook = first && otherRunbook(first, opinion, candidates);
  return {
    ...diagnosis,
    advice: {
      note: noteOf(opinion),
      supports: supported(hypotheses, opinion.hypotheses).map(({ id }) => id),
      disputes,
      ...defined({ explanation: opinion.summary, runbook }),
      unknown: opinion.unknowns,
      suggestions: opinion.hypotheses.flatMap((each) => suggestion(each, diagnosis, opinion, candidates)),
    },
    askPerson: first ? doubtsOf(first, diagnosis, opinion, { disputed: disputes.includes(first.id), runbook }) : needed(opinion),
  };
}

/** Why a person is asked before anything is done for the first hypothesis. */
function doubtsOf(
  first: Hypothesis,
  { hypotheses }: Diagnosis,
  opinion: Opinion,
  told: { readonly disputed: boolean; readonly runbook: string | undefined },
): readonly string[] {
  const equal = hypotheses.filter(({ id, score }) => id !== first.id && first.score - score <= TIE);
  const [surest] = opinion.hypotheses;
  const other = namesAnother(first, opinion.hypotheses);
  const tied = other && surest !== undefined && equal.some(({ id }) => id === surest.statistical);
  return [
    ...(tied ? ['the statistics hold two causes for equal, and a model puts the other one first'] : []),
    ...(told.disputed ? ['a model names measured evidence against the first cause'] : []),
    ...(told.runbook === undefined ? [] : ['a model would choose another runbook']),
    ...(other && !tied ? ['a model names another cause'] : []),
    ...needed(opinion),
  ];
}

function needed({ needsHuman }: Opinion): readonly string[] {
  return needsHuman ? ['a model asks for a person'] : [];
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
