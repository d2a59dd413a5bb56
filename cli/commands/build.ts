import type { Command } from 'commander';
import { BUILD_RESULTS } from '../../domain/build';
import type { Build } from '../../domain/build';
import { NightshiftError } from '../../domain/errors';
import { humanDuration, relativeTime } from '../../domain/human-time';
import { plainText } from '../../domain/plain-text';
import { jsonOf } from '../../domain/sources/wire';
import { duration, someOf, wholeNumber } from '../arguments';
import type { BuildQuery } from '../client';
import { textOfFile } from '../file-or-stdin';
import { table } from '../render/table';
import type { Cell } from '../render/table';
import type { Run } from '../run';
import { isJson, leaf } from '../run';

const LONGEST_WAIT_MS = 60_000;

/** Adds `nightshift build list|send`. */
export function addBuildCommands(program: Command, run: Run): void {
  const build = program.command('build').description('see finished builds, and report one');
  addList(build, run);
  leaf(build, 'send', 'report a finished build, or {"builds": […]}, as JSON; docs/builds.md has its fields')
    .argument('[file]', 'the JSON; - or nothing for stdin', '-')
    .option('--wait <duration>', 'wait so long for the verdict, at most 60s', duration(LONGEST_WAIT_MS))
    .action(async (file: string, options: { wait?: number }, command: Command) => {
      const body = jsonOf(await textOfFile(run, file));
      if (body === undefined) throw new NightshiftError('invalid_input', `${file === '-' ? 'What stdin holds' : file} is no JSON.`);
      const sent = await (await run.client(command)).sendBuilds(body, options.wait);
      const verdict = sent.verdict === undefined ? '' : `${sent.verdict}: ${plainText(sent.reason ?? '')}`;
      run.emit(command, sent, () => (verdict === '' ? sent.ids.map(plainText).join('\n') : verdict));
    });
}

function addList(build: Command, run: Run): void {
  leaf(build, 'list', 'list finished builds, newest first')
    .option('--service <name>', 'only this service')
    .option('--environment <name>', 'only this environment')
    .option('--name <name>', 'only this pipeline')
    .option('--result <words>', `only these results, separated by commas: ${BUILD_RESULTS.join(', ')}`, someOf(BUILD_RESULTS))
    .option('--since <time>', 'how long ago, such as 7d, or a time such as 2026-03-01T00:00:00Z', '7d')
    .option('--limit <number>', 'at most this many', wholeNumber(1, 100), 50)
    .option('--cursor <text>', 'go on after a page before')
    .action(async (options: BuildQuery & { json?: boolean }, command: Command) => {
      const { json: _json, ...query } = options;
      const page = await (await run.client(command)).builds(query);
      const rows = page.builds.map((each) => rowOf(each, run));
      run.emit(command, page, () =>
        rows.length === 0 ? '' : table(['RESULT', 'SERVICE', 'NAME', 'RUN', 'TOOK', 'TESTS', 'ENDED', 'COMMIT'], rows, run.width),
      );
      if (isJson(command)) return;
      if (rows.length === 0) run.tell('There are no such builds.');
      if (page.next !== undefined) run.tell(`There are more: --cursor ${page.next}`);
    });
}

function rowOf({ result, service, name, run: number, durationMs, tests, endedAt, commit = '' }: Build, run: Run): (string | Cell)[] {
  const took = durationMs === undefined ? '' : humanDuration(durationMs);
  const counted = tests ? (tests.failed > 0 ? `${String(tests.failed)} of ${String(tests.total)} failed` : String(tests.total)) : '';
  const paint = result === 'succeeded' ? run.style.good : result === 'cancelled' ? run.style.dim : run.style.bad;
  return [{ text: result, paint }, service, name, number, took, counted, relativeTime(endedAt, run.deps.clock.now()), commit.slice(0, 10)];
}
