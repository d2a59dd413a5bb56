import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { packageRoot } from '../../config/package-root';
import { NightshiftError } from '../../domain/errors';
import type { Doors } from '../../workers/start';

const READY_MS = 120_000;

/** Nightshift as a process that can be killed. */
export interface NightshiftProcess {
  readonly doors: Doors;
  /** Pid of the process itself. */
  readonly pid: number;
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/** What is started: `entry` is a compiled file of `dist/`. */
export interface ProcessOptions {
  readonly entry: string;
  readonly args: readonly string[];
  readonly dir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Starts `entry start --json` and resolves once it is up. It ends with us, however we end; its log is added to `nightshift.log`. */
export async function startNightshift({ entry, args, dir, env }: ProcessOptions): Promise<NightshiftProcess> {
  const pidFile = join(dir, 'nightshift.pid');
  const dist = join(packageRoot(), 'dist');
  const command = [join(dist, 'workers', 'keeper.js'), '--once', '--pid-file', pidFile, '--', process.execPath, join(dist, entry), ...args];
  const log = openSync(join(dir, 'nightshift.log'), 'a', 0o600);
  const child = spawn(process.execPath, command, { stdio: ['pipe', 'pipe', log], env, detached: true });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const doors = await doorsOf(child, dir);
  return {
    doors,
    pid: await pidIn(pidFile),
    ended,
    async stop() {
      child.stdin?.end();
      await ended;
    },
  };
}

function doorsOf(child: ChildProcess, dir: string): Promise<Doors> {
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => {
      clearTimeout(timer);
      child.stdin?.end();
      reject(new NightshiftError('internal', `Nightshift did not start: ${why} Its log is in ${dir}.`));
    };
    const timer = setTimeout(() => fail('it took too long.'), READY_MS);
    child.once('exit', () => fail('it ended.'));
    if (!child.stdout) return fail('it says nothing.');
    createInterface({ input: child.stdout }).once('line', (line) => {
      clearTimeout(timer);
      const said = JSON.parse(line) as Doors | { readonly error: { readonly message: string } };
      if ('error' in said) fail(said.error.message);
      else resolve(said);
    });
  });
}

/** The number in a pid file; 0 when there is none. */
export async function pidIn(file: string): Promise<number> {
  return Number(await readFile(file, 'utf8').catch(() => '0'));
}

/** Ends a process at once, if it is there. */
export function endAtOnce(pid: number): void {
  try {
    if (pid > 0) process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
