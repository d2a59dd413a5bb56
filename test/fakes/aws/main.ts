import { parseArgs } from 'node:util';
import { errorMessage } from '../../../domain/errors';
import { testClock } from './clock';
import { startFakeAws } from './server';
import type { FakeAwsOptions } from './server';

const USAGE = `Usage: npm run fake-aws -- [--port N] [--clock TIME] [--page-size N]

A server on loopback that speaks AWS's protocols to SDK clients, the AWS CLI and boto3 (AWS_ENDPOINT_URL); it prints its address and runs until Ctrl-C.
docs/fake-aws.md says which services it has and how facts and faults are put into it.

  --port N       where it listens (a free port)
  --clock TIME   a clock that stands at this time (ISO 8601) until POST /_fake/clock moves it (the machine's clock)
  --page-size N  items on a page at most (as many as each service gives)
`;

const OPTIONS = { port: { type: 'string' }, clock: { type: 'string' }, 'page-size': { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const;

function optionsOf(args: readonly string[]): FakeAwsOptions | undefined {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  if (values.help === true) return undefined;
  const start = values.clock === undefined ? undefined : Date.parse(values.clock);
  if (start !== undefined && Number.isNaN(start)) throw new Error(`--clock must be a time such as 2026-01-31T12:00:00Z, not ${values.clock ?? ''}.`);
  return {
    port: whole('--port', values.port ?? '0', 0),
    pageSize: values['page-size'] === undefined ? 'real' : whole('--page-size', values['page-size'], 1),
    ...(start !== undefined && { clock: testClock(start) }),
  };
}

function whole(name: string, text: string, least: number): number {
  if (!/^\d+$/.test(text) || Number(text) < least || Number(text) > 65_535)
    throw new Error(`${name} must be a whole number from ${String(least)}, not ${text}.`);
  return Number(text);
}

async function main(args: readonly string[]): Promise<number> {
  let options;
  try {
    options = optionsOf(args);
  } catch (error) {
    process.stderr.write(`${errorMessage(error)}\n\n${USAGE}`);
    return 2;
  }
  if (!options) {
    process.stdout.write(USAGE);
    return 0;
  }
  const aws = await startFakeAws(options);
  process.stdout.write(`${aws.endpoint}\n`);
  await new Promise<void>((resolve) => ['SIGINT', 'SIGTERM'].forEach((signal) => process.once(signal, () => resolve())));
  await aws.close();
  return 0;
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.stderr.write(`${errorMessage(error)}\n`);
    process.exitCode = 1;
  },
);
