import { harness, NOW } from '../api/harness';
import type { Harness } from '../api/harness';
import { FAKE_KEY } from '../fakes/api';
import type { CliResult } from '../fakes/cli-harness';
import { cli } from '../fakes/cli-harness';
import { sampleView } from '../fakes/incident-samples';
import { sampleRecord } from '../fakes/sample-anomaly';

const record = sampleRecord();
let h: Harness;
let url: string;
beforeEach(async () => {
  h = await harness();
  await h.store.keys.ensure({ name: 'ana', role: 'responder' }, FAKE_KEY, new Date(NOW).toISOString());
  await h.store.anomalies.put(record);
  url = await h.app.listen({ host: '127.0.0.1', port: 0 });
});
afterEach(() => h.app.close());

const feedback = (...args: readonly string[]): Promise<CliResult> => cli(url, ['feedback', ...args]);

test('says of an anomaly what it was, and that it had been said before', async () => {
  expect(await feedback(record.id, 'noise')).toMatchObject({ code: 0, out: `${record.id}: noise\n` });
  expect((await feedback(record.id, 'noise')).out).toBe(`${record.id}: noise had been said before; it counts once\n`);
  expect(h.store.feedback.rows).toMatchObject([{ anomaly: record.id, what: 'noise', by: 'person:ana' }]);
});

test('says it of all anomalies of an open incident by the beginning of its id', async () => {
  const [alert] = sampleView().alerts;
  const view = sampleView({ alerts: [{ ...alert!, anomaly: record.id }] });
  h.store.incidents.views.set(view.incidentId, view);
  const { json } = await feedback('inc-abcd', 'useful', '--json');
  expect(json()).toEqual({ what: 'useful', recorded: [record.id], known: [] });
});

test('takes two words only, and an id that exists', async () => {
  expect((await feedback(record.id, 'ignored')).code).toBe(2);
  expect((await feedback('ano-00000000000000000000000000000000', 'noise')).err).toContain('not_found');
  expect(h.store.feedback.rows).toEqual([]);
});
