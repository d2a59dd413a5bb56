import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import type { NightshiftConfig } from '../../config/types';
import { accountEnvironments } from '../../domain/aws/place';
import { plainText } from '../../domain/plain-text';
import { mappedSource } from '../../domain/sources/mapping';
import { knownServices } from '../../domain/sources/names';
import { recognise, sourceNamed, SOURCES } from '../../domain/sources/recognise';
import type { Source, SourceContext } from '../../domain/sources/source';
import { gunzipped, wireMessage } from '../../domain/sources/wire';
import { bytesOf } from '../file-or-stdin';
import { safeJson } from '../render/safe-json';
import { table } from '../render/table';
import type { Run } from '../run';
import { addAsideCommands } from './ingest-aside';
import { configOf, leaf } from '../run';

interface PreviewOptions {
  readonly source?: string;
  readonly header: Readonly<Record<string, string>>;
}

/** Adds `nightshift ingest preview|sources`. */
export function addIngestCommands(program: Command, run: Run): void {
  const ingest = program.command('ingest').description('what other systems send, in the words of Nightshift');
  addAsideCommands(ingest, run);
  leaf(ingest, 'sources', 'list the formats that are understood').action(async (_options: unknown, command: Command) => {
    const sources = [...SOURCES, ...mappedIn(await configured(run, command))].map(({ name, title, gives }) => ({ name, title, gives }));
    const rows = sources.map(({ name, title, gives }) => [name, gives.join(', '), title]);
    run.emit(command, { sources }, () => table(['SOURCE', 'GIVES', 'WHAT IT IS'], rows, run.width));
  });
  leaf(ingest, 'preview', 'print what a message holds as a JSON array, and send nothing; needs no running system')
    .argument('[file]', 'the message as it was sent, plain or gzip; - or nothing for stdin', '-')
    .option('--source <name>', 'the format; recognised when not given')
    .option('--header <name:value>', 'an HTTP header that came with it; may be given again', header, {})
    .action(async (file: string, options: PreviewOptions, command: Command) => {
      const config = await configured(run, command);
      const source = options.source === undefined ? undefined : (mappedIn(config).find(({ name }) => name === options.source) ?? sourceNamed(options.source));
      const message = wireMessage(gunzipped(await bytesOf(run, file)), options.header);
      const { objects, passedOver } = (source ?? recognise(message)).read(message, contextOf(run, config));
      for (const what of passedOver) run.tell(`Left aside: ${plainText(what)}.`);
      if (objects.length === 0) run.tell('It holds nothing for Nightshift.');
      run.emit(command, objects, () => safeJson(objects, 2));
    });
}

function header(text: string, before: PreviewOptions['header']): PreviewOptions['header'] {
  const at = text.indexOf(':');
  if (at < 1) throw new InvalidArgumentError('Write it as name:value.');
  return { ...before, [text.slice(0, at).trim()]: text.slice(at + 1).trim() };
}

/** The configuration where one is named; without one nothing is looked for, so that these commands need nothing. */
async function configured(run: Run, command: Command): Promise<NightshiftConfig | undefined> {
  const file = configOf(command);
  return file === undefined ? undefined : run.deps.loadConfig(file);
}

/** Sources of a team's own. */
function mappedIn(config: NightshiftConfig | undefined): readonly Source[] {
  return (config?.sources.mapped ?? []).map(mappedSource);
}

/** Names and environment are those of the configuration. */
function contextOf(run: Run, config: NightshiftConfig | undefined): SourceContext {
  const receivedAt = run.deps.clock.now();
  if (config === undefined) return { environment: 'production', receivedAt, services: new Map() };
  const { services } = config;
  const accounts = accountEnvironments(config.aws?.accounts);
  return { environment: services[0]?.environment ?? 'production', receivedAt, services: knownServices(services), accounts };
}
