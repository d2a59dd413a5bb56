import { anomaly } from '../../api/anomaly-schema';
import { sampleView } from '../fakes/incident-samples';
import { ANOMALY_AT, sampleRecord } from '../fakes/sample-anomaly';
import type { Harness } from './harness';
import { harness } from './harness';

const record = sampleRecord({ label: '<b>error share</b>' });
let h: Harness;
beforeEach(async () => {
  h = await harness();
  await h.store.anomalies.put(record);
});

const get = (url: string) => h.call('viewer', 'GET', url);
const rate = (url: string, what: string, role: 'viewer' | 'responder' = 'responder') => h.call(role, 'POST', `${url}/feedback`, { what });

/** An incident about anomalies. */
function open(...anomalies: readonly string[]): string {
  const [first] = sampleView().alerts;
  const view = sampleView({ alerts: anomalies.map((id, i) => ({ ...first!, fingerprint: `f${String(i)}`, anomaly: id })) });
  h.store.incidents.views.set(view.incidentId, view);
  return view.incidentId;
}

test('an anomaly is shown with its sentence and its points', async () => {
  const res = await get(`/v1/anomalies/${record.id}`);
  const shown = anomaly.parse(res.json());
  expect([res.statusCode, shown.at, shown.points.length]).toEqual([200, '2026-03-01T09:30:00.000Z', 120]);
  expect(shown.explanation).toMatch(/error share.*: 25 % is above the expected 0 % to 3 %, for 10 m since/);
  expect((await get('/v1/anomalies/ano-none')).json()).toMatchObject({ status: 404, code: 'not_found' });
});

test('anomalies are listed by service, environment and time, without their points', async () => {
  await h.store.anomalies.put(sampleRecord({ service: 'payments' }));
  await h.store.anomalies.put(sampleRecord({}, { at: ANOMALY_AT - 3_600_000 }));
  const list = async (query: string): Promise<string[]> =>
    (await get(`/v1/anomalies${query}`))
      .json<{ anomalies: { service: string; at: string }[] }>()
      .anomalies.map((one) => `${one.service} ${one.at.slice(11, 16)}`);
  expect(await list('?service=bookshop&environment=prod')).toEqual(['bookshop 09:30', 'bookshop 08:30']);
  expect(await list('?from=2026-03-01T09:00:00Z&service=bookshop')).toEqual(['bookshop 09:30']);
  expect(await list('?to=2026-03-01T09:00:00Z')).toEqual(['bookshop 08:30']);
  expect((await get('/v1/anomalies')).json<{ anomalies: object[] }>().anomalies[0]).not.toHaveProperty('points');
  expect((await get('/v1/anomalies?from=2027-01-01T00:00:00Z')).json()).toMatchObject({ code: 'invalid_input', problems: [{ path: 'from' }] });
});

test.each([
  ['svg', 'image/svg+xml; charset=utf-8', '<svg '],
  ['png', 'image/png', '\x89PNG'],
])('the %s is a picture that can run and load nothing', async (format, type, start) => {
  const res = await get(`/v1/anomalies/${record.id}/picture.${format}`);
  expect([res.statusCode, res.headers['content-type']]).toEqual([200, type]);
  expect(res.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'" });
  expect(res.rawPayload.toString('latin1').startsWith(start)).toBe(true);
  expect(res.body).not.toContain('<b>');
});

test('nobody sees anything without a key', async () => {
  for (const path of ['', `/${record.id}`, `/${record.id}/picture.svg`, `/${record.id}/picture.png`])
    expect((await h.call(undefined, 'GET', `/v1/anomalies${path}`)).statusCode).toBe(401);
});

test('what a responder says of an anomaly is kept once and stands in the audit', async () => {
  const url = `/v1/anomalies/${record.id}`;
  expect((await rate(url, 'noise')).json()).toEqual({ what: 'noise', recorded: [record.id], known: [] });
  expect((await rate(url, 'noise')).json()).toEqual({ what: 'noise', recorded: [], known: [record.id] });
  expect(h.store.feedback.rows).toMatchObject([{ anomaly: record.id, what: 'noise', by: 'person:responder', score: 0.8 }]);
  expect(h.store.audit.records.map(({ kind, actor }) => [kind, actor])).toEqual([['feedback', 'person:responder']]);
});

test('a viewer may say nothing, and only two things can be said', async () => {
  expect((await rate(`/v1/anomalies/${record.id}`, 'noise', 'viewer')).statusCode).toBe(403);
  expect((await rate(`/v1/anomalies/${record.id}`, 'acted')).json()).toMatchObject({ status: 400, code: 'invalid_input' });
  expect((await rate('/v1/anomalies/ano-none', 'noise')).statusCode).toBe(404);
  expect(h.store.feedback.rows).toEqual([]);
});

test('what is said of an incident is said of each of its anomalies that is still kept', async () => {
  const other = sampleRecord({ measure: 'latencyP95Ms' });
  await h.store.anomalies.put(other);
  const id = open(record.id, other.id, record.id, 'ano-forgotten');
  expect((await rate(`/v1/incidents/${id}`, 'useful')).json()).toEqual({ what: 'useful', recorded: [record.id, other.id], known: [] });
});

test('an incident without an anomaly of ours has nothing to learn from', async () => {
  expect((await rate(`/v1/incidents/${open()}`, 'noise')).json()).toMatchObject({ status: 409, code: 'conflict' });
  expect((await rate('/v1/incidents/inc-none', 'noise')).statusCode).toBe(404);
});

test('a sender of alerts cannot claim that an alert comes from an anomaly of ours', async () => {
  await h.call('responder', 'POST', '/v1/alerts', { service: 'bookshop', name: 'X', source: 'detector', anomaly: record.id, labels: { anomaly: record.id } });
  expect(h.store.inbox.waiting).toHaveLength(1);
  expect(h.store.inbox.waiting[0]?.alert).not.toHaveProperty('anomaly');
});
