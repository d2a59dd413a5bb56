import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** Ticks since the machine began, in the fields of `/proc/<pid>/stat` that follow the program's name. */
const START_FIELD = 19;

/** What tells a running process from a later one with the same number: when it began. Undefined where no such process runs. */
export async function processMark(pid: number): Promise<string | undefined> {
  if (process.platform !== 'linux') return listed(pid);
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The name stands in brackets and may hold any character.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return stat === '' || fields[0] === 'Z' ? undefined : fields[START_FIELD];
}

/** Ends a process and the group that it leads: politely, and by force after a while. One that has ended already is no mistake. */
export function signalGroup(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended by itself.
  }
}

async function listed(pid: number): Promise<string | undefined> {
  const { stdout } = await promisify(execFile)('ps', ['-p', String(pid), '-o', 'lstart=']).catch(() => ({ stdout: '' }));
  return stdout.trim() === '' ? undefined : stdout.trim();
}
