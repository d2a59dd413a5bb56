import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../config/package-root';
import type { Environment } from '../../../config/types';
import { NightshiftError } from '../../../domain/errors';

/** A worker in a process of its own, which ends with us. */
export interface WorkerProcess {
  /** Resolves once it polls for work; throws where it ended before. */
  readonly ready: Promise<void>;
  /** Ends it at once, and resolves when it has ended. */
  kill(): Promise<void>;
}

/** How a worker is started. */
export interface WorkerOptions {
  /** Holds its configuration, `nightshift.yaml`, and its log. */
  readonly dir: string;
  readonly args: readonly string[];
  readonly env: Environment;
}

/** Starts one. */
export function startWorker({ dir, args, env }: WorkerOptions): WorkerProcess {
  const log = openSync(join(dir, 'worker.log'), 'a', 0o600);
  const script = join(packageRoot(), 'dist', 'bench', 'chaos', 'aws', 'worker.js');
  const child = spawn(process.execPath, [script, join(dir, 'nightshift.yaml'), ...args], { stdio: ['pipe', 'pipe', log], env, cwd: dir });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const ready = new Promise<void>((resolve, reject) => {
    child.stdout?.once('data', () => resolve());
    void ended.then(() => reject(new NightshiftError('internal', `A worker ended; its log is in ${dir}.`)));
  });
  // Whoever kills it before it is ready does not wait for that.
  ready.catch(() => undefined);
  return {
    ready,
    kill() {
      child.kill('SIGKILL');
      return ended;
    },
  };
}
