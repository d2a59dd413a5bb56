import { createClient } from '../../console/client';
import { loadIncident } from '../../console/load';
import { harness, NOW } from '../api/harness';
import type { Harness } from '../api/harness';
import { FAKE_KEY } from '../fakes/api';
import { sampleView } from '../fakes/incident-samples';
import { sampleRecord } from '../fakes/sample-anomaly';

const record = sampleRecord();
let h: Harness;
let base: string;
beforeEach(async () => {
  h = await harness();
  await h.store.keys.ensure({ name: 'ana', role: 'viewer' }, FAKE_KEY, new Date(NOW).toISOString());
  await h.store.anomalies.put(record);
  base = await h.app.listen({ host: '127.0.0.1', port: 0 });
});
afterEach(() => h.app.close());

function about(...anomalies: readonly string[]): string {
  const [first] = sampleView().alerts;
  const view = sampleView({ alerts: anomalies.map((anomaly, i) => ({ ...first!, fingerprint: `f${String(i)}`, anomaly })) });
  h.store.incidents.views.set(view.incidentId, view);
  return view.incidentId;
}

test('the page of an incident has the picture of each anomaly, with its sentence, as an image that holds itself', async () => {
  const { pictures } = await loadIncident(createClient(FAKE_KEY, { base }), about(record.id, 'ano-forgotten'), undefined, 0);
  expect(pictures).toHaveLength(1);
  expect(pictures[0]?.text).toContain('25 % is above the expected');
  expect(decodeURIComponent(pictures[0]?.source ?? '')).toMatch(/^data:image\/svg\+xml;charset=utf-8,<svg /);
});

test('a picture is asked for once', async () => {
  const client = createClient(FAKE_KEY, { base });
  const first = await loadIncident(client, about(record.id), undefined, 0);
  h.store.anomalies.rows.clear();
  expect((await loadIncident(client, about(record.id), first, 60_000)).pictures).toEqual(first.pictures);
});
