import { readdirSync, readFileSync } from 'node:fs';

const KIB = 1024;
const EVERY_MS = 250;

/** Resident memory of a process with all that it started, MiB. Linux only. */
export function residentMiB(pid: number): number {
  return treeOf(pid).reduce((sum, each) => sum + Number(/^VmRSS:\s+(\d+)/m.exec(read(`/proc/${String(each)}/status`))?.[1] ?? 0), 0) / KIB;
}

/** Watches the resident memory of a process with all that it started; `stop` gives the most that was seen, MiB. */
export function watchMemory(pid: number): { stop(): number } {
  let peak = residentMiB(pid);
  const timer = setInterval(() => (peak = Math.max(peak, residentMiB(pid))), EVERY_MS);
  return {
    stop() {
      clearInterval(timer);
      return Math.max(peak, residentMiB(pid));
    },
  };
}

function treeOf(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const pid of readdirSync('/proc').map(Number)) {
    if (!(pid > 0)) continue;
    const parent = Number(/^.*\) \S (\d+)/s.exec(read(`/proc/${String(pid)}/stat`))?.[1] ?? 0);
    children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const found: number[] = [];
  for (const queue = [root]; queue.length > 0;) {
    const pid = queue.pop() ?? 0;
    found.push(pid);
    queue.push(...(children.get(pid) ?? []));
  }
  return found;
}

// A process may end while it is looked at.
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
