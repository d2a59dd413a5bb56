import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cpuMs, memoryBytes } from './usage.mjs';

/** What the process that measures needs; it gets no key and no other input. */
const PASSED_ON = ['RUNNER_TRACKING_ID', 'PATH', 'SystemRoot'];

/** Notes the time and what was used so far, and starts a process that watches the memory until the folder, which is returned, is gone. */
export function beginMeasuring(env) {
  const folder = mkdtempSync(join(env.RUNNER_TEMP || tmpdir(), 'nightshift-build-'));
  writeFileSync(join(folder, 'begin.json'), JSON.stringify({ at: Date.now(), cpuMs: cpuMs(), memoryBytes: memoryBytes() }));
  const watcher = fileURLToPath(new URL('watch-memory.mjs', import.meta.url));
  const passedOn = Object.fromEntries(PASSED_ON.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
  const child = spawn(process.execPath, [watcher, folder], { detached: true, stdio: 'ignore', windowsHide: true, env: passedOn });
  // Without it only the beginning and the end are measured.
  child.on('error', () => undefined);
  child.unref();
  return folder;
}

/** What was measured until now: when it began (epoch milliseconds; undefined where nobody measured), CPU time and the most memory. */
export function measured(folder) {
  const begin = readJson(folder, 'begin.json');
  if (!begin) return { startedAt: undefined, usage: undefined };
  const most = Math.max(begin.memoryBytes, readJson(folder, 'most.json')?.memoryBytes ?? 0, memoryBytes());
  return { startedAt: begin.at, usage: { cpuMs: Math.max(0, Math.round(cpuMs() - begin.cpuMs)), memoryBytes: Math.round(most) } };
}

/** Notes that the build is reported, so that the end of the job does not report it again. */
export function noteReported(folder) {
  if (folder && existsSync(folder)) writeFileSync(join(folder, 'reported'), '');
}

/** Whether a step before has reported the build. */
export function isReported(folder) {
  return existsSync(join(folder, 'reported'));
}

/** Ends the process that measures and removes what it wrote. */
export function endMeasuring(folder) {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}

function readJson(folder, name) {
  try {
    return folder ? JSON.parse(readFileSync(join(folder, name), 'utf8')) : undefined;
  } catch {
    return undefined;
  }
}
