import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { packageRoot } from '../config/package-root';
import { NightshiftError } from '../domain/errors';
import { ATTRIBUTES } from '../domain/search-attributes';
import { freePort } from './free-port';

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

/** Starts the official server with a database file in WAL mode, which survives SIGKILL. It ends with the process that started it. */
export async function startTemporalServer(options: TemporalServerOptions): Promise<TemporalServer> {
  await mkdir(options.folder, { recursive: true, mode: 0o700 });
  const port = await freePort(options.ports.grpc);
  const uiPort = await freePort(options.ports.ui);
  const child = spawn(process.execPath, [join(packageRoot(), 'dist', 'workers', 'keeper.js'), options.program, ...serverArguments(options, port, uiPort)], {
    stdio: ['pipe', 'pipe', 'pipe'],
    // Ctrl-C goes to everybody in the terminal's group; the server must outlive the worker that still talks to it.
    detached: true,
  });
  const log = createWriteStream(join(options.folder, 'temporal.log'), { flags: 'a', mode: 0o600 });
  child.stdout.pipe(log);
  child.stderr.pipe(log);
  const address = `127.0.0.1:${String(port)}`;
  try {
    await whenReady(address, options, child);
  } catch (error) {
    await stopChild(child);
    throw error;
  }
  return { address, uiUrl: `http://127.0.0.1:${String(uiPort)}`, pid: child.pid ?? 0, stop: () => stopChild(child) };
}

function serverArguments(options: TemporalServerOptions, port: number, uiPort: number): string[] {
  const keywords = Object.values(ATTRIBUTES).flatMap((name) => ['--search-attribute', `${name}=Keyword`]);
  return [
    ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--namespace', options.namespace],
    ...['--db-filename', join(options.folder, 'temporal.db'), '--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=NORMAL'],
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
