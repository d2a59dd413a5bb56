import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import type { WriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { packageRoot } from '../config/package-root';
import { NightshiftError } from '../domain/errors';
import { ATTRIBUTES } from '../domain/search-attributes';
import { freePort } from './free-port';
import { endLeftover } from './leftover';

/** How the embedded Temporal server is started. */
export interface TemporalServerOptions {
  /** The `temporal` program. */
  readonly program: string;
  /** Folder of its database and log. */
  readonly folder: string;
  readonly namespace: string;
  /** Ports that are taken when they are free. */
  readonly ports: { readonly grpc: number; readonly ui: number };
  /** Without the UI, for tests. */
  readonly headless?: boolean;
}

/** A running embedded server. */
export interface TemporalServer {
  readonly address: string;
  readonly uiUrl: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Seconds on an idle machine; a busy one with a large database file gets its time. */
const READY_MS = 60_000;
const PID_FILE = 'temporal.pid';

/** Starts the official server with a database file in WAL mode, which survives SIGKILL. It ends with the process that started it; a keeper that is killed is replaced. */
export async function startTemporalServer(options: TemporalServerOptions): Promise<TemporalServer> {
  await mkdir(options.folder, { recursive: true, mode: 0o700 });
  // Two servers on one database file would destroy it.
  const endOrphan = (): Promise<void> => endLeftover(join(options.folder, PID_FILE), databaseOf(options));
  await endOrphan();
  const port = await freePort(options.ports.grpc);
  const uiPort = await freePort(options.ports.ui);
  const log = createWriteStream(join(options.folder, 'temporal.log'), { flags: 'a', mode: 0o600 });
  const launch = (): ChildProcess => launchKeeper(options, serverArguments(options, port, uiPort), log);
  const address = `127.0.0.1:${String(port)}`;
  let keeper = launch();
  let stopping = false;
  let replacing = Promise.resolve();
  const guard = (): void =>
    void keeper.once('exit', (_code, signal) => {
      if (!stopping && signal !== null) replacing = endOrphan().then(replace);
    });
  const replace = (): void => {
    if (stopping) return;
    keeper = launch();
    guard();
  };
  try {
    await whenReady(address, options, keeper);
  } catch (error) {
    await stopChild(keeper);
    throw error;
  }
  guard();
  return {
    ...{ address, uiUrl: `http://127.0.0.1:${String(uiPort)}` },
    get pid() {
      return keeper.pid ?? 0;
    },
    async stop() {
      stopping = true;
      await replacing;
      await stopChild(keeper);
    },
  };
}

function launchKeeper({ program, folder }: TemporalServerOptions, args: readonly string[], log: WriteStream): ChildProcess {
  const keeper = [join(packageRoot(), 'dist', 'workers', 'keeper.js'), '--pid-file', join(folder, PID_FILE), '--', program, ...args];
  // Ctrl-C goes to everybody in the terminal's group; the server must outlive the worker that still talks to it.
  const child = spawn(process.execPath, keeper, { stdio: ['pipe', 'pipe', 'pipe'], detached: true });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  return child;
}

function databaseOf({ folder }: TemporalServerOptions): string {
  return join(folder, 'temporal.db');
}

function serverArguments(options: TemporalServerOptions, port: number, uiPort: number): string[] {
  const keywords = Object.values(ATTRIBUTES).flatMap((name) => ['--search-attribute', `${name}=Keyword`]);
  return [
    ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--namespace', options.namespace],
    ...['--db-filename', databaseOf(options), '--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=NORMAL'],
    ...(options.headless ? ['--headless'] : ['--ui-ip', '127.0.0.1', '--ui-port', String(uiPort)]),
    ...['--log-level', 'warn', '--dynamic-config-value', 'frontend.enableServerVersionCheck=false'],
    ...keywords,
  ];
}

async function whenReady(address: string, { namespace, folder }: TemporalServerOptions, child: ChildProcess): Promise<void> {
  const until = Date.now() + READY_MS;
  const log = `Its log is ${join(folder, 'temporal.log')}.`;
  for (;;) {
    if (child.exitCode !== null) throw new NightshiftError('unreachable', `The Temporal server ended while it started. ${log}`);
    try {
      const connection = await Connection.connect({ address, connectTimeout: 1_000 });
      await connection.workflowService.describeNamespace({ namespace });
      await connection.close();
      return;
    } catch (error) {
      if (Date.now() > until)
        throw new NightshiftError('unreachable', `The Temporal server at ${address} did not come up in ${String(READY_MS / 1000)} s. ${log}`, [], {
          cause: error,
        });
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.stdin?.end();
  await ended;
}
