import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { openSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Client, Connection } from '@temporalio/client';
import { costOf } from '../adapters/temporal/histories';
import type { DemoSystem } from '../cli/demo/deps';
import { DEMO_LOG_FILE } from '../cli/demo/settings';
import type { DemoNames } from '../cli/demo/settings';
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
  readonly names: DemoNames;
  readonly env: Environment;
}): Promise<DemoSystem> {
  const main = [join(__dirname, 'main.js'), 'start', '--json', '--config', options.configFile];
  const command = options.keep ? main : [join(__dirname, 'keeper.js'), '--once', '--', process.execPath, ...main];
  const log = openSync(join(options.home, DEMO_LOG_FILE), 'a', 0o600);
  const child = spawn(process.execPath, command, {
    stdio: [options.keep ? 'ignore' : 'pipe', 'pipe', log],
    detached: true,
    // A demo runs on its own configuration and never in anybody's database.
    env: {
      ...options.env,
      NIGHTSHIFT_HOME: options.home,
      NIGHTSHIFT_PROFILE: undefined,
      DATABASE_URL: undefined,
      DATABASE_URL_FILE: undefined,
      NIGHTSHIFT_LISTEN: undefined,
    },
  });
  const doors = await whenUp(child).catch(async (error: unknown) => {
    await stopped(child);
    throw error;
  });
  if (options.keep) child.unref();
  return {
    api: doors.api,
    temporalUi: doors.temporalUi,
    namespace: doors.namespace,
    keyFile: doors.keyFile ?? join(options.home, ADMIN_KEY_FILE),
    pids: child.pid === undefined ? [] : [child.pid],
    alive: () => child.exitCode === null && child.signalCode === null,
    async stop() {
      await stopped(child);
      // A server of the demo's own has ended with it.
      if (doors.temporalPid === null) await withClient(doors, (client) => terminateOpen(client, options.names.taskQueue));
    },
    cost: (workflowIds) => withClient(doors, (client) => costOf(client, workflowIds)),
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

async function terminateOpen(client: Client, taskQueue: string): Promise<void> {
  for await (const { workflowId, runId } of client.workflow.list({ query: `TaskQueue = '${taskQueue}' AND ExecutionStatus = 'Running'` })) {
    await client.workflow.getHandle(workflowId, runId).terminate('The demo that it belonged to has ended.');
  }
}

async function withClient<T>({ temporal: address, namespace }: Doors, work: (client: Client) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address });
  try {
    return await work(new Client({ connection, namespace }));
  } finally {
    await connection.close();
  }
}
