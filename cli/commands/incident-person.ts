import type { Command } from 'commander';
import type { IncidentVerb } from '../client';
import { findIncident } from '../find-incident';
import type { Run } from '../run';
import { leaf } from '../run';
import { replyText } from './reply-text';

/** Adds what a person can tell an incident besides deciding: `ack`, `take-over`, `hand-back`, `note`, `resolve`. */
export function addPersonCommands(incident: Command, run: Run): void {
  addWithOptionalNote(incident, run, 'ack', 'acknowledge', 'say that you have seen an incident');
  addWithOptionalNote(incident, run, 'take-over', 'take-over', 'take an incident over: Nightshift does nothing more on it until you hand it back');
  addWithOptionalNote(incident, run, 'hand-back', 'hand-back', 'hand an incident back to Nightshift');
  leaf(incident, 'note', "write a note into an incident's timeline")
    .argument('<id>', ID)
    .argument('<text...>', 'the note')
    .action((id: string, words: readonly string[], _options: unknown, command: Command) => tellIncident(run, command, id, 'note', words.join(' ')));
  leaf(incident, 'resolve', 'say that an incident is over')
    .argument('<id>', ID)
    .requiredOption('--note <text>', 'what ended it, for the audit')
    .action((id: string, options: { note: string }, command: Command) => tellIncident(run, command, id, 'resolve', options.note));
}

const ID = "id of the incident, or the beginning of an open one's";

function addWithOptionalNote(incident: Command, run: Run, name: string, verb: IncidentVerb, description: string): void {
  leaf(incident, name, description)
    .argument('<id>', ID)
    .option('--note <text>', 'a note for the timeline')
    .action((id: string, options: { note?: string }, command: Command) => tellIncident(run, command, id, verb, options.note));
}

async function tellIncident(run: Run, command: Command, id: string, verb: IncidentVerb, note: string | undefined): Promise<void> {
  const client = await run.client(command);
  const { incidentId } = await findIncident(client, id);
  const reply = await client.tell(incidentId, verb, note);
  run.emit(command, { incidentId, ...reply }, () => replyText(reply));
}
