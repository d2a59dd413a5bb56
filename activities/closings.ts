import { doubtOf } from '../domain/closing-check';
import type { LedgerOutcome, Transition } from '../domain/incident-view';
import type { Policy } from '../domain/policy-types';
import type { DoorKey, KeyStore, ProposalStore, TransitionStore } from '../ports/store';

/** What checking what people say to have mended an incident works with. */
export interface ClosingDeps {
  readonly policy: Policy;
  readonly keys: Pick<KeyStore, 'roleOf'>;
  readonly doorKey: DoorKey;
  readonly proposals: Pick<ProposalStore, 'proposal'>;
  readonly log: { warn(fields: object, message: string): void };
}

/** Writer of transitions that lets a person's recovery count only where a door signed it, checked with the key now. What did not recover counts whoever tells it. */
export function withCheckedClosings(transitions: TransitionStore, deps: ClosingDeps): TransitionStore {
  return { apply: async (transition, fate) => transitions.apply(await checked(transition, deps), fate) };
}

async function checked(transition: Transition, deps: ClosingDeps): Promise<Transition> {
  const { incidentId, beside } = transition;
  if (beside === undefined || beside.every(({ actedBy }) => actedBy === 'nobody')) return transition;
  return { ...transition, beside: await Promise.all(beside.map((line) => checkedLine(incidentId, line, deps))) };
}

async function checkedLine(incidentId: string, given: LedgerOutcome, { policy, keys, doorKey, proposals, log }: ClosingDeps): Promise<LedgerOutcome> {
  if (given.actedBy === 'nobody') return given;
  const { told, ...line } = given;
  // What Nightshift did stands in the outcome of a transition; beside it, whatever calls itself so was not written by us.
  if (given.actedBy !== 'person' || told === undefined) return { ...line, corroborated: false };
  const [role, secret, proposal] = await Promise.all([keys.roleOf(told.person), doorKey.secret(), proposals.proposal(told.proposal)]);
  const doubt = doubtOf(told, { incidentId, line }, { policy, secret, role, proposal });
  if (doubt !== undefined) log.warn({ incidentId, person: told.person, doubt }, 'what a person says to have done earns nothing');
  return { ...line, corroborated: doubt === undefined };
}
