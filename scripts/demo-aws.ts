import { parseArgs } from 'node:util';
import { createClient } from '../cli/client';
import { runDemo } from '../cli/demo/run';
import { exitCodeOf } from '../cli/exit-codes';
import { processIo } from '../cli/process-io';
import { processEnvironment, terminalSettings } from '../config/environment';
import type { Environment } from '../config/types';
import { errorMessage, NightshiftError } from '../domain/errors';
import { workedDemo } from '../test/fakes/worked/demo';
import { WORKED_ENV } from '../test/fakes/worked/world';
import { startDemoSystem } from '../workers/demo-system';
import { stopSignal } from '../workers/stop-signal';

const USAGE = `Usage: npm run demo -- --target aws [--yes] [--json]

Errors in the log of a service on a fake AWS, which runs on this machine alone, become an incident; a runbook from GitHub restarts the service through Systems Manager, and Slack and Jira are told.
It takes up to three minutes, as lines are counted by the minute.

  --yes   approve as "demo" without asking
  --json  one object on stdout
`;

const OPTIONS = {
  target: { type: 'string' },
  yes: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

async function main(args: readonly string[]): Promise<number> {
  const options = optionsOf(args);
  if (options.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const env = processEnvironment();
  const io = processIo(process, terminalSettings(env).noColor, () => process.exit(0));
  const deps = {
    ...{ io, sharedServer: false, stopped: stopSignal(), world: workedDemo },
    startSystem: (wanted: Parameters<Parameters<typeof runDemo>[0]['startSystem']>[0]) => startDemoSystem({ ...wanted, env: withoutAccount(env) }),
    createClient: ({ url, key }: { readonly url: string; readonly key: string }) => createClient({ apiUrl: url, apiKey: key, keyFile: '', home: '' }),
  };
  return runDemo(deps, { yes: options.yes, json: options.json, keep: false });
}

function optionsOf(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS }).values;
  } catch (error) {
    throw new NightshiftError('invalid_input', `${errorMessage(error)}\n\n${USAGE}`);
  }
}

/** Whatever the environment says of an AWS of somebody's is left out. */
function withoutAccount(env: Environment): Environment {
  return { ...Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('AWS_'))), ...WORKED_ENV };
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${errorMessage(error)}\n`);
    process.exitCode = exitCodeOf(error);
  },
);
