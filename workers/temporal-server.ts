import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { Connection } from '@temporalio/client';
import { packageRoot } from '../config/package-root';
import type { Environment } from '../config/types';
import { NightshiftError } from '../domain/errors';
import { ATTRIBUTES } from '../domain/search-attributes';
import { freePort } from './free-port';
import { endLeftover } from './leftover';
import { lenientLog } from './lenient-log';

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
  /** Its environment; ours when not given. */
  readonly env?: Environment;
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
/** A server that says nothing of its port, and has not ended by then, is taken for the one that answers. */
const SILENT_MS = 15_000;
const PORT_TRIES = 3;
const PID_FILE = 'temporal.pid';

/** Starts the official server with a database file in WAL mode, which survives SIGKILL. It ends with the process that started it; a keeper that is killed is replaced. */
export async function startTemporalServer(options: TemporalServerOptions): Promise<TemporalServer> {
  await mkdir(options.folder, { recursive: true, mode: 0o700 });
  // Two servers on one database file would destroy it.
  const endOrphan = (): Promise<void> => endLeftover(join(options.folder, PID_FILE), databaseOf(options));
  await endOrphan();
  const { port, uiPort, launch, first } = await firstKeeper(options);
  let keeper = first;
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
  guard();
  return {
    ...{ address: addressOf(port), uiUrl: `http://127.0.0.1:${String(uiPort)}` },
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

interface FirstKeeper {
  readonly port: number;
  readonly uiPort: number;
  /** Launches another one on the same ports. */
  readonly launch: () => ChildProcess;
  readonly first: ChildProcess;
}

/** A port that was free may be taken by the time the server listens; then it is tried on others. */
async function firstKeeper(options: TemporalServerOptions): Promise<FirstKeeper> {
  const log = lenientLog(join(options.folder, 'temporal.log'));
  for (let left = PORT_TRIES - 1; ; left -= 1) {
    const wanted = left === PORT_TRIES - 1 ? options.ports : { grpc: 0, ui: 0 };
    const port = await freePort(wanted.grpc);
    const uiPort = await freePort(wanted.ui);
    const launch = (): ChildProcess => launchKeeper(options, serverArguments(options, port, uiPort), log);
    const first = launch();
    try {
      await whenReady(port, options, first);
      return { port, uiPort, launch, first };
    } catch (error) {
      const ended = first.exitCode !== null;
      await stopChild(first);
      if (!ended || left === 0) throw error;
    }
  }
}

function launchKeeper({ program, folder, env }: TemporalServerOptions, args: readonly string[], log: Writable): ChildProcess {
  const keeper = [join(packageRoot(), 'dist', 'workers', 'keeper.js'), '--pid-file', join(folder, PID_FILE), '--', program, ...args];
  // Ctrl-C goes to everybody in the terminal's group; the server must outlive the worker that still talks to it.
  const child = spawn(process.execPath, keeper, { stdio: ['pipe', 'pipe', 'pipe'], detached: true, ...(env ? { env } : {}) });
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

async function whenReady(port: number, { namespace, folder }: TemporalServerOptions, child: ChildProcess): Promise<void> {
  const began = Date.now();
  const log = `Its log is ${join(folder, 'temporal.log')}.`;
  const address = addressOf(port);
  const ours = saysPort(child, port);
  for (;;) {
    if (child.exitCode !== null) throw new NightshiftError('unreachable', `The Temporal server ended while it started. ${log}`);
    try {
      if (!ours() && Date.now() - began < SILENT_MS) throw new Error('it has not said that it listens');
      const connection = await Connection.connect({ address, connectTimeout: 1_000 });
      await connection.workflowService.describeNamespace({ namespace });
      await connection.close();
      return;
    } catch (error) {
      if (Date.now() - began > READY_MS)
        throw new NightshiftError('unreachable', `The Temporal server at ${address} did not come up in ${String(READY_MS / 1000)} s. ${log}`, [], {
          cause: error,
        });
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** Whether the server has printed the port that it listens on. Another server may have taken the port since it was free, and would answer there as well. */
function saysPort(child: ChildProcess, port: number): () => boolean {
  let printed = '';
  child.stdout?.on('data', (data: Buffer) => (printed = (printed + data.toString()).slice(-4_096)));
  return () => new RegExp(`^[^=]*:${String(port)}\\b`, 'm').test(printed);
}

function addressOf(port: number): string {
  return `127.0.0.1:${String(port)}`;
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.stdin?.end();
  await ended;
}
