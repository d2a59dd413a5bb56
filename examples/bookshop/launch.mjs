import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { liveUntilTold } from './lib/life.mjs';
import { optionsOf } from './lib/options.mjs';

/** Patience in milliseconds with a process that starts, and with one that ends. */
const START_WITHIN_MS = 15_000;
const END_WITHIN_MS = 5000;

/** @typedef {{ pid: number, port: number, url: string }} Where */
/** @typedef {Where & { name: string, alive: () => boolean, stop: (signal?: NodeJS.Signals) => Promise<void> }} Process */

/**
 * Starts one process of the practice service and resolves when it says where it is. With `tether` it ends with us; without, it outlives us until it is told to
 * end. Rejects with the end of its standard error when it does not come up.
 * @param {'payments' | 'supervisor' | 'loadgen'} name @param {string} dir @param {readonly string[]} args @param {{ tether: boolean }} options
 * @returns {Promise<Process>}
 */
export async function startProcess(name, dir, args, { tether }) {
  mkdirSync(dir, { recursive: true });
  const [file, errorFile] = [path.join(dir, `${name}.json`), path.join(dir, `${name}.err`)];
  const before = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).pid : undefined;
  const errors = openSync(errorFile, 'w');
  const program = path.join(import.meta.dirname, `${name}.mjs`);
  const child = spawn(process.execPath, [program, '--dir', dir, ...args, ...(tether ? ['--tether'] : [])], {
    stdio: [tether ? 'pipe' : 'ignore', 'ignore', errors],
    detached: !tether,
  });
  closeSync(errors);
  child.stdin?.on('error', () => undefined);
  const ended = new Promise((/** @type {(value: void) => void} */ resolve) => child.once('exit', () => resolve()).once('error', () => resolve()));
  const alive = () => child.exitCode === null && child.signalCode === null && child.pid !== undefined;
  const stop = async (/** @type {NodeJS.Signals} */ signal = 'SIGTERM') => {
    if (alive()) child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), END_WITHIN_MS);
    await ended;
    clearTimeout(timer);
  };
  const until = Date.now() + START_WITHIN_MS;
  while (Date.now() < until && alive()) {
    const where = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
    if (where && where.pid === child.pid && where.pid !== before) {
      if (!tether) child.unref();
      return { ...where, name, alive, stop };
    }
    await sleep(25);
  }
  await stop('SIGKILL');
  throw new Error(`${name} did not start. ${readFileSync(errorFile, 'utf8').slice(-500)}`.trim());
}

/**
 * Starts payments, the supervisor with the service, and customers, in `dir`. `url` is the service's stable address. `stop` ends them all.
 * @param {{ dir: string, tether?: boolean, release?: string, environment?: string, releases?: string, traffic?: boolean, instances?: number }} options
 */
export async function launch({ dir, tether = true, release = '1.4.0', environment = 'demo', releases, traffic = true, instances = 1 }) {
  /** @type {Process[]} */
  const started = [];
  const stop = async () => {
    for (const one of [...started].reverse()) await one.stop();
  };
  try {
    const payments = await startProcess('payments', dir, [], { tether });
    started.push(payments);
    const where = releases === undefined ? [] : ['--releases', releases];
    const supervisor = await startProcess('supervisor', dir, ['--release', release, '--environment', environment, '--instances', String(instances), ...where], {
      tether,
    });
    started.push(supervisor);
    const { url } = /** @type {Where} */ (JSON.parse(readFileSync(path.join(dir, 'bookshop.json'), 'utf8')));
    const loadgen = traffic ? await startProcess('loadgen', dir, ['--url', url], { tether }) : undefined;
    if (loadgen) started.push(loadgen);
    return { dir, url, payments, supervisor, loadgen, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

if (process.argv[1] && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const options = optionsOf({ dir: '', release: '1.4.0', environment: 'demo', instances: '1' });
  const shop = await launch({ dir: options.dir, release: options.release, environment: options.environment, instances: Number(options.instances) });
  process.stdout.write(
    `bookshop   ${shop.url}\nsupervisor ${shop.supervisor.url}\npayments   ${shop.payments.url}\ncustomers  ${shop.loadgen?.url}\nCtrl-C ends all.\n`,
  );
  liveUntilTold({ tether: options.tether, stop: shop.stop });
}
