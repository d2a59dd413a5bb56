import { defined } from '../domain/defined';
import type { LedgerOutcome, Transition } from '../domain/incident-view';
import { findService } from '../domain/inventory';
import type { Inventory } from '../domain/inventory';
import { ownershipOf } from '../domain/ownership';
import type { CatchAll } from '../domain/ownership';
import type { IntentStore, TransitionStore } from '../ports/store';

/** The inventory with those who stand in where nobody is known. */
export interface OwnershipFacts extends Inventory {
  readonly catchAll: CatchAll;
}

/** Writers of transitions whose views say who answers for the service and how critical it is. Workflows do not know it, as it may change while an incident is open. */
export function withOwners(
  { transitions, intents }: { readonly transitions: TransitionStore; readonly intents: IntentStore },
  facts: OwnershipFacts,
): { readonly transitions: TransitionStore; readonly intents: IntentStore } {
  const owned = (transition: Transition): Transition => {
    const { owner, tier } = ownershipOf(facts, facts.catchAll, transition.view);
    const { outcome, beside } = transition;
    const lines = defined({ outcome: outcome && ofKind(facts, outcome), beside: beside?.map((line) => ofKind(facts, line)) });
    return { ...transition, ...lines, view: { ...transition.view, ...defined({ owner, tier }) } };
  };
  return {
    transitions: { apply: (transition, fate) => transitions.apply(owned(transition), fate) },
    intents: {
      prepare: (rows, check, transition) => intents.prepare(rows, check, transition && owned(transition)),
      recorded: (runbook) => intents.recorded(runbook),
      get: (token) => intents.get(token),
      open: () => intents.open(),
      swap: (read, next) => intents.swap(read, next),
      mark: (token, state, detail, more) => intents.mark(token, state, detail, more),
      heard: (references, at) => intents.heard(references, at),
    },
  };
}

/** A line of the outcome ledger with what the service was alike to when it was written. */
function ofKind(inventory: Inventory, line: LedgerOutcome): LedgerOutcome {
  const service = findService(inventory, line.environment, line.service);
  return { ...line, ...defined({ tier: service?.tier, likeness: service?.likeness }) };
}
