import { readFileSync } from 'node:fs';
import type { Shop } from '../../examples/bookshop/launch.mjs';
import { type Bookshop, badlyAnswered, call, loadBookshop, metric, pause, scratch, until } from './support/bookshop';

const OUTAGE_MS = 4000;
const WAVE_MS = 5000;
let bookshop: Bookshop;
const folder = scratch();
let shop: Shop;

beforeAll(async () => {
  bookshop = await loadBookshop();
  shop = await bookshop.launching.launch({ dir: folder.dir });
}, 30_000);
afterAll(async () => {
  await shop?.stop();
  folder.remove();
});

/** Failed share between two times, epoch milliseconds. */
function share(from: number, to: number): number {
  return badlyAnswered(bookshop, folder.dir, from, to);
}

/** Messages of warn or error lines of a process's log since a time. */
function messages(name: string, since: number): string[] {
  const text = readFileSync(`${folder.dir}/${name}.log`, 'utf8').trim();
  const lines = text.split('\n').map((line) => JSON.parse(line) as { time: string; level: string; message: string });
  return lines.filter(({ time, level }) => Date.parse(time) >= since && level !== 'info').map(({ message }) => message);
}

/** Changes on the service that anyone was told of. */
async function changes(): Promise<unknown> {
  return (await call('GET', `${shop.supervisor.url}/v1/changes`)).body['changes'];
}

test('the catalogue of faults names six, each with what to expect', () => {
  expect(bookshop.faults.FAULTS.map(({ name }) => name)).toEqual(['bad-release', 'memory-leak', 'dependency', 'two-releases', 'traffic-wave', 'unknown']);
});

test('an unknown fault is refused with the names of those there are', async () => {
  await expect(bookshop.faults.inject('earthquake', { dir: folder.dir })).rejects.toThrow(/no fault "earthquake".*bad-release/);
});

test('dependency: checkouts fail while payments has lost its bank, the log says so, and it heals by itself', async () => {
  const { injectedAt } = await bookshop.faults.inject('dependency', { dir: folder.dir, outageMs: OUTAGE_MS });
  await until('checkouts fail', 10_000, () => (share(Date.now() - 1250, Date.now()) > 0.1 ? true : undefined));
  await until('the outage is over and all is well', OUTAGE_MS + 10_000, () => (share(Date.now() - 1250, Date.now()) === 0 ? true : undefined));
  expect(Date.now()).toBeGreaterThan(injectedAt + OUTAGE_MS);
  expect(messages('bookshop', injectedAt)).toContain('payments does not answer: HTTP 503');
  expect(await metric(shop.payments.url, 'payments_requests_total{route="/charges",status="503"}')).toBeGreaterThan(3);
  expect(await changes()).toEqual([]);
}, 20_000);

test('memory-leak: a full cache sheds load with a log line, a restart heals it, and the crawler stays away', async () => {
  const { injectedAt } = await bookshop.faults.inject('memory-leak', { dir: folder.dir });
  const full = () =>
    metric(shop.url, 'bookshop_cache_bytes').then(async (bytes) => (bytes ?? 0) >= ((await metric(shop.url, 'bookshop_cache_limit_bytes')) ?? Infinity));
  const fullAt = await until('the cache is full', 25_000, async () => ((await full()) ? Date.now() : undefined));
  await until('load is shed', 10_000, () => (share(fullAt, Date.now()) > 0.15 ? true : undefined));
  expect(messages('bookshop', injectedAt)).toContainEqual(expect.stringContaining('memory guard'));
  expect((await call('POST', `${shop.supervisor.url}/v1/restart`, { by: 'nightshift' })).status).toBe(200);
  const healed = Date.now();
  await pause(2000);
  expect(share(healed + 250, Date.now())).toBe(0);
  expect((await call('GET', `${shop.loadgen?.url}/v1/state`)).body['crawling']).toBe(false);
}, 45_000);

test('traffic-wave: six times the customers are more than an instance serves; some are turned away on every route, and all is well when they leave', async () => {
  const before = await changes();
  const { injectedAt } = await bookshop.faults.inject('traffic-wave', { dir: folder.dir, waveMs: WAVE_MS });
  await until('requests are shed', 10_000, () => (share(Date.now() - 1250, Date.now()) > 0.1 ? true : undefined));
  await until('the wave is over and all is well', WAVE_MS + 10_000, () => (share(Date.now() - 1250, Date.now()) === 0 ? true : undefined));
  expect(messages('bookshop', injectedAt)).toContainEqual(expect.stringContaining('more is asked for than the 150 requests a second'));
  for (const route of ['/books', '/search', '/carts'])
    expect(await metric(shop.url, `bookshop_requests_total{route="${route}",status="503"}`)).toBeGreaterThan(0);
  expect(await changes()).toEqual(before);
}, 25_000);

test('unknown: checkouts fail without a line in the log, and a restart does not help', async () => {
  const { injectedAt } = await bookshop.faults.inject('unknown', { dir: folder.dir });
  const failing = () => until('checkouts fail', 10_000, () => (share(Date.now() - 1250, Date.now()) > 0.1 ? true : undefined));
  await failing();
  await call('POST', `${shop.supervisor.url}/v1/restart`, { by: 'ana' });
  await pause(1250);
  await failing();
  expect(messages('bookshop', injectedAt).filter((message) => !/^voucher .* is not known$/.test(message))).toEqual([]);
  expect(messages('payments', injectedAt)).toEqual([]);
}, 20_000);
