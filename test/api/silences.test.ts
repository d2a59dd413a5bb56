import { sampleAlert } from '../fakes/sample-incident';
import { harness, NOW } from './harness';

const BODY = { match: { service: 'book*' }, for: '2h', reason: 'my token=abcdef123456 says so' };
const WINDOW = { name: 'patching', match: { service: 'db' }, owner: 'platform', reason: 'patches', zone: 'UTC', from: 'Sun 09:00', to: 'Sun 10:00' };

test('a responder silences, everybody sees it, and it is ended; each stands in the audit, without secrets', async () => {
  const h = await harness();
  const kicks = h.kicks();
  const made = await h.call('responder', 'POST', '/v1/silences', BODY);
  expect([made.statusCode, made.json()]).toMatchObject([
    201,
    { origin: 'person', owner: 'responder', scope: 'service book*', endsAt: '2026-03-01T11:32:00.000Z' },
  ]);
  expect(made.body).not.toContain('abcdef123456');
  expect(h.kicks()).toBe(kicks + 1);
  const { id } = made.json<{ id: string }>();
  expect((await h.call('viewer', 'GET', '/v1/silences')).json()).toMatchObject({ silences: [{ id }] });
  expect((await h.call('responder', 'DELETE', `/v1/silences/${id}`)).statusCode).toBe(204);
  expect((await h.call('viewer', 'GET', '/v1/silences')).json()).toEqual({ silences: [] });
  expect((await h.call('responder', 'DELETE', `/v1/silences/${id}`)).json()).toMatchObject({ status: 404, code: 'not_found' });
  expect(h.store.audit.records.map(({ kind, actor }) => [kind, actor])).toEqual([
    ['silence', 'person:responder'],
    ['silence', 'person:responder'],
  ]);
});

test('a viewer may not silence, nor end a silence', async () => {
  const h = await harness();
  expect((await h.call('viewer', 'POST', '/v1/silences', BODY)).statusCode).toBe(403);
  expect((await h.call('viewer', 'DELETE', '/v1/silences/x')).statusCode).toBe(403);
});

test('one without an end, or longer than allowed, is refused with what to do', async () => {
  const h = await harness({ settings: { longestSilenceMs: 3_600_000 } });
  expect((await h.call('responder', 'POST', '/v1/silences', { ...BODY, for: undefined })).json()).toMatchObject({ status: 400, code: 'invalid_input' });
  expect((await h.call('responder', 'POST', '/v1/silences', BODY)).json()).toMatchObject({
    status: 400,
    detail: expect.stringContaining('more than 1h away') as string,
  });
  expect(h.store.silences.rows.size).toBe(0);
});

test('what was read from another system is shown and ended only there; a window in force is shown too', async () => {
  const h = await harness({ settings: { maintenance: [WINDOW] } });
  const silence = { id: 'am-1', origin: 'alertmanager', match: {}, owner: 'ana', reason: 'x', startsAt: NOW, endsAt: NOW + 1000, from: 'http://am' } as const;
  h.store.silences.rows.set('am-1', { ...silence, matchers: [{ name: 'service', value: 'a.*', isRegex: true, isEqual: false }] });
  expect((await h.call('responder', 'DELETE', '/v1/silences/am-1')).json()).toMatchObject({ status: 409, code: 'conflict' });
  expect((await h.call('viewer', 'GET', '/v1/silences')).json()).toMatchObject({
    silences: [
      { id: 'am-1', scope: 'service!~a.*' },
      { origin: 'maintenance', owner: 'platform', endsAt: '2026-03-01T10:00:00.000Z' },
    ],
  });
});

test('what is held back is listed with why and until when', async () => {
  const h = await harness();
  h.store.quiet.heldRows.set(1, { position: 1, alert: sampleAlert('a'), receivedAt: NOW, until: NOW + 1000, why: 'It has to last 2m.' });
  expect((await h.call('viewer', 'GET', '/v1/alerts/held')).json()).toMatchObject({
    held: [{ id: 'a', service: 'bookshop', until: '2026-03-01T09:32:01.000Z', why: 'It has to last 2m.' }],
    ...{ count: 1, flapping: [], folded: {} },
  });
});
