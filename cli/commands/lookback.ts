import { open, rm, stat } from 'node:fs/promises';
import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import { partitionOf } from '../../domain/aws/place';
import { lookbackPolicy } from '../../domain/aws/policy';
import { isZone } from '../../domain/local-time';
import { errorMessage, NightshiftError } from '../../domain/errors';
import { htmlReport } from '../../domain/lookback/html/page';
import { lookbackText } from '../render/lookback';
import { SEVERITIES } from '../../domain/names';
import type { Severity } from '../../domain/names';
import { plainText } from '../../domain/plain-text';
import { duration, regions, someOf } from '../arguments';
import type { LookbackOptions } from '../deps';
import { EXIT } from '../exit-codes';
import type { Run } from '../run';
import { configOf, isJson, leaf } from '../run';

interface Options extends Omit<LookbackOptions, 'sinceMs' | 'aws' | 'severities' | 'tell' | 'config'> {
  readonly since: number;
  readonly severity: readonly Severity[];
  readonly aws?: true;
  readonly profile?: string;
  readonly region?: readonly string[];
  readonly html?: string;
  readonly printPolicy?: true;
}

const DAY_MS = 86_400_000;
const LONGEST_MS = 90 * DAY_MS;
/** Severities that page as a rule. */
const PAGING: readonly Severity[] = ['sev1', 'sev2', 'sev3'];

/** Adds `nightshift lookback`, which needs no running system, and only reads. */
export function addLookbackCommand(program: Command, run: Run): void {
  leaf(program, 'lookback', 'what the last weeks of pages were, and what Nightshift would have made of them; only reads, needs no running system')
    .option('--prometheus <url>', 'read alerts and changes from a Prometheus', webUrl)
    .option('--alertmanager <url>', 'read silences and current alerts from its Alertmanager', webUrl)
    .option('--token-file <file>', 'a file with the bearer token for both')
    .option('--aws', 'read alarms, deployments, pipelines, writes and AWS Health from AWS')
    .option('--profile <name>', 'the profile of the AWS configuration')
    .option('--region <region>', 'a region; may be given more than once', regions)
    .addOption(new Option('--since <duration>', 'how far to look back').argParser(duration(LONGEST_MS)).default(14 * DAY_MS, '14d'))
    .addOption(
      new Option('--severity <list>', `which alerts page, of ${SEVERITIES.join(', ')}`).argParser(someOf(SEVERITIES)).default(PAGING, PAGING.join(',')),
    )
    .option('--zone <name>', 'the time zone in which nights are counted, such as Europe/Berlin; this machine’s when left out', zone)
    .option('--max-usd <number>', 'most that the calls may cost', dollars, 1)
    .option('--resume <file>', 'where parts are kept until all are read; in the state folder when left out')
    .option('--html <out>', 'write the report as one page into this file')
    .option('--print-policy', 'with --aws: print the policy of IAM that it needs, and read nothing')
    .addHelpText('after', '\nIt tells what it will cost before it reads, and goes on where it was interrupted.')
    .action(async (options: Options, command: Command) => {
      if (options.printPolicy === true) {
        if (options.aws !== true) throw new NightshiftError('invalid_input', '--print-policy belongs to --aws.');
        run.deps.io.stdout.write(`${JSON.stringify(lookbackPolicy(partitionOf(options.region?.[0] ?? '')), undefined, 2)}\n`);
        return;
      }
      const wanted = asked(options, run, configOf(command));
      if (options.html !== undefined) await checkWritable(options.html);
      const made = await run.deps.launchers.lookback(wanted);
      if (!made) {
        run.exitCode = EXIT.failed;
        return;
      }
      const { report, finish } = made;
      if (options.html !== undefined) await write(options.html, htmlReport(report));
      if (options.html === undefined || isJson(command)) run.emit(command, report, () => lookbackText(report, run.width, run.style));
      if (options.html !== undefined) run.tell(`The report is in ${options.html}.`);
      await finish();
    });
}

function asked(
  { since, severity, aws, profile, region, html: _html, printPolicy: _printPolicy, ...rest }: Options,
  run: Run,
  config: string | undefined,
): LookbackOptions {
  if (aws === true && rest.prometheus !== undefined) throw new NightshiftError('invalid_input', 'Give either --aws or --prometheus.');
  if (aws !== true && (profile !== undefined || region !== undefined)) throw new NightshiftError('invalid_input', '--profile and --region belong to --aws.');
  return {
    ...rest,
    ...{ sinceMs: since, severities: severity, tell: (line) => run.tell(plainText(line)) },
    ...(config !== undefined && { config }),
    ...(aws === true && { aws: { ...(profile !== undefined && { profile }), regions: region ?? [] } }),
  };
}

/** Before hours of reading are spent on it; leaves the file as it was. Throws `invalid_input`. */
async function checkWritable(file: string): Promise<void> {
  const before = await stat(file).catch(() => undefined);
  await writing(file, async () => {
    await (await open(file, 'a', 0o600)).close();
    if (!before) await rm(file);
  });
}

/** Writes a file that only its owner may read, as it holds names of services and people, also where one that others could read was there. */
async function write(file: string, content: string): Promise<void> {
  await writing(file, async () => {
    const handle = await open(file, 'w', 0o600);
    try {
      if ((await handle.stat()).isFile()) await handle.chmod(0o600);
      await handle.writeFile(content);
    } finally {
      await handle.close();
    }
  });
}

async function writing(file: string, work: () => Promise<void>): Promise<void> {
  await work().catch((error: unknown) => {
    throw new NightshiftError('invalid_input', `${file} cannot be written: ${errorMessage(error)}.`);
  });
}

function webUrl(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) throw new InvalidArgumentError('It must be an address such as http://prometheus:9090.');
  const { username, password } = new URL(text);
  if (username !== '' || password !== '') throw new InvalidArgumentError('No secrets in an address: use --token-file.');
  return text;
}

function zone(text: string): string {
  if (!isZone(text)) throw new InvalidArgumentError('It must be a time zone such as Europe/Berlin.');
  return text;
}

function dollars(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 100_000)) throw new InvalidArgumentError('It must be a number of US dollars, 0 or more.');
  return value;
}
