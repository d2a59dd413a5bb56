import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { close, listen, serverOf, urlOf } from './lib/http.mjs';
import { jsonLog } from './lib/json-log.mjs';
import { announce, liveUntilTold } from './lib/life.mjs';
import { optionsOf, portOf } from './lib/options.mjs';
import { apiRoutes } from './supervisor/api.mjs';
import { Changes } from './supervisor/changes.mjs';
import { Conditions } from './supervisor/conditions.mjs';
import { Deployer } from './supervisor/deployer.mjs';
import { Forwarder } from './supervisor/forwarder.mjs';
import { Ledger } from './supervisor/ledger.mjs';
import { answerMetrics } from './supervisor/metrics-page.mjs';
import { Pointer } from './supervisor/pointer.mjs';
import { Runner } from './supervisor/runner.mjs';

/** Longest wait for another supervisor's answer in milliseconds. */
const ANSWER_WITHIN_MS = 500;
const MOST_INSTANCES = 9;

/** What a process said of itself in `<dir>/<name>.json`. @param {string} dir @param {string} name @returns {{ port: number, url: string } | undefined} */
function saidBy(dir, name) {
  const file = path.join(dir, `${name}.json`);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

/** Refuses a folder in which another supervisor lives. @param {string} dir */
async function refuseSecond(dir) {
  const other = saidBy(dir, 'supervisor');
  if (!other) return;
  const alive = await fetch(`${other.url}/v1/state`, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) }).then(
    async (reply) => JSON.stringify(await reply.json().catch(() => null)).includes('bookshop-local'),
    () => false,
  );
  if (!alive) return;
  process.stderr.write(`A supervisor for this folder answers at ${other.url} already; please stop it first or choose another --dir.\n`);
  process.exit(1);
}

/** Listens on the port asked for; with 0 on the one from before a crash where it is free, so that the address stays. @param {import('node:http').Server} server @param {number} asked @param {number | undefined} before */
function listenAgain(server, asked, before) {
  if (asked !== 0 || before === undefined) return listen(server, asked);
  return listen(server, before).catch(() => listen(server, 0));
}

const options = optionsOf({
  dir: '',
  port: '0',
  'service-port': '0',
  release: '1.4.0',
  releases: path.join(import.meta.dirname, 'releases'),
  environment: 'demo',
  instances: '1',
});
const { dir, releases } = options;
mkdirSync(dir, { recursive: true });
await refuseSecond(dir);
const log = jsonLog(path.join(dir, 'supervisor.log'), { service: 'supervisor' });
const known = () => readdirSync(releases).sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
if (!known().includes(options.release)) {
  process.stderr.write(`There is no release ${options.release}; there are ${known().join(', ')}.\n`);
  process.exit(2);
}
const pointer = new Pointer(dir, options.release);
const size = Number(options.instances);
if (!Number.isInteger(size) || size < 1 || size > MOST_INSTANCES) {
  process.stderr.write(`--instances is a whole number from 1 to ${MOST_INSTANCES}, not "${options.instances}".\n`);
  process.exit(2);
}
const conditions = new Conditions(size);
const forwarder = new Forwarder((response) => answerMetrics(response, runner.instances, conditions));
const runner = new Runner({ dir, releases }, size, forwarder, conditions, log);
const deployer = new Deployer(new Ledger(dir), new Changes(dir, options.environment), pointer, runner, known);
deployer.recover();

const servicePort = await listenAgain(forwarder.server, portOf(options['service-port']), saidBy(dir, 'bookshop')?.port);
const api = serverOf(apiRoutes(deployer, urlOf(servicePort)));
await runner.replace(pointer.now.current);
const port = await listenAgain(api, portOf(options.port), saidBy(dir, 'supervisor')?.port);
const forget = [
  announce(dir, 'bookshop', { pid: process.pid, port: servicePort, url: urlOf(servicePort) }),
  announce(dir, 'supervisor', { pid: process.pid, port, url: urlOf(port) }),
];
log('info', 'ready', { port, servicePort, release: pointer.now.current });
liveUntilTold({
  tether: options.tether,
  stop: async () => {
    forget.forEach((take) => take());
    await runner.close();
    await Promise.all([close(api), forwarder.close()]);
  },
});
