import type { Command } from 'commander';
import { plainText } from '../../domain/plain-text';
import { wholeNumber } from '../arguments';
import { findIncident, INCIDENT_ID } from '../find-incident';
import { similarPage } from '../render/similar';
import type { Run } from '../run';
import { isJson, leaf } from '../run';
import { pageOptions } from './page-options';

/** Adds `incident similar` and `incident document`. */
export function addKnowledgeCommands(incident: Command, run: Run): void {
  leaf(incident, 'similar', 'show past incidents that are similar, why, and what helped then')
    .argument('<id>', INCIDENT_ID)
    .option('--limit <number>', 'at most this many', wholeNumber(1, 20), 5)
    .action(async (id: string, { limit }: { readonly limit: number }, command: Command) => {
      const client = await run.client(command);
      const { incidentId } = await findIncident(client, id);
      const answer = await client.knowledge.similar(incidentId, limit);
      run.emit(command, { incidentId, ...answer }, () => similarPage(answer.similar, pageOptions(run)));
      if (isJson(command)) return;
      if (answer.similar.length === 0) run.tell('No past incident that was confirmed is similar to it.');
      if (answer.note !== undefined) run.tell(plainText(answer.note));
    });
  leaf(incident, 'document', 'print the post-incident document of a resolved incident, in Markdown')
    .argument('<id>', INCIDENT_ID)
    .action(async (id: string, _options: unknown, command: Command) => {
      const client = await run.client(command);
      const { incidentId } = await findIncident(client, id);
      const document = await client.knowledge.document(incidentId);
      run.emit(command, { incidentId, document }, () => document.split('\n').map(plainText).join('\n'));
    });
}
