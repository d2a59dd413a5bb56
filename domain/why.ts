import type { DiagnosisView, IncidentView } from './incident-view';

/** A cause that was ranked, with the facts for and against it as `E01 what it says`. */
export interface RankedCause {
  readonly id: string;
  readonly rank: number;
  readonly title: string;
  readonly cause: string;
  readonly score: number;
  readonly supporting: readonly string[];
  readonly contradicting: readonly string[];
}

/** The causes of a diagnosis, strongest first. */
export function rankedCauses(diagnosis: DiagnosisView): RankedCause[] {
  const named = (ids: readonly string[]): string[] => ids.map((id) => `${id} ${diagnosis.evidence[id] ?? ''}`.trim());
  return diagnosis.hypotheses.map(({ id, title, cause, score, supporting, contradicting }, i) => ({
    ...{ id, rank: i + 1, title, cause, score },
    ...{ supporting: named(supporting), contradicting: named(contradicting) },
  }));
}

/** Why this runbook and not another, or why none: a sentence each, none before a diagnosis. */
export function whyRunbook({ diagnosis, proposal, remediation }: IncidentView): string[] {
  if (!diagnosis) return [];
  const first = diagnosis.hypotheses[0];
  const { choice } = diagnosis;
  if (!choice) {
    if (diagnosis.verdict === 'undetermined' || !first) return ['None: nothing is done without a cause.'];
    return first.runbook === undefined ? [`None: for ${first.cause} there is nothing of ours to act on here.`] : [];
  }
  const id = choice.runbook ?? proposal?.proposal.runbook.id ?? remediation?.runbook;
  const chosen = id === undefined ? ['None that is declared for the cause can be given.'] : [`${id}: ${choice.reasons.join('; ')}`];
  return [...chosen, ...choice.others.map(({ runbook, reason }) => `${runbook}: ${reason}`)];
}

/** What was looked at and dismissed, a line each with its evidence. */
export function ruledOutLines({ ruledOut }: DiagnosisView): string[] {
  return ruledOut.map(({ title, reason, evidence }) => {
    const unnamed = evidence.filter((id) => !reason.includes(id));
    return `${title}: ${reason}${unnamed.length > 0 ? ` (${unnamed.join(', ')})` : ''}`;
  });
}
