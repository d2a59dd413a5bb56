import type { Command } from 'commander';
import { NightshiftError } from '../../domain/errors';
import { relativeTime } from '../../domain/human-time';
import { plainText } from '../../domain/plain-text';
import type { ApiClient, RetriedMessage } from '../client';
import { EXIT } from '../exit-codes';
import { table } from '../render/table';
import type { Run } from '../run';
import { leaf } from '../run';

/** As many as the API tries in one call. */
const AT_ONCE = 50;

/** Adds `nightshift ingest aside|replay|drop`: messages that could not be read. */
export function addAsideCommands(ingest: Command, run: Run): void {
  leaf(ingest, 'aside', 'list messages that came in but could not be read').action(async (_options: unknown, command: Command) => {
    const messages = await (await run.client(command)).aside();
    const now = run.deps.clock.now();
    const rows = messages.map((each) => [each.id, each.source, relativeTime(each.receivedAt, now), `${String(each.size)} B`, each.by, each.why]);
    run.emit(command, { messages }, () =>
      messages.length === 0 ? 'Nothing is set aside.' : table(['ID', 'SOURCE', 'CAME', 'SIZE', 'BY', 'WHY'], rows, run.width),
    );
  });
  leaf(ingest, 'replay', 'try such messages again, as this version reads them')
    .argument('[id...]', 'ids, from "nightshift ingest aside"')
    .option('--all', 'all of them')
    .action(async (ids: readonly string[], options: { all?: boolean }, command: Command) => {
      if (ids.length > 0 === (options.all === true)) throw new NightshiftError('invalid_input', 'Name the ids of messages, or give --all.');
      const client = await run.client(command);
      const results = await replayed(client, options.all ? (await client.aside()).map(({ id }) => id) : ids);
      run.emit(command, { results }, () => results.map(lineOf).join('\n'));
      if (results.some(({ outcome }) => outcome !== 'taken')) run.exitCode = EXIT.failed;
    });
  leaf(ingest, 'drop', 'drop such a message for good')
    .argument('<id>', 'its id, from "nightshift ingest aside"')
    .action(async (id: string, _options: unknown, command: Command) => {
      await (await run.client(command)).dropAside(id);
      run.emit(command, { id, dropped: true }, () => `dropped ${id}`);
    });
}

async function replayed(client: ApiClient, ids: readonly string[]): Promise<readonly RetriedMessage[]> {
  const results: RetriedMessage[] = [];
  for (let at = 0; at < ids.length; at += AT_ONCE) results.push(...(await client.replayAside(ids.slice(at, at + AT_ONCE))));
  return results;
}

function lineOf(result: RetriedMessage): string {
  switch (result.outcome) {
    case 'taken':
      return `${result.id}  taken in: ${String(result.taken.alerts.accepted)} alerts, ${String(result.taken.changes.accepted)} changes`;
    case 'unreadable':
      return `${result.id}  stays: ${plainText(result.why)}`;
    case 'gone':
      return `${result.id}  is not set aside`;
  }
}
