import type { RecordedClosing } from './closing';
import { verifyClosing } from './closing-signature';
import { decisionContext, mayDecide } from './approval-rules';
import type { LedgerOutcome } from './incident-view';
import type { Role } from './names';
import type { Policy } from './policy-types';
import type { Proposal } from './proposal';
import { proposalDigest } from './propose';

/** What a closing is checked against. */
export interface ClosingFacts {
  readonly policy: Policy;
  readonly secret: Buffer;
  /** Role of the person now, from the keys; undefined where there is no valid key. */
  readonly role: Role | undefined;
  /** The proposal that the closing names, as the store has it. */
  readonly proposal: Proposal | undefined;
}

/** A line about what a person did, and the incident that it is of. */
export interface ClosedLine {
  readonly incidentId: string;
  readonly line: LedgerOutcome;
}

/**
 * Why a signed closing does not confirm a line of the ledger; undefined where it does: a door signed these words, they are about this incident and the proposal that the line is of, they
 * were taken in in their time, and the person may still decide about such a proposal.
 */
export function doubtOf(closing: RecordedClosing, { incidentId, line }: ClosedLine, { policy, secret, role, proposal }: ClosingFacts): string | undefined {
  if (!verifyClosing(secret, closing)) return 'no door of this store signed these words';
  if (!proposal || proposalDigest(proposal) !== closing.proposal) return 'the proposal that they are about is not in the store';
  if (closing.incidentId !== incidentId || proposal.incidentId !== incidentId) return 'they are about another incident';
  if (closing.runbook !== line.runbook || !isOf(line, proposal)) return 'they are about another proposal';
  if (!(Date.parse(closing.acceptedAt) <= Date.parse(closing.acceptBy))) return 'they were taken in after the door had given up on them';
  if (role === undefined) return 'who said them has no key any more';
  const may = mayDecide(policy, { name: closing.person, role }, decisionContext(proposal, false));
  return may.allowed ? undefined : `who said them may not decide about the proposal: ${may.reason}`;
}

function isOf(line: LedgerOutcome, { round, runbook, environment, suspect }: Proposal): boolean {
  return (
    line.round === round && line.runbook === runbook.id && line.runbookHash === runbook.hash && line.environment === environment && line.service === suspect
  );
}
