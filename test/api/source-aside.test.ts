import { createHmac } from 'node:crypto';
import { LARGEST_ASIDE_BYTES, MOST_ASIDE, MOST_TELEMETRY_ASIDE } from '../../api/aside';
import type { SourcesConfig } from '../../config/types';
import { mappingDeclaration } from '../../domain/sources/mapping-schema';
import { sourceNamed } from '../../domain/sources/recognise';
import { MemoryStore } from '../fakes/memory-store';
import { harness, NOW } from './harness';
import type { Harness } from './harness';

const SIGNED: SourcesConfig = { signed: [{ by: 'secret', name: 'github', secrets: ['s'] }], mapped: [] };
/** The same source as two versions of its mapping read it. */
const mapped = (name: string): SourcesConfig => ({
  signed: [],
  mapped: [mappingDeclaration.parse({ name: 'ci-tool', object: 'alert', fields: { name, service: 'service', id: 'id' } })],
});
const MESSAGE = { id: '7', title: 'Disk full', service: 'bookshop' };
const signedHeaders = (body: Buffer): Record<string, string> => ({
  'x-github-event': 'workflow_run',
  'x-hub-signature-256': `sha256=${createHmac('sha256', 's').update(body).digest('hex')}`,
});
const listed = async (h: Harness): Promise<{ id: string; why: string }[]> => (await h.call('responder', 'GET', '/v1/aside')).json().messages;
const audited = async (h: Harness): Promise<unknown> => (await h.store.audit.read('system')).map(({ actor, kind, summary }) => ({ actor, kind, summary }));

test('a signed message that cannot be read is set aside, and its sender is told so with 202', async () => {
  const h = await harness({ deps: { sources: SIGNED } });
  const body = Buffer.from('{"action":"completed","password":"hunter2hunter2"');
  const answer = await h.call(undefined, 'POST', '/v1/sources/github', body, signedHeaders(body));
  const [entry] = await listed(h);
  expect([answer.statusCode, answer.json().leftAside]).toEqual([202, [`a message that cannot be read yet; it is set aside as ${entry?.id ?? ''}`]]);
  expect(entry).toEqual({
    ...{ id: expect.stringMatching(/^aside-/) as string, source: 'github', receivedAt: new Date(NOW).toISOString() },
    ...{ why: 'The message is no JSON, or it is cut short.', size: body.length, by: 'signature' },
  });
  expect([...h.store.setAside.rows.values()][0]).toMatchObject({ body, headers: { 'x-github-event': 'workflow_run' } });
  expect((await h.call(undefined, 'GET', '/metrics')).body).toContain('nightshift_set_aside 1');
});

test('a message with a key that cannot be read is set aside once, and its sender is told what is wrong', async () => {
  const h = await harness();
  const body = Buffer.from('{"version":"3"}');
  for (let i = 0; i < 2; i += 1) expect((await h.call('responder', 'POST', '/v1/sources/alertmanager', body)).json().code).toBe('unreadable');
  expect(await listed(h)).toEqual([expect.objectContaining({ source: 'alertmanager', by: 'key' })]);
});

describe('telemetry that cannot be read', () => {
  const BROKEN = Buffer.from('{"resourceMetrics":[{"resource":7}]}');
  const TELEMETRY = [
    ['otlp-metrics', '/v1/sources/otlp/v1/metrics', BROKEN],
    ['otlp-logs', '/v1/sources/otlp-logs', Buffer.from([0x0a, 0x05, 1])],
    ['prometheus-remote-write', '/v1/sources/prometheus-remote-write', Buffer.from([9, 8, 1])],
  ] as const;

  test.each(TELEMETRY)('of %s is refused and set aside, and tried again', async (source, url, body) => {
    const h = await harness();
    expect((await h.call('responder', 'POST', url, body, { 'content-type': 'application/x-protobuf' })).statusCode).toBe(400);
    const [entry] = await listed(h);
    expect(entry).toMatchObject({ source, by: 'key', size: body.length });
    expect((await h.call('responder', 'POST', '/v1/replays', { ids: [entry?.id] })).json().results).toEqual([
      { id: entry?.id, outcome: 'unreadable', why: entry?.why },
    ]);
  });

  test('leaves room for messages that nobody sends again', async () => {
    const h = await harness();
    const full = { source: 'otlp-logs', receivedAt: NOW, why: '', size: 1, by: 'key', headers: {}, body: new Uint8Array(1) } as const;
    for (let i = 0; i < MOST_TELEMETRY_ASIDE; i += 1) h.store.setAside.rows.set(String(i), { ...full, id: String(i) });
    expect((await h.call('responder', 'POST', '/v1/sources/otlp-metrics', BROKEN)).statusCode).toBe(400);
    expect(h.store.setAside.rows.size).toBe(MOST_TELEMETRY_ASIDE);
    await h.call('responder', 'POST', '/v1/sources/alertmanager', BROKEN);
    expect(h.store.setAside.rows.size).toBe(MOST_TELEMETRY_ASIDE + 1);
  });
});

test.each([
  ['an empty one', Buffer.alloc(0), 400],
  ['one that is too large', Buffer.alloc(LARGEST_ASIDE_BYTES + 1, 'x'), 400],
])('%s is not set aside', async (_what, body, status) => {
  const h = await harness({ settings: { bodyLimitBytes: 2 * LARGEST_ASIDE_BYTES } });
  expect((await h.call('responder', 'POST', '/v1/sources/alertmanager', body)).statusCode).toBe(status);
  expect(await listed(h)).toEqual([]);
});

