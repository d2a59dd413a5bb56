import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Longest time in milliseconds that a process may take to end by itself. */
const END_WITHIN_MS = 4000;

/**
 * Writes a small file so that a reader sees the old content or the new one, never half of it.
 * @param {string} file
 * @param {string} text
 */
export function writeWhole(file, text) {
  mkdirSync(path.dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.tmp`;
  writeFileSync(draft, text);
  renameSync(draft, file);
}

/**
 * Tells where a process can be found, in `<dir>/<name>.json`; returns a function that takes the word back.
 * @param {string} dir
 * @param {string} name
 * @param {{ pid: number, port: number, url: string }} where
 * @returns {() => void}
 */
export function announce(dir, name, where) {
  const file = path.join(dir, `${name}.json`);
  writeWhole(file, `${JSON.stringify(where)}\n`);
  return () => rmSync(file, { force: true });
}

/**
 * Ends the process cleanly on SIGTERM or SIGINT, and with `tether` also when the starter's end of stdin closes. `stop` runs once.
 * @param {{ tether: boolean, stop: () => Promise<void> }} options
 */
export function liveUntilTold({ tether, stop }) {
  let ending = false;
  const end = () => {
    if (ending) return;
    ending = true;
    setTimeout(() => process.exit(1), END_WITHIN_MS).unref();
    stop().then(
      () => process.exit(0),
      (error) => {
        process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  if (!tether) return;
  process.stdin.on('end', end).on('close', end).on('error', end);
  process.stdin.resume();
}
