import type { AuditHead } from '../domain/audit';
import type { Transition } from '../domain/incident-view';
import type { TransitionStore } from '../ports/store';

/** What recording works with; `onWritten` wakes whoever sends notifications. */
export interface AuditDeps {
  readonly transitions: TransitionStore;
  readonly onWritten: () => void;
}

/** Writes one transition: audit, projection, notification and outcome together. */
export function createAuditActivities(deps: AuditDeps): { record(input: { readonly transition: Transition }): Promise<AuditHead> } {
  return {
    async record({ transition }) {
      const head = await deps.transitions.apply(transition);
      if (transition.notify !== undefined) deps.onWritten();
      return head;
    },
  };
}
