import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { defined } from '../../domain/defined';
import { errorMessage, NightshiftError } from '../../domain/errors';
import type { HealthReport } from '../../domain/pipeline-health';
import { oneOf } from '../arguments';
import type { BuildQuery } from '../client';
import { healthText } from '../render/health';
import { safeJson } from '../render/safe-json';
import type { Run } from '../run';
import { isJson } from '../run';

const FORMATS = ['text', 'json', 'html'] as const;

interface HealthOptions extends Pick<BuildQuery, 'service' | 'environment' | 'name' | 'until'> {
  readonly since: string;
  readonly format: (typeof FORMATS)[number];
  readonly out?: string;
}

/** Adds `nightshift health`. */
export function addHealthCommand(program: Command, run: Run): void {
  program
    .command('health')
    .description('show how pipelines and services did over a time')
    .option('--json', 'print exactly one JSON value on stdout')
    .option('--since <time>', 'how long ago, such as 7d, or a time such as 2026-03-01T00:00:00Z', '7d')
    .option('--until <time>', 'until this time; now when not given')
    .option('--service <name>', 'only this service')
    .option('--environment <name>', 'only this environment')
    .option('--name <name>', 'only this pipeline')
    .option('--format <word>', `one of ${FORMATS.join(', ')}; html is one page with plots`, oneOf(FORMATS), 'text')
    .option('--out <file>', 'write it to a file instead of stdout')
    .action(async ({ format, out, since, until, service, environment, name }: HealthOptions, command: Command) => {
      const client = await run.client(command);
      const given = defined({ since, until, service, environment, name });
      const text =
        format === 'html' && !isJson(command) ? await client.healthPage(given) : wordsOf(run, await client.health(given), format === 'json' || isJson(command));
      if (out === undefined) return void run.deps.io.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
      await save(out, text);
      run.tell(`Written to ${out}.`);
    });
}

function wordsOf(run: Run, report: HealthReport, json: boolean): string {
  return json ? safeJson(report) : healthText(report, { width: run.width, style: run.style });
}

/** Only for the person, as titles of incidents may stand in it. */
async function save(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, { mode: 0o600 });
  } catch (error) {
    throw new NightshiftError('internal', `${file} was not written: ${errorMessage(error)}`, [], { cause: error });
  }
}
