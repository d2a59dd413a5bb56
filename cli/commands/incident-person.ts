import type { Command } from 'commander';
import { defined } from '../../domain/defined';
import { NightshiftError } from '../../domain/errors';
import type { IncidentVerb, ResolveBody } from '../client';
import { findIncident, INCIDENT_ID } from '../find-incident';
import type { Run } from '../run';
import { leaf } from '../run';
import { replyText } from './reply-text';

/** Adds what a person can tell an incident besides deciding: `ack`, `take-over`, `hand-back`, `note`, `resolve`. */
export function addPersonCommands(incident: Command, run: Run): void {
  addWithOptionalNote(incident, run, 'ack', 'acknowledge', 'say that you have seen an incident');
  addWithOptionalNote(incident, run, 'take-over', 'take-over', 'take an incident over: Nightshift does nothing more on it until you hand it back');
  addWithOptionalNote(incident, run, 'hand-back', 'hand-back', 'hand an incident back to Nightshift');
  leaf(incident, 'note', "write a note into an incident's timeline")
    .argument('<id>', INCIDENT_ID)
    .argument('<text...>', 'the note')
    .action((id: string, words: readonly string[], _options: unknown, command: Command) => tellIncident(run, command, id, 'note', words.join(' ')));
  leaf(incident, 'resolve', 'say that an incident is over')
    .argument('<id>', INCIDENT_ID)
    .option('--note <text>', 'what ended it, for the audit')
    .option('--did <text>', 'what you did by hand; it stands beside what Nightshift would have done')
    .option('--runbook <id>', 'the runbook that this amounts to, where there is one')
    .action((id: string, options: ResolveBody, command: Command) => resolveIncident(run, command, id, options));
}

async function resolveIncident(run: Run, command: Command, id: string, { note, did, runbook }: ResolveBody): Promise<void> {
  if (note === undefined && did === undefined)
    throw new NightshiftError('invalid_input', 'Say what ended it with --note TEXT, or what you did by hand with --did TEXT.');
  if (runbook !== undefined && did === undefined) throw new NightshiftError('invalid_input', '--runbook says which runbook --did TEXT amounts to; give both.');
  const client = await run.client(command);
  const { incidentId } = await findIncident(client, id);
  const reply = await client.resolve(incidentId, defined({ note, did, runbook }));
  run.emit(command, { incidentId, ...reply }, () => replyText(reply));
}

function addWithOptionalNote(incident: Command, run: Run, name: string, verb: IncidentVerb, description: string): void {
  leaf(incident, name, description)
    .argument('<id>', INCIDENT_ID)
    .option('--note <text>', 'a note for the timeline')
    .action((id: string, options: { note?: string }, command: Command) => tellIncident(run, command, id, verb, options.note));
}

async function tellIncident(run: Run, command: Command, id: string, verb: IncidentVerb, note: string | undefined): Promise<void> {
  const client = await run.client(command);
  const { incidentId } = await findIncident(client, id);
  const reply = await client.tell(incidentId, verb, note);
  run.emit(command, { incidentId, ...reply }, () => replyText(reply));
}
