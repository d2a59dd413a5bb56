import type { Command } from 'commander';
import { NightshiftError } from '../../domain/errors';
import { plainText } from '../../domain/plain-text';
import { readYaml } from '../../domain/yaml-text';
import type { PreviewShown } from '../client-correlation';
import { textOfFile } from '../file-or-stdin';
import { findIncident } from '../find-incident';
import { wrap } from '../render/wrap';
import type { Run } from '../run';
import { leaf } from '../run';
import { replyText } from './reply-text';

interface PreviewOptions {
  readonly since: string;
  readonly rules?: string;
}

/** Adds `nightshift correlate preview`. */
export function addCorrelateCommands(program: Command, run: Run): void {
  const correlate = program.command('correlate').description('alerts of several services that are one incident');
  leaf(correlate, 'preview', 'show what rules of correlation would have made of the alerts of the past; changes nothing')
    .option('--since <duration>', 'how far back, such as 30d, at most 90d', '30d')
    .option('--rules <file>', 'a configuration, or its section correlation; - for stdin, and what runs now without it')
    .action(async ({ since, rules }: PreviewOptions, command: Command) => {
      const correlation = rules === undefined ? undefined : sectionOf(await textOfFile(run, rules), rules);
      const found = await (await run.client(command)).correlation.preview(since, correlation);
      run.emit(command, found, () => previewText(found, run.width));
    });
}

/** Adds `nightshift incident split`. */
export function addSplitCommand(incident: Command, run: Run): void {
  leaf(incident, 'split', 'keep further alerts of a service out of an incident: they open one of their own')
    .argument('<id>', "id of the incident, or the beginning of an open one's")
    .requiredOption('--service <name>', 'service whose alerts joined it')
    .action(async (id: string, { service }: { readonly service: string }, command: Command) => {
      const client = await run.client(command);
      const { incidentId } = await findIncident(client, id);
      const reply = await client.correlation.split(incidentId, service);
      run.emit(command, { incidentId, ...reply }, () => replyText(reply));
    });
}

/** A whole configuration, or the section alone. */
function sectionOf(text: string, file: string): unknown {
  const { value, problems } = readYaml(text);
  if (problems.length > 0) throw new NightshiftError('invalid_input', `${file} is no YAML.`, problems);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new NightshiftError(
      'invalid_input',
      `${file} holds no section correlation. Write rules: with a list under it, or a configuration with correlation:.`,
    );
  }
  if ('correlation' in value) return value.correlation ?? {};
  if ('services' in value || 'policy' in value) return {};
  return value;
}

function previewText(found: PreviewShown, width: number): string {
  const { alerts, incidentsThen, incidentsNow, pagesFewer, changed, merges, related, complete, until } = found;
  // Alerts are outside text, and their spaces are folded.
  const block = (indent: number, text: string): string[] => wrap(plainText(text), width - indent, 2).map((part) => ' '.repeat(indent) + part);
  const fewer = pagesFewer >= 0 ? `${String(pagesFewer)} pages fewer` : `${String(-pagesFewer)} pages more`;
  const lines = [
    `${String(alerts)} alerts since ${found.from}: ${String(incidentsThen)} incidents then, ${String(incidentsNow)} by these rules (${fewer}); ${String(changed)} conditions would have gone elsewhere.`,
    ...(complete ? [] : [`There were more alerts or incidents than one preview reads: it is of alerts up to ${until}. Ask for a shorter time.`]),
    ...merges.flatMap((merge) => [
      '',
      ...block(0, `${merge.at} ${merge.service} (${merge.environment}), instead of ${String(merge.incidents.length)}: ${merge.incidents.join(', ')}`),
      ...merge.joined.flatMap(({ service, alert, reason }) => block(2, `${service}: ${alert} joins, as ${reason}`)),
    ]),
    ...(related.length === 0 ? [] : ['', 'Related, and not one incident:']),
    ...related.flatMap(({ at, service, other, reason }) => block(2, `${at} ${service} and ${other}: ${reason}`)),
  ];
  return `${lines.join('\n')}\n`;
}
