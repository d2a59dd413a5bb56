import { errorMessage } from '../domain/errors';
import { OWN_AUTHOR } from '../domain/own-changes';
import type { Incidents } from '../ports/incidents';

/** Writes lines into timelines of incidents, in Nightshift's own name. */
export interface NoteTaker {
  /** Ends when the note is written. Never fails: one that Temporal does not take is told in the log. The same key is the same note. */
  note(workflowId: string, text: string, key: string): Promise<void>;
}

/** Makes a note taker over the incidents' own door. */
export function createNoteTaker(incidents: Pick<Incidents, 'command'>, log: { warn(fields: object, message: string): void }): NoteTaker {
  return {
    async note(workflowId, text, key) {
      try {
        await incidents.command(workflowId, { kind: 'note', person: OWN_AUTHOR, note: text }, key);
      } catch (error) {
        log.warn({ workflowId, error: errorMessage(error) }, 'a note was not written into an incident');
      }
    },
  };
}
