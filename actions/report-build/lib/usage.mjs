import { readFileSync } from 'node:fs';
import { cpus, freemem, totalmem } from 'node:os';

/** A control group of version 2 as a process in a container sees its own; only below the root of all groups there is `memory.current`. */
const GROUP = '/sys/fs/cgroup';

/** CPU time that was used since the machine, or the container where the job runs in one, began: milliseconds over all processors. */
export function cpuMs(group = GROUP) {
  const own = read(`${group}/memory.current`) === undefined ? undefined : field(read(`${group}/cpu.stat`), 'usage_usec');
  if (own !== undefined) return own / 1000;
  return cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0);
}

/** Memory in use on the machine, or in the container where the job runs in one, in bytes. Files that are only cached do not count. */
export function memoryBytes(group = GROUP) {
  const own = Number(read(`${group}/memory.current`) ?? NaN);
  if (Number.isFinite(own)) return Math.max(0, own - (field(read(`${group}/memory.stat`), 'inactive_file') ?? 0));
  const availableKiB = field(read('/proc/meminfo'), 'MemAvailable:');
  return totalmem() - (availableKiB === undefined ? freemem() : availableKiB * 1024);
}

function field(text, name) {
  const line = text?.split('\n').find((each) => each.split(/\s+/)[0] === name);
  const value = Number(line?.split(/\s+/)[1]);
  return Number.isFinite(value) ? value : undefined;
}

function read(path) {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}
