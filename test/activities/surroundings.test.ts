import { createEvidenceActivities } from '../../activities/evidence';
import type { EvidenceDeps } from '../../activities/evidence';
import { archiveOf } from '../../adapters/postgres/archive/archive';
import type { Db } from '../../adapters/postgres/database';
import { evidenceStore } from '../../adapters/postgres/evidence';
import { migrate } from '../../adapters/postgres/migrate';
import { MIGRATIONS } from '../../adapters/postgres/migrations';
import { sampleArchive } from '../../adapters/postgres/samples';
import type { CallCount } from '../../domain/call-counts';
import type { EvidenceItem } from '../../domain/evidence';
import type { Service } from '../../domain/inventory';
import type { Archive } from '../../ports/archive';
import { memoryDatabase } from '../adapters/postgres/memory-database';
import { makeSeries, T0 } from '../fakes/bookshop-series';
import { MemoryStore } from '../fakes/memory-store';
import { sampleIncident } from '../fakes/sample-incident';

const MINUTE = 60_000;
const NOW = T0 + 60_000;
const service = (name: string, ...dependsOn: string[]): Service => ({ name, environment: 'demo', tier: 'standard', dependsOn });
const services = [service('bookshop', 'orders'), service('orders'), service('payments')];

let db: Db;
let archive: Archive;
beforeAll(async () => {
  db = await memoryDatabase();
  await migrate(db, MIGRATIONS);
  archive = archiveOf({ db, forgotten: async () => undefined }, (part) => part);
  const call = (caller: string, callee: string): CallCount => ({
    environment: 'demo',
    caller,
    callee,
    at: T0 - MINUTE,
    requests: 40,
    failed: 0,
    durationMs: 400,
    longestMs: 30,
  });
  await archive.writer.keep({ calls: [call('orders', 'payments'), call('bookshop', 'orders'), call('payments', 'ledger-db')], delivery: 'd1' }, NOW);
  const labels = { client: 'web', server: 'bookshop' };
  const series = {
    source: 'otlp-metrics',
    environment: 'demo',
    service: 'collector',
    metric: 'traces_service_graph_request_total',
    kind: 'counter',
    labels,
  } as const;
  await archive.writer.keep({ points: [{ ...series, at: new Date(T0).toISOString(), value: 9 }] }, NOW);
  for (const name of ['bookshop', 'orders', 'payments'])
    await sampleArchive(db, async () => undefined).append(
      makeSeries({ service: name, instance: name, seconds: 60, at: (s) => ({ rate: 50, errorShare: s >= 46 ? 0.4 : 0 }) }),
    );
}, 60_000);
afterAll(() => db.destroy());

/** What is gathered for the bookshop over the real store; what is given replaces parts of the world. */
async function gathered(over: Partial<EvidenceDeps> = {}, memory = new MemoryStore()): Promise<readonly EvidenceItem[]> {
  const none = () => Promise.reject(new Error('none'));
  const view = { ...sampleIncident(`inc-${String(Math.random()).slice(2)}`), environment: 'demo', service: 'bookshop' };
  const note = { fingerprint: 'f', name: 'ErrorShareHigh', source: 'detector', status: 'firing', severity: 'sev2', summary: 's' } as const;
  const deps: EvidenceDeps = {
    ...memory,
    ...{
      archive,
      evidence: evidenceStore(db),
      samples: sampleArchive(db, async () => undefined),
      changes: [memory.changes],
      inventory: { services },
      clock: { now: () => NOW },
    },
    transitions: memory.transitions,
    ...{ logs: { read: none }, hands: { describe: none, look: none, act: none } },
    ...over,
  };
  const found = await createEvidenceActivities(deps).gather({
    ...{
      incidentId: view.incidentId,
      round: 1,
      environment: 'demo',
      service: 'bookshop',
      alerts: [{ ...note, startsAt: new Date(T0 + 50_000).toISOString() }],
    },
    ...{ settings: { baselineMs: 20_000, lookbackMs: 5 * MINUTE, stepMs: 1000 }, transition: { incidentId: view.incidentId, records: [], view } },
  });
  return (await evidenceStore(db).read(found.evidence.digest))?.items ?? [];
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
  const items = await gathered({ archive: { ...archive, calls: { calls: () => Promise.reject(new Error('the archive is away')) } } });
  expect(missing(items)).toContain('calls around bookshop in traces: the archive is away');
  expect(items.find((item) => item.kind === 'graph')).toMatchObject({
    calls: expect.arrayContaining([expect.objectContaining({ from: ['configuration'] })]) as unknown,
  });
});

test('a source that never answers is not waited for', async () => {
  const items = await gathered({ patienceMs: 200, archive: { ...archive, calls: { calls: () => new Promise(() => undefined) } } });
  expect(missing(items)).toContainEqual(expect.stringMatching(/^calls around bookshop in traces: it did not answer within /));
});
