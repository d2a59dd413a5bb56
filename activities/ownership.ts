import { defined } from '../domain/defined';
import type { Transition } from '../domain/incident-view';
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
    return { ...transition, view: { ...transition.view, ...defined({ owner, tier }) } };
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
