import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { scratch, until } from './support/bookshop';

const PROGRAM = path.resolve(__dirname, '../../examples/bookshop/launch.mjs');
const folder = scratch();
afterAll(() => folder.remove());

/** Process id that a process told of itself, once it did. */
function pidOf(name: string): number | undefined {
  const file = path.join(folder.dir, `${name}.json`);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { pid: number }).pid : undefined;
}

/** Whether a process of that id exists. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('when the starter is killed, every tethered process ends', async () => {
  const starter = spawn(process.execPath, [PROGRAM, '--dir', folder.dir], { stdio: 'ignore' });
  await until('customers come', 20_000, () => pidOf('loadgen'));
  const pids = ['payments', 'supervisor', 'loadgen'].map((name) => pidOf(name) ?? 0);
  expect(pids.every(isAlive)).toBe(true);
  starter.kill('SIGKILL');
  await until('all have ended', 8000, () => (pids.some(isAlive) ? undefined : true));
  expect(['payments', 'supervisor', 'loadgen', 'bookshop'].map(pidOf)).toEqual([undefined, undefined, undefined, undefined]);
}, 40_000);
