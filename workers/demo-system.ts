import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { openSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Client, Connection } from '@temporalio/client';
import { costOf } from '../adapters/temporal/histories';
import type { DemoSystem } from '../cli/demo/deps';
import { DEMO_LOG_FILE } from '../cli/demo/settings';
import { ADMIN_KEY_FILE } from '../config/client';
import type { Environment } from '../config/types';
import { NightshiftError } from '../domain/errors';
import type { Doors } from './start';

/** A busy machine gets its time; an idle one needs a few seconds. */
const READY_MS = 120_000;

/** Starts `nightshift start` as a process of its own, as a user would; it ends with the demo unless it is to be kept. */
export async function startDemoSystem(options: {
  readonly configFile: string;
  readonly home: string;
  readonly keep: boolean;
  readonly env: Environment;
}): Promise<DemoSystem> {
  const main = [join(__dirname, 'main.js'), 'start', '--json', '--config', options.configFile];
  const command = options.keep ? main : [join(__dirname, 'keeper.js'), '--once', process.execPath, ...main];
  const log = openSync(join(options.home, DEMO_LOG_FILE), 'a', 0o600);
  const child = spawn(process.execPath, command, {
    stdio: [options.keep ? 'ignore' : 'pipe', 'pipe', log],
    detached: true,
    // A demo runs on its own configuration and never in anybody's database.
    env: { ...options.env, NIGHTSHIFT_HOME: options.home, NIGHTSHIFT_PROFILE: undefined, DATABASE_URL: undefined },
  });
  const doors = await whenUp(child).catch(async (error: unknown) => {
    await stopped(child);
    throw error;
  });
  if (options.keep) child.unref();
  return {
    api: doors.api,
    temporalUi: doors.temporalUi,
    keyFile: doors.keyFile ?? join(options.home, ADMIN_KEY_FILE),
    pids: child.pid === undefined ? [] : [child.pid],
    alive: () => child.exitCode === null && child.signalCode === null,
    stop: () => stopped(child),
    cost: (workflowIds) => cost(doors.temporal, workflowIds),
  };
}

function whenUp(child: ChildProcess): Promise<Doors> {
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => {
      clearTimeout(timer);
      reject(new NightshiftError('internal', `Nightshift did not start: ${why}`));
    };
    const ended = (): void => fail('it ended.');
    const timer = setTimeout(() => fail('it took too long.'), READY_MS);
    child.once('exit', ended);
    if (!child.stdout) return fail('it says nothing.');
    createInterface({ input: child.stdout }).once('line', (line) => {
      child.off('exit', ended);
      const said = JSON.parse(line) as Doors | { readonly error: { readonly message: string } };
      if ('error' in said) return fail(said.error.message);
      clearTimeout(timer);
      resolve(said);
    });
  });
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.stdin?.end();
  child.kill('SIGTERM');
  await ended;
}

async function cost(address: string, workflowIds: readonly string[]): ReturnType<DemoSystem['cost']> {
  const connection = await Connection.connect({ address });
  try {
    return await costOf(new Client({ connection }), workflowIds);
  } finally {
    await connection.close();
  }
}
