import type { IncidentView, LedgerOutcome } from '../incident-view';
import type { CauseKind } from '../names';
import { OWN_AUTHOR } from '../own-changes';

/** Who says that an incident ended as it did: verification of a remedy of ours, or a person who closed it with a note. */
export const CONFIRMATIONS = ['measurement', 'person'] as const;
/** One of them. */
export type Confirmation = (typeof CONFIRMATIONS)[number];

/** An outcome of the ledger, as far as it is told of an incident. */
export type RoundOutcome = Pick<LedgerOutcome, 'round' | 'runbook' | 'service' | 'cause' | 'verdict'>;

/** A runbook that was run in a round, and what was measured after it. `averted`: what was predicted did not come. */
export interface Remedy {
  readonly round: number;
  readonly runbook: string;
  /** Service that was acted on. */
  readonly service: string;
  readonly verdict: RoundOutcome['verdict'] | 'averted';
  readonly helped: boolean;
}

/** Who confirmed how a resolved incident ended; undefined for one that went by itself, or that nobody vouches for: from that nothing is learnt. */
export function confirmationOf({ status, outcome }: Pick<IncidentView, 'status' | 'outcome'>): Confirmation | undefined {
  if (status !== 'resolved' || outcome === undefined) return undefined;
  if (outcome.kind === 'fixed') return 'measurement';
  // Nightshift closing in its own name is no person.
  return outcome.kind === 'resolved-by-person' && !outcome.summary.startsWith(`${OWN_AUTHOR}:`) ? 'person' : undefined;
}

/** What was run, oldest first. A round that recovered and came back did not help; where a prediction was averted, its runbook did. */
export function remediesOf({ outcome, round, service }: Pick<IncidentView, 'outcome' | 'round' | 'service'>, outcomes: readonly RoundOutcome[]): Remedy[] {
  const last = new Map<number, RoundOutcome>();
  for (const each of outcomes) if (last.get(each.round)?.verdict !== 'relapsed') last.set(each.round, each);
  const remedies = [...last.values()].sort((a, b) => a.round - b.round).map((each) => remedy(each));
  if (outcome?.kind !== 'fixed' || outcome.runbook === undefined || remedies.some(({ helped }) => helped)) return remedies;
  const before = remedies.at(-1);
  const averted: Remedy = {
    round: before?.round ?? round,
    runbook: before?.runbook ?? outcome.runbook,
    service: before?.service ?? service,
    verdict: 'averted',
    helped: true,
  };
  return [...remedies.filter((each) => each.round !== averted.round), averted];
}

/** The cause that a measured recovery speaks for; a person's note says that it is over, not why. */
export function confirmedCause(view: Pick<IncidentView, 'outcome' | 'cause'>, outcomes: readonly RoundOutcome[]): CauseKind | undefined {
  if (view.cause === undefined || view.cause === 'undetermined') return undefined;
  const relapsed = new Set(outcomes.filter(({ verdict }) => verdict === 'relapsed').map(({ round }) => round));
  return outcomes.some(({ cause, verdict, round }) => cause === view.cause && verdict === 'recovered' && !relapsed.has(round)) ? view.cause : undefined;
}

function remedy({ round, runbook, service, verdict }: RoundOutcome): Remedy {
  return { round, runbook, service, verdict, helped: verdict === 'recovered' };
}