test('when no more can be set aside a signed message is not taken, so that its sender notes it', async () => {
  const h = await harness({ deps: { sources: SIGNED } });
  const full = { source: 'github', receivedAt: NOW, why: '', size: 1, by: 'key', headers: {}, body: new Uint8Array(1) } as const;
  for (let i = 0; i < MOST_ASIDE; i += 1) h.store.setAside.rows.set(String(i), { ...full, id: String(i) });
  const body = Buffer.from('{');
  expect((await h.call(undefined, 'POST', '/v1/sources/github', body, signedHeaders(body))).json().code).toBe('overloaded');
  // It is let in when it comes again.
  h.store.setAside.rows.clear();
  expect((await h.call(undefined, 'POST', '/v1/sources/github', body, signedHeaders(body))).statusCode).toBe(202);
});

test('old ones are gone after 30 days', async () => {
  const store = new MemoryStore();
  await (await harness({ store })).call('responder', 'POST', '/v1/sources/alertmanager', Buffer.from('{'));
  const later = await harness({ store, deps: { clock: { now: () => NOW + 31 * 86_400_000 } } });
  expect((await later.call(undefined, 'GET', '/metrics')).body).toContain('nightshift_set_aside 0');
  expect(await listed(later)).toEqual([]);
});

test('a failure inside of a reader loses nothing: the message is set aside', async () => {
  const h = await harness();
  jest.spyOn(sourceNamed('alertmanager'), 'read').mockImplementationOnce(() => {
    throw new TypeError('inside');
  });
  expect((await h.call('responder', 'POST', '/v1/sources/alertmanager', Buffer.from('{}'))).json().code).toBe('unreadable');
  expect(await listed(h)).toHaveLength(1);
});

describe('trying again', () => {
  /** A store in which the mapping of `heading` set a message aside whose title is called `title`. */
  async function before(): Promise<{ store: MemoryStore; id: string }> {
    const store = new MemoryStore();
    const h = await harness({ store, deps: { sources: mapped('heading') } });
    await h.call('responder', 'POST', '/v1/sources/ci-tool', JSON.stringify(MESSAGE));
    return { store, id: (await listed(h))[0]?.id ?? '' };
  }
  const replay = (h: Harness, ids: readonly string[]) => h.call('responder', 'POST', '/v1/replays', { ids });

  test('takes in what can be read now as of the time when it came, and notes by whom', async () => {
    const { store, id } = await before();
    const h = await harness({ store, deps: { sources: mapped('title'), clock: { now: () => NOW + 86_400_000 } } });
    const taken = { alerts: { accepted: 1, duplicates: 0 }, changes: { accepted: 0 }, leftAside: [] };
    expect((await replay(h, [id])).json()).toEqual({ results: [{ id, outcome: 'taken', taken }] });
    expect(store.inbox.waiting[0]?.alert).toMatchObject({ id: 'ci-tool:7', name: 'Disk full', startsAt: new Date(NOW).toISOString() });
    expect([await listed(h), h.kicks()]).toEqual([[], 1]);
    expect(await audited(h)).toEqual([{ actor: 'person:responder', kind: 'intake', summary: `took in the message ${id}, which was set aside` }]);
  });

  test.each([
    ['cannot be read either', mapped('caption'), /caption/],
    ['has no mapping any more', { signed: [], mapped: [] }, /no source "ci-tool"/],
  ])('keeps what %s, with the new reason', async (_what, sources, why) => {
    const { store, id } = await before();
    const h = await harness({ store, deps: { sources } });
    expect((await replay(h, [id])).json().results).toEqual([{ id, outcome: 'unreadable', why: expect.stringMatching(why) as string }]);
    expect(await listed(h)).toEqual([expect.objectContaining({ id, why: expect.stringMatching(why) as string })]);
  });

  test('keeps what does not fit into the inbox', async () => {
    const { store, id } = await before();
    const h = await harness({ store, settings: { inboxLimit: 0 }, deps: { sources: mapped('title') } });
    expect((await replay(h, [id])).json().code).toBe('overloaded');
    expect(await listed(h)).toHaveLength(1);
  });

  test('says of one that is not there any more that it is gone', async () => {
    const { id } = await before();
    expect((await replay(await harness(), [id])).json()).toEqual({ results: [{ id, outcome: 'gone' }] });
  });
});

test('only an admin drops a message, once, and it stands in the audit', async () => {
  const h = await harness();
  await h.call('responder', 'POST', '/v1/sources/alertmanager', Buffer.from('{'));
  const id = (await listed(h))[0]?.id ?? '';
  expect((await h.call('approver', 'DELETE', `/v1/aside/${id}`)).statusCode).toBe(403);
  expect((await h.call('admin', 'DELETE', `/v1/aside/${id}`)).statusCode).toBe(204);
  expect((await h.call('admin', 'DELETE', `/v1/aside/${id}`)).statusCode).toBe(404);
  expect(await audited(h)).toEqual([{ actor: 'person:admin', kind: 'intake', summary: `dropped the message ${id}, which was set aside` }]);
});

test('a source that the configuration maps is served under its name', async () => {
  const h = await harness({ deps: { sources: mapped('title') } });
  const answer = await h.call('responder', 'POST', '/v1/sources/ci-tool', JSON.stringify(MESSAGE));
  expect([answer.statusCode, answer.json().alerts]).toEqual([202, { accepted: 1, duplicates: 0 }]);
});
