import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbedded } from '../../adapters/postgres/open';
import { temporalAuditMemory } from '../../adapters/temporal/heads';
import type { IncidentView } from '../../domain/incident-view';
import { serviceName, startHarness } from './harness';
import type { Harness } from './harness';
import { proposed } from './story';
import { until } from './until';

const shop = serviceName('shop');
let h: Harness;
let asked: IncidentView;
const heads = (): ReturnType<ReturnType<typeof temporalAuditMemory>['heads']> =>
  temporalAuditMemory(h.client, 5_000).heads([asked.workflowId, 'incident:test:nobody']);

beforeAll(async () => {
  h = await startHarness({ services: [shop] });
  asked = await proposed(h, shop);
}, 120_000);
afterAll(() => h.close());

test('an open workflow remembers the end of its audit as the store has it, and verifying compares the two', async () => {
  const last = (await h.store.audit.read(asked.incidentId)).at(-1);
  // The store has a record before its workflow hears of it.
  await until(async () => (await heads())[asked.incidentId]?.count === last?.seq || undefined, 'the workflow knows of the last record');
  expect(await heads()).toEqual({ [asked.incidentId]: { count: last?.seq, hash: last?.hash } });
  expect(await h.api.verifyAudit()).toMatchObject({ workflows: 1, faults: [] });
  expect(await h.api.verifyAudit(asked.incidentId)).toMatchObject({ workflows: 1, faults: [] });
});

test('a store that has lost an incident cannot hide it from its workflow', async () => {
  const home = await mkdtemp(join(tmpdir(), 'nightshift-lost-'));
  await cp(process.env['NIGHTSHIFT_TEST_STORE'] ?? '', join(home, 'store'), { recursive: true });
  const lost = await openEmbedded({ home });
  try {
    expect((await lost.audit.verify({})).faults).toEqual([]);
    const { faults } = await lost.audit.verify({ heads: await heads() });
    expect(faults).toMatchObject([{ kind: 'missing', stream: asked.incidentId }]);
  } finally {
    await lost.close();
    await rm(home, { recursive: true, force: true });
  }
}, 60_000);
