import { spawn } from 'node:child_process';
import { existsSync, openSync, closeSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Patience in milliseconds, and how often an instance must be healthy in a row before it gets traffic. */
const START = { within: 10_000, lookEvery: 20, checks: 3, between: 250, answerWithin: 1000 };
const END_WITHIN_MS = 3000;

/** @typedef {{ id: string, release: string, pid: number, port: number, startedAt: string, ended: Promise<string>, alive: () => boolean, stop: () => Promise<void> }} Instance */

/** Whether an instance says that it is healthy. @param {number} port @returns {Promise<boolean>} */
export async function isHealthy(port) {
  try {
    const reply = await fetch(`http://127.0.0.1:${port}/healthz`, { signal: AbortSignal.timeout(START.answerWithin) });
    await reply.arrayBuffer();
    return reply.ok;
  } catch {
    return false;
  }
}

/** @param {string} file @param {() => boolean} alive @returns {Promise<number>} */
async function portFrom(file, alive) {
  const until = Date.now() + START.within;
  while (Date.now() < until && alive()) {
    if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')).port;
    await sleep(START.lookEvery);
  }
  throw new Error(alive() ? `did not listen within ${START.within / 1000} s` : 'ended while starting');
}

/** @param {number} port @param {() => boolean} alive */
async function becomeHealthy(port, alive) {
  const until = Date.now() + START.within;
  let inARow = 0;
  while (inARow < START.checks) {
    if (!alive()) throw new Error('ended while starting');
    if (Date.now() > until) throw new Error(`did not become healthy within ${START.within / 1000} s`);
    await sleep(START.between);
    inARow = (await isHealthy(port)) ? inARow + 1 : 0;
  }
}

/** @param {import('node:child_process').ChildProcess} child @param {Promise<string>} ended */
async function stopChild(child, ended) {
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), END_WITHIN_MS);
  await ended;
  clearTimeout(timer);
}

/**
 * Starts a release as a child that ends with us, and resolves when it has been healthy three times in a row. Rejects with the reason when it does not get there, and leaves no process then.
 * @param {{ dir: string, releases: string, release: string, id: string }} what
 * @returns {Promise<Instance>}
 */
export async function startInstance({ dir, releases, release, id }) {
  const file = path.join(dir, `${id}.json`);
  rmSync(file, { force: true });
  const errors = openSync(path.join(dir, 'bookshop.err'), 'a');
  const program = path.join(releases, release, 'server.mjs');
  const child = spawn(process.execPath, [program, '--dir', dir, '--name', id, '--tether'], { stdio: ['pipe', 'ignore', errors] });
  closeSync(errors);
  child.stdin?.on('error', () => undefined);
  const startedAt = new Date().toISOString();
  const state = { alive: true };
  const ended = new Promise((/** @type {(how: string) => void} */ resolve) => {
    const end = (/** @type {string} */ how) => {
      state.alive = false;
      rmSync(file, { force: true });
      resolve(how);
    };
    child.once('exit', (code, signal) => end(signal ?? `code ${code}`));
    child.once('error', (error) => end(error.message));
  });
  const alive = () => state.alive;
  try {
    const port = await portFrom(file, alive);
    await becomeHealthy(port, alive);
    return { id, release, pid: child.pid ?? 0, port, startedAt, ended, alive, stop: () => stopChild(child, ended) };
  } catch (error) {
    await stopChild(child, ended);
    throw error;
  }
}
