import type { EvidenceDeps } from '../../activities/evidence';
import type { CallCount } from '../../domain/call-counts';
import type { EvidenceItem } from '../../domain/evidence';
import { makeSeries, T0 } from '../fakes/bookshop-series';
import { MemoryArchive } from '../fakes/memory-archive';
import { memoryPoints } from '../fakes/memory-points';
import { MemoryStore } from '../fakes/memory-store';
import { sampleIncident } from '../fakes/sample-incident';
import { BY_MINUTE, gathered as gatheredIn, plainService } from './support/gathered';

const MINUTE = 60_000;
const NOW = T0 + 60_000;
const services = [plainService('bookshop', 'demo', 'orders'), plainService('orders', 'demo'), plainService('payments', 'demo')];
const settings = { baselineMs: 20_000, lookbackMs: 5 * MINUTE, stepMs: 1000 };

const call = (caller: string, callee: string, over: Partial<CallCount> = {}): CallCount => ({
  ...{ environment: 'demo', caller, callee, at: T0 - MINUTE, requests: 40, failed: 0, durationMs: 400, longestMs: 30 },
  ...over,
});

/** Calls in traces, and a counter of calls, as the archive has them. */
async function archiveWithCalls(): Promise<EvidenceDeps['archive']> {
  const archive = new MemoryArchive();
  await archive.writer.keep({ calls: [call('orders', 'payments'), call('bookshop', 'orders'), call('payments', 'ledger-db')], delivery: 'd1' }, NOW);
  const { points, writer } = memoryPoints();
  const labels = { client: 'web', server: 'bookshop' };
  const counter = { source: 'otlp-metrics', environment: 'demo', service: 'collector', metric: 'traces_service_graph_request_total', kind: 'counter' } as const;
  await writer.keep({ points: [{ ...counter, labels, at: new Date(T0).toISOString(), value: 9 }] }, NOW);
  return { calls: archive.calls, builds: archive.builds, logs: archive.logs, points };
}

/** What is gathered for the bookshop; what is given replaces parts of the world. */
async function gathered(over: Partial<EvidenceDeps> = {}, memory = new MemoryStore()): Promise<readonly EvidenceItem[]> {
  for (const name of ['bookshop', 'orders', 'payments'])
    await memory.samples.append(makeSeries({ service: name, instance: name, seconds: 60, at: (s) => ({ rate: 50, errorShare: s >= 46 ? 0.4 : 0 }) }));
  return gatheredIn({ services, now: NOW, firedMs: 10_000, settings, archive: await archiveWithCalls(), memory }, over);
}

const missing = (items: readonly EvidenceItem[]) => items.flatMap((item) => (item.kind === 'missing' ? [`${item.what}: ${item.reason}`] : []));

test('the graph holds what is configured, traced and counted, with who says so, and numbers of what is further away', async () => {
  const items = await gathered();
  const graph = items.find((item) => item.kind === 'graph');
  expect(graph).toMatchObject({
    places: [
      { service: 'orders', way: 'callee', hops: 1 },
      { service: 'web', way: 'caller', hops: 1 },
      { service: 'payments', way: 'callee', hops: 2 },
      { service: 'ledger-db', way: 'callee', hops: 3 },
    ],
    calls: expect.arrayContaining([
      { caller: 'bookshop', callee: 'orders', from: ['configuration', 'traces'], requests: 40 },
      { caller: 'web', callee: 'bookshop', from: ['counts'] },
    ]) as unknown,
  });
  expect(items).toContainEqual(
    expect.objectContaining({ kind: 'window', service: 'payments', hops: 2, seenBy: 'itself', healthy: false, source: 'requests:payments', trust: 'measured' }),
  );
});

test('an open incident of what it calls stands nearby', async () => {
  const memory = new MemoryStore();
  const other = { ...sampleIncident('inc-other'), environment: 'demo', service: 'payments', status: 'open' as const };
  const items = await gathered({ incidents: { lastClosed: async () => undefined, list: async () => ({ incidents: [other] }) } }, memory);
  expect(items).toContainEqual(expect.objectContaining({ kind: 'incident-nearby', incidentId: 'inc-other', way: 'callee', hops: 2 }));
});

test('a source that fails stands as missing, and what the others tell is there', async () => {
  const away = () => Promise.reject(new Error('the archive is away'));
  const items = await gathered({ archive: { ...(await archiveWithCalls()), calls: { totals: away, received: away } } });
  expect(missing(items)).toContain('calls around bookshop in traces: the archive is away');
  expect(items.find((item) => item.kind === 'graph')).toMatchObject({
    calls: expect.arrayContaining([expect.objectContaining({ from: ['configuration'] })]) as unknown,
  });
});

test('a source that never answers is not waited for', async () => {
  const silent = () => new Promise<never>(() => undefined);
  const items = await gathered({ patienceMs: 200, archive: { ...(await archiveWithCalls()), calls: { totals: silent, received: silent } } });
  expect(missing(items)).toContainEqual(expect.stringMatching(/^calls around bookshop in traces: it did not answer within /));
});

test('a hub that 200 services call keeps the minutes of the onset and before, whoever called how often', async () => {
  const archive = new MemoryArchive();
  const now = T0 + 100 * MINUTE;
  // 18,000 counts: the oldest 5,000, and the newest too, are 25 minutes.
  const minutes = Array.from({ length: 90 }, (_, i) => now - (90 - i) * MINUTE);
  const calls = minutes.flatMap((at) =>
    Array.from({ length: 200 }, (_, i) =>
      call(i === 0 ? 'bookshop' : `s${String(i)}`, 'hub', { at, requests: i === 0 ? 500 : 3, failed: at >= now - 30 * MINUTE ? 2 : 0 }),
    ),
  );
  await archive.writer.keep({ calls, delivery: 'hub' }, now);
  const shop = [plainService('bookshop', 'demo', 'hub')];
  const items = await gatheredIn({ services: shop, now, firedMs: 30 * MINUTE, settings: BY_MINUTE, archive });
  expect(items.find((item) => item.kind === 'graph')).toMatchObject({ calls: [{ caller: 'bookshop', callee: 'hub', requests: 500 * 90 }] });
  const hub = items.find((item) => item.kind === 'window' && item.service === 'hub');
  expect(hub).toMatchObject({ seenBy: 'callers', healthy: false });
  const requests = hub?.kind === 'window' ? hub.series.requests : [];
  expect(requests.length).toBeGreaterThanOrEqual(59);
  expect(new Set(requests)).toEqual(new Set([500 + 199 * 3]));
});

test('the metrics of a service are read once, though it is near and is called; what fails is told once', async () => {
  const memory = new MemoryStore();
  const asked: string[] = [];
  const read = async (environment: string, service: string, from: number, to: number) => {
    asked.push(service);
    if (service === 'orders') throw new Error('it is away');
    return memory.samples.read(environment, service, from, to);
  };
  const items = await gathered({ samples: { ...memory.samples, read } }, memory);
  expect(asked.sort()).toEqual(['bookshop', 'orders', 'payments']);
  expect(missing(items).filter((what) => what.includes('it is away'))).toEqual(['metrics of orders: it is away']);
});
