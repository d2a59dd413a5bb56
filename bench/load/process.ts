import { fork } from 'node:child_process';
import { join } from 'node:path';
import { packageRoot } from '../../config/package-root';
import type { LoadPlan, LoadResult } from './flood';

/** Runs a load in a process of its own, so that what measures does not wait for what is measured. Throws when it ends without a result. */
export async function runLoad(plan: LoadPlan): Promise<LoadResult> {
  const child = fork(join(packageRoot(), 'dist', 'bench', 'load', 'main.js'), { stdio: ['ignore', 2, 2, 'ipc'] });
  return new Promise((resolve, reject) => {
    child.once('message', (result: LoadResult) => resolve(result));
    child.once('exit', (code) => reject(new Error(`the load ended with ${String(code)} and no result`)));
    child.send(plan);
  });
}
