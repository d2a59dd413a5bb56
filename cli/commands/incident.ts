import type { Command } from 'commander';
import { SEVERITIES, STATUSES } from '../../domain/names';
import { someOf, wholeNumber } from '../arguments';
import type { IncidentQuery } from '../client';
import { findIncident, INCIDENT_ID } from '../find-incident';
import { incidentPage, incidentTable } from '../render/incident';
import type { Run } from '../run';
import { isJson, leaf } from '../run';
import { addDecisions } from './incident-decide';
import { addSplitCommand } from './correlate';
import { addKnowledgeCommands } from './incident-knowledge';
import { addPersonCommands } from './incident-person';
import { watchIncident } from './incident-watch';
import { pageOptions } from './page-options';

interface ListOptions {
  readonly status?: readonly string[];
  readonly all?: boolean;
  readonly service?: string;
  readonly environment?: string;
  readonly severity?: readonly string[];
  readonly limit: number;
  readonly cursor?: string;
}

/** Adds `nightshift incident …`. */
export function addIncidentCommands(program: Command, run: Run): void {
  const incident = program.command('incident').description('see incidents and answer them');
  addList(incident, run);
  addShow(incident, run);
  leaf(incident, 'watch', 'follow an incident until it is closed; with --json one JSON object a line')
    .argument('<id>', INCIDENT_ID)
    .action((id: string, _options: unknown, command: Command) => watchIncident(run, id, command));
  addDecisions(incident, run);
  addPersonCommands(incident, run);
  addKnowledgeCommands(incident, run);
  addSplitCommand(incident, run);
}

function addList(incident: Command, run: Run): void {
  leaf(incident, 'list', 'list incidents, newest first; open ones unless told otherwise')
    .option('--all', 'closed incidents too')
    .option('--status <names>', `only these states, separated by commas: ${STATUSES.join(', ')}`, someOf(STATUSES))
    .option('--severity <names>', `only these severities, separated by commas: ${SEVERITIES.join(', ')}`, someOf(SEVERITIES))
    .option('--service <name>', 'only this service')
    .option('--environment <name>', 'only this environment')
    .option('--limit <number>', 'at most this many', wholeNumber(1, 100), 50)
    .option('--cursor <text>', 'go on after a page before')
    .action(async (options: ListOptions, command: Command) => {
      const client = await run.client(command);
      const page = await client.incidents(queryOf(options));
      run.emit(command, page, () => (page.incidents.length === 0 ? '' : incidentTable(page.incidents, pageOptions(run))));
      if (isJson(command)) return;
      if (page.incidents.length === 0)
        run.tell(options.all === true ? 'There are no incidents.' : 'There are no such open incidents; --all shows closed ones too.');
      if (page.next !== undefined) run.tell(`There are more: --cursor ${page.next}`);
    });
}

function queryOf({ all, status, ...rest }: ListOptions): IncidentQuery {
  if (status !== undefined) return { ...rest, status };
  return all === true ? rest : { ...rest, open: true };
}

function addShow(incident: Command, run: Run): void {
  leaf(incident, 'show', 'show an incident: cause, evidence, proposal, timeline')
    .argument('<id>', INCIDENT_ID)
    .action(async (id: string, _options: unknown, command: Command) => {
      const client = await run.client(command);
      const view = await findIncident(client, id);
      const [timeline, evidence] = await Promise.all([client.timeline(view.incidentId), client.evidence(view.incidentId)]);
      const more = evidence === undefined ? { timeline } : { timeline, evidence };
      run.emit(command, { incident: view, ...more }, () => incidentPage(view, pageOptions(run, client.url), more));
    });
}
