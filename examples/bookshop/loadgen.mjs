import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { HttpError, close, listen, route, serverOf, urlOf } from './lib/http.mjs';
import { announce, liveUntilTold } from './lib/life.mjs';
import { optionsOf, portOf } from './lib/options.mjs';
import { clientOf } from './loadgen/client.mjs';
import { crawl } from './loadgen/crawler.mjs';
import { REQUESTS_PER_JOURNEY, customers } from './loadgen/journey.mjs';
import { randomOf } from './loadgen/random.mjs';
import { recorder } from './loadgen/recorder.mjs';
import { Wave } from './loadgen/wave.mjs';

/** A day of traffic in milliseconds, and its swing as a share of the mean. */
const DAY_MS = 24_000;
const SWING = 0.2;
const TICK_MS = 20;

const options = optionsOf({ dir: '', url: '', port: '0', rate: '64', seed: '1' });
mkdirSync(options.dir, { recursive: true });
const rate = Number(options.rate);
if (!(rate > 0 && rate <= 500)) {
  process.stderr.write(`--rate is the mean number of requests a second, above 0 and at most 500, not "${options.rate}".\n`);
  process.exit(2);
}
const record = recorder(path.join(options.dir, 'loadgen.jsonl'));
const call = clientOf(options.url, record.seen);
const random = randomOf(Number(options.seed));
const mood = { platinumUntil: 0 };
const wave = new Wave();
const journey = customers(call, random, mood);
const state = { running: true, /** @type {object | undefined} */ crawler: undefined, owed: 0, lastTick: performance.now() };

/** Customers come by the clock whatever the service does: an open loop. */
const arrivals = setInterval(() => {
  const now = performance.now();
  const wanted = (rate * wave.times * (1 + SWING * Math.sin((2 * Math.PI * Date.now()) / DAY_MS))) / REQUESTS_PER_JOURNEY;
  state.owed += (wanted * (now - state.lastTick)) / 1000;
  state.lastTick = now;
  for (; state.owed >= 1; state.owed -= 1) void journey();
}, TICK_MS);

/** @param {unknown} body @param {number} otherwise */
function forMsOf(body, otherwise) {
  const forMs = typeof body === 'object' && body !== null && 'forMs' in body ? Number(body.forMs) : otherwise;
  if (forMs >= 0 && forMs <= 3_600_000) return forMs;
  throw new HttpError(422, 'forMs is a number of milliseconds, at most 3600000.');
}

const server = serverOf([
  route('GET', '/v1/state', () => ({
    status: 200,
    body: { url: options.url, rate, times: wave.times, crawling: state.crawler !== undefined, platinumUntil: mood.platinumUntil },
  })),
  route('POST', '/v1/crawl', () => {
    if (state.crawler) throw new HttpError(409, 'A crawler is here already.');
    const crawler = {};
    state.crawler = crawler;
    void crawl(call, () => state.running && state.crawler === crawler).then(() => {
      if (state.crawler === crawler) state.crawler = undefined;
    });
    return { status: 200, body: { crawling: true } };
  }),
  route('DELETE', '/v1/crawl', () => {
    state.crawler = undefined;
    return { status: 200, body: { crawling: false } };
  }),
  route('POST', '/v1/wave', ({ body }) => ({ status: 200, body: wave.begin(body) })),
  route('POST', '/v1/platinum', ({ body }) => {
    mood.platinumUntil = Date.now() + forMsOf(body, 600_000);
    return { status: 200, body: mood };
  }),
]);
const port = await listen(server, portOf(options.port));
const forget = announce(options.dir, 'loadgen', { pid: process.pid, port, url: urlOf(port) });
liveUntilTold({
  tether: options.tether,
  stop: async () => {
    forget();
    state.running = false;
    clearInterval(arrivals);
    record.end();
    await close(server);
  },
});
