import type { Command } from 'commander';
import { NightshiftError } from '../../domain/errors';
import { rankByText } from '../../domain/runbook-match/candidates';
import type { IncidentRanking } from '../../domain/runbook-match/incident-ranking';
import { matchTexts } from '../../domain/runbook-match/text-match';
import { findIncident, INCIDENT_ID } from '../find-incident';
import { candidatesText } from '../render/runbook-match';
import type { Run } from '../run';
import { configOf, leaf } from '../run';

interface MatchOptions {
  readonly text?: string;
  readonly incident?: string;
}

/** Longest text that is looked at, characters. */
const LONGEST_TEXT = 4000;

/** Adds `nightshift runbook match`. */
export function addRunbookMatch(runbook: Command, run: Run): void {
  leaf(runbook, 'match', 'rank runbooks for an incident of the running system, or for a text, which needs none; tells why')
    .option('--incident <id>', INCIDENT_ID)
    .option('--text <text>', 'such as a line of a log or the text of an alert')
    .action(async (options: MatchOptions, command: Command) => {
      const { text, incident } = options;
      if ((text === undefined) === (incident === undefined)) throw new NightshiftError('invalid_input', 'Give --incident ID or --text TEXT, one of the two.');
      const found = incident === undefined ? await forText(run, text ?? '', command) : await forIncident(run, incident, command);
      run.emit(command, { ...found }, () => candidatesText(found, run.width));
      if (found.candidates.length === 0) run.tell('No runbook is declared for it, and none has a word in common with it.');
    });
}

async function forIncident(run: Run, id: string, command: Command): Promise<IncidentRanking> {
  const client = await run.client(command);
  const { incidentId } = await findIncident(client, id);
  return client.rankRunbooks(incidentId);
}

/** Words alone: what they resemble, and nothing that would be proposed. */
async function forText(run: Run, text: string, command: Command): Promise<Pick<IncidentRanking, 'candidates'>> {
  if (text.trim() === '' || text.length > LONGEST_TEXT)
    throw new NightshiftError('invalid_input', `--text takes 1 to ${String(LONGEST_TEXT)} characters; give the line that tells most.`);
  const config = configOf(command);
  const { runbooks, problems } = await run.deps.loadCatalogue(config === undefined ? {} : { config });
  for (const { path, message } of problems) run.tell(`Left out: ${path}: ${message}`);
  // Nothing is proposed for it, so nothing needs to be held back.
  return { candidates: rankByText(runbooks, matchTexts(runbooks, [{ id: 'the text', trust: 'measured', text }])) };
}
