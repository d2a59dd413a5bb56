import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const SOON_MS = 10_000;
const LOOK_EVERY_MS = 50;

/**
 * Ends the process that a pid file names, if its command line still holds `mark`: a number that the system has given to another program since is left alone. Kills it when it has
 * not ended within 10 s.
 */
export async function endLeftover(pidFile: string, mark: string): Promise<void> {
  const pid = Number(await readFile(pidFile, 'utf8').catch(() => ''));
  if (!Number.isInteger(pid) || pid <= 0) return;
  const lives = async (): Promise<boolean> => (await commandOf(pid)).includes(mark);
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    if (!(await lives())) return;
    send(pid, signal);
    const until = Date.now() + SOON_MS;
    while (Date.now() < until && (await lives())) await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

/** A small image may hold no `ps`, and macOS has no `/proc`. A process that has ended and was not yet collected has no command line. */
async function commandOf(pid: number): Promise<string> {
  if (process.platform === 'linux') return (await readFile(`/proc/${String(pid)}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' ');
  const listed = await promisify(execFile)('ps', ['-p', String(pid), '-o', 'args=']).catch(() => ({ stdout: '' }));
  return listed.stdout;
}

function send(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended by itself.
  }
}
