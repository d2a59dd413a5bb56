import type { RunbookCandidate } from './candidates';
import { fitReason } from './reasons';

/** Why this runbook and not another, as an incident shows it. */
export interface RunbookChoice {
  /** Id of the one that would be proposed; absent where none can be given. */
  readonly runbook?: string;
  readonly reasons: readonly string[];
  /** Others that were looked at, each with the first reason. */
  readonly others: readonly { readonly runbook: string; readonly reason: string }[];
}

const MOST_OTHERS = 4;

/** The short form of a ranking. `told` says which of those that cannot be given are worth telling. */
export function choiceOf(candidates: readonly RunbookCandidate[], told: (id: string) => boolean): RunbookChoice {
  const first = candidates.find(({ standing }) => standing === 'first');
  const others = candidates
    .filter(({ standing, runbook }) => standing === 'possible' || (standing === 'not' && told(runbook)))
    .slice(0, MOST_OTHERS)
    .map(({ runbook, standing, reasons }) => ({
      runbook,
      reason: fitReason(standing === 'possible' ? `possible, and comes later: ${reasons.slice(1).join('; ')}` : (reasons[0] ?? '')),
    }));
  return { ...(first === undefined ? {} : { runbook: first.runbook }), reasons: first?.reasons ?? [], others };
}
