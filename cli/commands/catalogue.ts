import type { Command } from 'commander';
import { Option } from 'commander';
import { relativeTime } from '../../domain/human-time';
import { plainText } from '../../domain/plain-text';
import { SERVICE_ORIGINS } from '../../domain/service-view';
import type { ServiceView } from '../../domain/service-view';
import { table } from '../render/table';
import type { Run } from '../run';
import { leaf } from '../run';

interface ListOptions {
  readonly environment?: string;
  readonly owner?: string;
  readonly origin?: string;
}

/** Adds `nightshift catalogue list|show`. */
export function addCatalogueCommands(program: Command, run: Run): void {
  const catalogue = program.command('catalogue').description('the services: who owns them, where they are known from');
  leaf(catalogue, 'list', 'list the services of the running system')
    .option('--environment <name>', 'only those of one environment')
    .option('--owner <name>', 'only those of one owner')
    .addOption(new Option('--origin <where>', 'only those known from there').choices(SERVICE_ORIGINS))
    .action(async (options: ListOptions, command: Command) => {
      const services = await (await run.client(command)).services(options);
      const rows = services.map((each) => [each.name, each.environment, ownerText(each), each.tier ?? '-', each.origin, channelText(each)]);
      run.emit(command, { services }, () => table(['SERVICE', 'ENVIRONMENT', 'OWNER', 'TIER', 'FROM', 'CHANNEL'], rows, run.width));
    });
  leaf(catalogue, 'show', 'show a service, in each environment that it is known in')
    .argument('<service>', 'its name')
    .option('--environment <name>', 'only in this one')
    .action(async (name: string, { environment }: Pick<ListOptions, 'environment'>, command: Command) => {
      const services = await (await run.client(command)).service(name, environment);
      run.emit(command, { services }, () => services.map((each) => page(each, run.deps.clock.now())).join('\n'));
    });
}

function ownerText({ owner, catchAll }: ServiceView): string {
  return catchAll ? `nobody${owner === undefined ? '' : ` (catch-all: ${owner})`}` : (owner ?? 'nobody');
}

function channelText({ channels }: ServiceView): string {
  return channels.length === 0 ? 'all' : channels.join(', ');
}

function page(service: ServiceView, now: number): string {
  const { name, environment, tier, origin, firstSeen, lastSeen } = service;
  const read = [...(service.metrics ? ['metrics'] : []), ...(service.logs ? ['log'] : []), ...(service.hands ? ['hands'] : [])];
  const seen =
    firstSeen === undefined || lastSeen === undefined
      ? undefined
      : `first ${relativeTime(firstSeen, now)}, last ${relativeTime(lastSeen, now)}, in ${service.seenIn?.join(' and ') ?? ''}`;
  const lines: readonly (readonly [string, string | undefined])[] = [
    ['Owner', ownerText(service)],
    ['Tier', tier],
    ['Channel', channelText(service)],
    ['Pager', service.pager],
    ['System', service.system],
    ['What', service.description],
    ['Depends on', service.dependsOn.join(', ')],
    ['Used by', service.usedBy.join(', ')],
    ...service.links.map(({ title, url }): readonly [string, string] => ['Link', title === url ? url : `${title}: ${url}`]),
    ['Entity', service.entity],
    ['Known from', origin],
    ['Read', read.join(', ') || 'nothing: add metrics, logs or hands to the configuration'],
    ['Seen', seen],
  ];
  const body = lines.flatMap(([label, text]) => (text === undefined || text === '' ? [] : [`  ${label.padEnd(12)}${plainText(text)}`]));
  return [`${plainText(name)} (${plainText(environment)})`, ...body].join('\n');
}
