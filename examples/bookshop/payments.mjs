import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HttpError, close, listen, route, serverOf, urlOf } from './lib/http.mjs';
import { jsonLog } from './lib/json-log.mjs';
import { announce, liveUntilTold } from './lib/life.mjs';
import { Metrics } from './lib/metrics.mjs';
import { optionsOf, portOf } from './lib/options.mjs';

/** Time that the bank takes for a charge, milliseconds: in good days, and until payments gives up on it. */
const BANK_MS = { least: 12, most: 35, lost: 150 };

/** What the bank's line is like: lost or slow until a time, in epoch milliseconds, and by how much it is slow then. */
const line = { lostUntil: 0, slowUntil: 0, slowMs: 0 };

const options = optionsOf({ dir: '', port: '0' });
const log = jsonLog(path.join(options.dir, 'payments.log'), { service: 'payments', release: '2.3.0' });
const metrics = new Metrics('payments', '2.3.0');

const charges = route('POST', '/charges', async ({ body }) => {
  const { order, cents } = /** @type {{ order?: unknown, cents?: unknown }} */ (body ?? {});
  if (typeof order !== 'string' || typeof cents !== 'number' || !(cents > 0)) throw new HttpError(422, 'Please give order and cents.');
  if (Date.now() < line.lostUntil) {
    await sleep(BANK_MS.lost);
    log('error', 'the line to the bank is lost, charge refused', { route: '/charges', order });
    throw new HttpError(503, 'The line to the bank is lost.');
  }
  if (Date.now() < line.slowUntil) await sleep(line.slowMs);
  await sleep(BANK_MS.least + Math.random() * (BANK_MS.most - BANK_MS.least));
  return { status: 201, body: { order, cents, state: 'charged' } };
});

const outage = route('POST', '/v1/outage', ({ body }) => {
  const forMs = typeof body === 'object' && body !== null && 'forMs' in body ? Number(body.forMs) : NaN;
  if (!(forMs >= 0 && forMs <= 600_000)) throw new HttpError(422, 'Please give forMs, at most 600000.');
  line.lostUntil = Date.now() + forMs;
  return { status: 200, body: { lostUntil: line.lostUntil } };
});

const slowness = route('POST', '/v1/slow', ({ body }) => {
  const { forMs, byMs } = /** @type {{ forMs?: unknown, byMs?: unknown }} */ (body ?? {});
  if (!(Number(forMs) >= 0 && Number(forMs) <= 600_000 && Number(byMs) >= 0 && Number(byMs) <= 5000)) {
    throw new HttpError(422, 'Please give forMs, at most 600000, and byMs, at most 5000.');
  }
  Object.assign(line, { slowUntil: Date.now() + Number(forMs), slowMs: Number(byMs) });
  return { status: 200, body: { slowUntil: line.slowUntil, slowMs: line.slowMs } };
});

const server = serverOf(
  [
    charges,
    outage,
    slowness,
    route('GET', '/healthz', () => ({ status: 200, body: { status: 'ok', release: '2.3.0' } })),
    route('GET', '/metrics', () => ({ status: 200, body: metrics.text(), headers: { 'content-type': 'text/plain; version=0.0.4' } })),
  ],
  (label, status, seconds) => {
    if (label === charges.route) metrics.observe(label, status, seconds);
  },
);
const port = await listen(server, portOf(options.port));
const forget = announce(options.dir, 'payments', { pid: process.pid, port, url: urlOf(port) });
log('info', 'ready', { port });
liveUntilTold({
  tether: options.tether,
  stop: async () => {
    forget();
    await close(server);
  },
});
