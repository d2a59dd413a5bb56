import { createEvidenceActivities } from '../../activities/evidence';
import type { Service } from '../../domain/inventory';
import type { EvidenceItem } from '../../domain/evidence';
import { MemoryStore } from '../fakes/memory-store';
import { ANOMALY_AT, sampleRecord } from '../fakes/sample-anomaly';
import { sampleIncident } from '../fakes/sample-incident';

const NOW = ANOMALY_AT + 60_000;
const bookshop: Service = { name: 'bookshop', environment: 'prod', tier: 'standard', dependsOn: [] };
const record = sampleRecord();

/** What is frozen of a round whose alerts name these anomalies. */
async function gathered(store: MemoryStore, ...anomalies: readonly string[]): Promise<readonly EvidenceItem[]> {
  const none = { read: () => Promise.resolve([]), describe: () => Promise.reject(new Error('none')), look: () => Promise.reject(new Error('none')) };
  const hands = { ...none, act: () => Promise.reject(new Error('none')) };
  const deps = { ...store, transitions: store.transitions, logs: none, changes: [store.changes], hands, inventory: { services: [bookshop] } };
  const view = sampleIncident('inc-gather');
  const note = { fingerprint: 'f', name: 'ErrorShareHigh', source: 'detector', status: 'firing', severity: 'sev2', summary: 's' } as const;
  const alerts = anomalies.map((anomaly) => ({ ...note, startsAt: new Date(ANOMALY_AT).toISOString(), anomaly }));
  const settings = { baselineMs: 60_000, lookbackMs: 120_000, stepMs: 1000 };
  const transition = { incidentId: view.incidentId, records: [], view };
  await createEvidenceActivities({ ...deps, clock: { now: () => NOW } }).gather({
    ...{ incidentId: view.incidentId, round: 1, environment: 'prod', service: 'bookshop', alerts, settings, transition },
  });
  return store.bundles[0]?.bundle.items ?? [];
}

test('the anomalies that alerts name are frozen as evidence, those that are kept no more are left out', async () => {
  const store = new MemoryStore();
  await store.anomalies.put(record);
  const found = (await gathered(store, record.id, 'ano-forgotten')).filter((item) => item.kind === 'anomaly');
  expect(found).toMatchObject([{ anomaly: record.id, service: 'bookshop', at: ANOMALY_AT }]);
});

test('a store of anomalies that cannot be read stands as missing, and the rest is gathered', async () => {
  const store = new MemoryStore();
  store.anomalies.get = () => Promise.reject(new Error('the store is away'));
  const items = await gathered(store, record.id);
  expect(items.filter((item) => item.kind === 'missing').map(({ title }) => title)).toContainEqual(expect.stringContaining('anomalies of bookshop'));
});

test('lines that the archive did not know stand among the evidence', async () => {
  const store = new MemoryStore();
  const minutes = (from: number, count: number) => Array.from({ length: count }, (_, i) => ({ at: from + i * 300_000, lines: 3 }));
  const known = { id: 1, source: 's', environment: 'prod', service: 'bookshop', level: 'info', template: 'served', sample: 'served', createdAt: 0 } as const;
  const begin = Math.floor(NOW / 60_000) * 60_000 - 2 * 86_400_000;
  store.archive.logs.templates = async () => [
    { ...known, minutes: minutes(begin, 576) },
    { ...known, id: 2, level: 'error', template: 'handle lost', sample: 'handle lost', minutes: [{ at: begin + 2 * 86_400_000 - 120_000, lines: 30 }] },
  ];
  const found = (await gathered(store)).filter((item) => item.kind === 'log-anomaly');
  expect(found).toMatchObject([{ what: 'new', template: 'handle lost', lines: 30, service: 'bookshop', title: expect.stringContaining('New error line') }]);
});
