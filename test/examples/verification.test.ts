import { createPrometheusSource } from '../../adapters/local/prometheus-text';
import { createVerificationActivities } from '../../activities/verification';
import type { EvidenceBundle } from '../../domain/evidence';
import type { Service } from '../../domain/inventory';
import type { Verification } from '../../domain/verification';
import { windowStats } from '../../domain/windows';
import type { Shop } from '../../examples/bookshop/launch.mjs';
import { MemoryStore } from '../fakes/memory-store';
import { type Bookshop, call, loadBookshop, pause, scratch, until } from './support/bookshop';

const folder = scratch();
const store = new MemoryStore();
const clock = { now: () => Date.now() };
const PLAN = { settleMs: 500, windowMs: 2500, minRequests: 30, timeoutMs: 6000 };
let bookshop: Bookshop;
let shop: Shop;
let service: Service;
let scraping: NodeJS.Timeout;
let digest: string;

beforeAll(async () => {
  bookshop = await loadBookshop();
  shop = await bookshop.launching.launch({ dir: folder.dir, instances: 3 });
  service = {
    ...{ name: 'bookshop', environment: 'demo', tier: 'critical', dependsOn: [] },
    limits: { errorShare: { above: 0.05, forMs: 1000 }, minRequests: 20 },
    metrics: {
      ...{ url: `${shop.url}/metrics`, everyMs: 250, saturation: [] },
      names: { requests: 'bookshop_requests_total', latency: 'bookshop_request_seconds' },
    },
  };
  const source = createPrometheusSource(clock, { timeoutMs: 2000, maxBytes: 1 << 20 });
  scraping = setInterval(() => void source.scrape(service).then((samples) => store.samples.append(samples)), 250);
  await pause(6000);
  digest = await store.evidence.freeze(await normalTimes());
}, 60_000);
afterAll(async () => {
  clearInterval(scraping);
  await shop?.stop();
  folder.remove();
});

const conditions = (body: object) => call('POST', `${shop.supervisor.url}/v1/conditions`, body);
const deploy = (release: string) => call('POST', `${shop.supervisor.url}/v1/deploy`, { release, by: 'test' });

/** Evidence with what was normal before anything happened. */
async function normalTimes(): Promise<EvidenceBundle> {
  const now = Date.now();
  const baseline = windowStats(await store.samples.read('demo', 'bookshop', now - 5000, now), now - 5000, now);
  expect(baseline).toMatchObject({ running: 3, errors: 0 });
  const item = { id: 'E01', kind: 'metrics' as const, title: 'normal', service: 'bookshop', baseline, now: baseline, series: [] };
  const times = { gatheredAt: new Date(now).toISOString(), onset: now };
  return { incidentId: 'inc-a', round: 1, environment: 'demo', service: 'bookshop', ...times, items: [item] };
}

/** Whether requests fail on every instance. */
async function failing(): Promise<boolean> {
  const now = Date.now();
  const { instances = {} } = windowStats(await store.samples.read('demo', 'bookshop', now - 3000, now), now - 1500, now);
  return Object.values(instances).filter((each) => (each.errorShare ?? 0) > 0.1).length === 3;
}

/** Breaks the shop with the bad release on all instances. */
async function broken(): Promise<void> {
  await conditions({ pinned: 0, drained: 0, blind: false });
  expect((await deploy('1.5.0')).status).toBe(200);
  await until('errors on every instance', 60_000, async () => ((await failing()) ? true : undefined));
  await pause(2500);
}

/** Measures as a remediation does: after settling and a window, and again while measuring longer could help. */
async function measured(effectAt: number): Promise<Verification> {
  const { measure } = createVerificationActivities({
    evidence: store.evidence,
    samples: store.samples,
    inventory: { services: [service] },
    clock,
    builds: store.archive.builds,
    proposals: store.proposals,
    intents: store.intents,
  });
  const input = { incidentId: 'inc-a', environment: 'demo', service: 'bookshop', evidence: { digest, ids: [], onset: 0 }, alerts: [], effectAt, plan: PLAN };
  for (;;) {
    await pause(effectAt + PLAN.settleMs + PLAN.windowMs - Date.now());
    const found = await measure(input);
    if (!found.inconclusive || Date.now() + PLAN.windowMs > effectAt + PLAN.timeoutMs) return found;
    await pause(PLAN.windowMs);
  }
}

/** Puts everything right again and waits until it has shown. */
async function mended(): Promise<void> {
  await conditions({ pinned: 0, drained: 0, blind: false });
  expect((await deploy('1.4.0')).status).toBe(200);
  await pause(2500);
}

/** What is measured of a remedy that leaves this behind. */
async function leaving(condition: object): Promise<Pick<Verification, 'verdict' | 'reason'>> {
  await conditions(condition);
  const { verdict, reason } = await measured(Date.now());
  await mended();
  return { verdict, reason };
}

test('one of three instances healed: partial, and it says which are not; all healed: recovered', async () => {
  await broken();
  await conditions({ pinned: 2 });
  expect((await deploy('1.4.0')).body['entry']).toMatchObject({ detail: '1.4.0 runs on 1 of 3 instances.' });
  const { verdict, reason } = await measured(Date.now());
  expect({ verdict, reason }).toEqual({ verdict: 'partial', reason: '1 of 3 instances are healthy, still broken: bookshop-2, bookshop-3.' });
  await mended();
  expect(await measured(Date.now() - 2500)).toMatchObject({ verdict: 'recovered' });
}, 90_000);

test('errors gone and latency far more than doubled: partial', async () => {
  await broken();
  expect((await deploy('1.4.0')).status).toBe(200);
  await call('POST', `${shop.payments.url}/v1/slow`, { forMs: 14_000, byMs: 250 });
  const { verdict, reason } = await measured(Date.now());
  expect({ verdict, reason }).toEqual({
    verdict: 'partial',
    reason: expect.stringMatching(/^P95 latency is \d+ ms, \d+ ms is normal; no longer: \d+ % of/) as string,
  });
}, 90_000);

test('drained after the remedy, so that it serves nothing: unknown', async () => {
  const few = expect.stringMatching(/^Only \d+ requests so far, 30 are needed\.$/) as string;
  expect(await leaving({ drained: 3 })).toEqual({ verdict: 'unknown', reason: few });
}, 60_000);

test('one of three instances drained after the remedy: partial, as nobody knows how it is', async () => {
  expect(await leaving({ drained: 1 })).toEqual({ verdict: 'partial', reason: '2 of 3 instances are healthy, serving nothing: bookshop-3.' });
}, 60_000);

test('no page of metrics after the remedy: unknown, and not down', async () => {
  expect(await leaving({ blind: true })).toEqual({ verdict: 'unknown', reason: 'The service answers but tells no numbers since the remedy.' });
}, 60_000);

test('the customers stay away after the remedy: unknown', async () => {
  await shop.loadgen?.stop();
  expect(await leaving({})).toEqual({ verdict: 'unknown', reason: expect.stringMatching(/requests so far/) as string });
}, 60_000);
