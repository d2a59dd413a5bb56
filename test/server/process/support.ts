import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Connection } from '@temporalio/client';
import { createClient } from '../../../cli/client';
import type { ApiClient } from '../../../cli/client';
import { packageRoot } from '../../../config/package-root';
import type { Doors } from '../../../workers/start';
import { until } from '../until';

/** How a program ended; `code` is 128 and more never, as a signal shows by its name. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A program that has ended, with all that it wrote. */
export interface Finished extends Ended {
  readonly stdout: string;
  readonly stderr: string;
}

/** A program under way: what it wrote so far, and its end. It leads a process group of its own, as in a terminal. */
export interface Program {
  readonly pid: number;
  readonly ended: Promise<Ended>;
  stdout(): string;
  stderr(): string;
  /** Sends a signal to it alone, or to its whole group as Ctrl-C does. */
  signal(name: NodeJS.Signals, to?: 'it' | 'group'): void;
}

/** A folder for one test file, and everything that runs with it: programs carry a mark in their environment that all their children inherit. */
export interface Place {
  readonly dir: string;
  /** Where its programs put temporary files. */
  readonly tmp: string;
  /** Runs a program of the repository, or of another build by its whole path, in `dir`. */
  run(script: string, args: readonly string[], env?: Readonly<Record<string, string>>): Program;
  /** Processes that carry the mark and still run. */
  processes(): number[];
  /** Waits until none of them runs. */
  empty(ms?: number): Promise<void>;
  /** Ends what still runs and removes the folder. */
  remove(): void;
}

/** The compiled command line. */
export const MAIN = join('dist', 'workers', 'main.js');

/** Makes a place. */
export function makePlace(): Place {
  const dir = mkdtempSync(join(tmpdir(), 'nightshift-process-'));
  const tmp = join(dir, 'tmp');
  mkdirSync(tmp);
  const mark = `NIGHTSHIFT_TEST_MARK=${randomUUID()}`;
  const [name = '', value] = mark.split('=');
  const processes = (): number[] => everyProcess().filter((pid) => environmentOf(pid).includes(mark));
  return {
    ...{ dir, tmp, processes },
    run: (script, args, env = {}) => {
      const { TEMPORAL_ADDRESS: _named, ...ours } = process.env;
      return launch([resolve(packageRoot(), script), ...args], dir, { ...ours, NO_COLOR: '1', TMPDIR: tmp, [name]: value, ...env });
    },
    empty: async (ms = 20_000) => {
      await until(() => Promise.resolve(processes().length === 0 ? true : undefined), `the end of every process of the test (${mark})`, ms);
    },
    remove: () => {
      for (const pid of processes()) endAtOnce(pid);
      rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function launch(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Program {
  const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const written = { stdout: '', stderr: '' };
  child.stdout.on('data', (data: Buffer) => (written.stdout += data.toString()));
  child.stderr.on('data', (data: Buffer) => (written.stderr += data.toString()));
  const pid = child.pid ?? 0;
  return {
    pid,
    // Its end, not that of its output: a child that outlives it may hold that open.
    ended: new Promise((resolve) => child.once('exit', (code, signal) => setImmediate(() => resolve({ code, signal })))),
    stdout: () => written.stdout,
    stderr: () => written.stderr,
    signal: (name, to = 'it') => void process.kill(to === 'group' ? -pid : pid, name),
  };
}

/** Waits for the end of a program. */
export async function finished(program: Program): Promise<Finished> {
  return { ...(await program.ended), stdout: program.stdout(), stderr: program.stderr() };
}

/** Where the doors of `start --json` are, once it is up. Throws with its standard error when it ends instead. */
export async function doorsOf(program: Program, ms = 90_000): Promise<Doors> {
  let gone: Ended | undefined;
  void program.ended.then((ended) => (gone = ended));
  const line = await until(() => Promise.resolve(firstLine(program.stdout()) ?? (gone ? '' : undefined)), 'Nightshift is up', ms);
  if (gone || line === '' || 'error' in (JSON.parse(line) as object)) throw new Error(`start ended: ${line} ${program.stderr().slice(-2000)}`);
  return JSON.parse(line) as Doors;
}

function firstLine(text: string): string | undefined {
  return text.includes('\n') ? text.slice(0, text.indexOf('\n')) : undefined;
}

/** The API as its first admin sees it. */
export function adminOf(doors: Pick<Doors, 'api'>, home: string): ApiClient {
  return createClient({ apiUrl: doors.api, apiKey: readFileSync(join(home, 'admin.key'), 'utf8').trim(), keyFile: '', home });
}

/** Whether somebody listens at a URL or `host:port` of this machine. */
export function isOpen(address: string): Promise<boolean> {
  const { hostname, port } = new URL(address.includes('://') ? address : `tcp://${address}`);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port) }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

/** Id of the Temporal server at an address; undefined where none answers. */
export async function clusterAt(address: string): Promise<string | undefined> {
  if (!(await isOpen(address))) return undefined;
  const connection = await Connection.connect({ address, connectTimeout: '5s' }).catch(() => undefined);
  const info = await connection?.workflowService.getClusterInfo({}).catch(() => undefined);
  await connection?.close();
  return info?.clusterId;
}

/** Processes that a process started and that still run. */
export function childrenOf(parent: number): number[] {
  return everyProcess().filter(
    (pid) =>
      Number(
        read(`/proc/${String(pid)}/stat`)
          .replace(/^.*\) /s, '')
          .split(' ')[1],
      ) === parent,
  );
}

/** Kills a process if it is still there. */
export function endAtOnce(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

function everyProcess(): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0);
}

// A process that has ended, and waits for its parent to notice, has no environment any more.
function environmentOf(pid: number): string[] {
  return read(`/proc/${String(pid)}/environ`).split('\0');
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
