import { readFileSync } from 'node:fs';
import path from 'node:path';

/** How long the line from payments to its bank is lost in `dependency`, milliseconds. */
const OUTAGE_MS = 17_000;
/** How long the many customers of `traffic-wave` stay, milliseconds. */
const WAVE_MS = 17_000;
/** How long customers use the voucher of `unknown`, milliseconds: until long after a person was asked. */
const PLATINUM_MS = 600_000;

/** @typedef {{ name: 'bad-release' | 'memory-leak' | 'dependency' | 'two-releases' | 'traffic-wave' | 'unknown', title: string, expect: string }} Fault */

/** The faults that can be practised: name, what happens in one line, and what a good answer to it is. @type {readonly Fault[]} */
export const FAULTS = Object.freeze([
  { name: 'bad-release', title: 'release 1.5.0 leaks order handles at checkout', expect: 'roll back to 1.4.0' },
  { name: 'memory-leak', title: 'a crawler fills a cache that forgets nothing, without any recent change', expect: 'restart the service' },
  { name: 'dependency', title: 'payments loses its bank for a while and comes back by itself', expect: 'no action: it heals by itself' },
  { name: 'two-releases', title: '1.5.0 and then 1.5.1 are deployed; the older one is guilty', expect: 'going back to 1.5.0 does not help, 1.4.0 does' },
  {
    name: 'traffic-wave',
    title: 'six times as many customers come for a while, more than the service can serve',
    expect: 'no action on the service: the load is the cause, and it passes',
  },
  { name: 'unknown', title: 'checkouts fail and nothing in the evidence says why', expect: 'undetermined: no action, a person takes over' },
]);

/**
 * @param {string} dir @param {string} name @param {string} where @param {object} body
 */
async function post(dir, name, where, body) {
  const { url } = JSON.parse(readFileSync(path.join(dir, `${name}.json`), 'utf8'));
  const reply = await fetch(`${url}${where}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const text = await reply.text();
  if (!reply.ok) throw new Error(`${name} answered HTTP ${reply.status} to ${where}: ${text.slice(0, 300)}`);
}

/**
 * Brings a fault about in the practice service that runs in `dir`; resolves when it is under way (for releases: when they are deployed). Times are epoch
 * milliseconds. Throws for a name that `FAULTS` does not have, and when a process does not answer.
 * @param {string} name @param {{ dir: string, by?: string, outageMs?: number, waveMs?: number }} env `by` is the author of the deployments
 * @returns {Promise<{ name: string, startedAt: number, injectedAt: number }>}
 */
export async function inject(name, { dir, by = 'release-train', outageMs = OUTAGE_MS, waveMs = WAVE_MS }) {
  const startedAt = Date.now();
  const deploy = (/** @type {string} */ release) => post(dir, 'supervisor', '/v1/deploy', { release, by, reason: 'planned release' });
  /** @type {Record<string, () => Promise<void>>} */
  const ways = {
    'bad-release': () => deploy('1.5.0'),
    'memory-leak': () => post(dir, 'loadgen', '/v1/crawl', {}),
    dependency: () => post(dir, 'payments', '/v1/outage', { forMs: outageMs }),
    'two-releases': async () => {
      await deploy('1.5.0');
      // At once: nothing that is measured may tell which of the two it is.
      await deploy('1.5.1');
    },
    'traffic-wave': () => post(dir, 'loadgen', '/v1/wave', { forMs: waveMs }),
    unknown: () => post(dir, 'loadgen', '/v1/platinum', { forMs: PLATINUM_MS }),
  };
  const way = Object.hasOwn(ways, name) ? ways[name] : undefined;
  if (!way) throw new Error(`There is no fault "${name}"; there are ${FAULTS.map((fault) => fault.name).join(', ')}.`);
  await way();
  return { name, startedAt, injectedAt: Date.now() };
}
