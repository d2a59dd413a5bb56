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
 * Whether a signed closing confirms a line of the ledger: a door signed these words, they are about this incident and the proposal that the line is of, they were taken in in their time,
 * and the person may still decide about such a proposal.
 */
export function confirms(closing: RecordedClosing, { incidentId, line }: ClosedLine, { policy, secret, role, proposal }: ClosingFacts): boolean {
  if (!verifyClosing(secret, closing) || !proposal || proposalDigest(proposal) !== closing.proposal || role === undefined) return false;
  const about = closing.incidentId === incidentId && proposal.incidentId === incidentId && closing.runbook === line.runbook;
  const inTime = Date.parse(closing.acceptedAt) <= Date.parse(closing.acceptBy);
  return about && inTime && isOf(line, proposal) && mayDecide(policy, { name: closing.person, role }, decisionContext(proposal, false)).allowed;
}

function isOf(line: LedgerOutcome, { round, runbook, environment, suspect }: Proposal): boolean {
  return (
    line.round === round && line.runbook === runbook.id && line.runbookHash === runbook.hash && line.environment === environment && line.service === suspect
  );
}
