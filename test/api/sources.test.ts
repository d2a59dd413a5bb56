import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { packageRoot } from '../../config/package-root';
import { harness } from './harness';

const WEBHOOK = readFileSync(join(packageRoot(), 'test', 'samples', 'alertmanager', 'two-alerts.json'));
const URL = '/v1/sources/alertmanager';

test('a webhook as it is sent is committed before 202, and the same one again counts as duplicates', async () => {
  const h = await harness();
  const first = await h.call('responder', 'POST', URL, WEBHOOK, { 'content-type': 'application/json' });
  expect([first.statusCode, first.json()]).toEqual([
    202,
    { alerts: { accepted: 2, duplicates: 0 }, changes: { accepted: 0 }, leftAside: [expect.stringContaining('3 alerts that Alertmanager left out') as string] },
  ]);
  expect(h.store.inbox.waiting.map(({ alert }) => alert.name)).toEqual(['HighErrorRate', 'TargetDown']);
  expect(h.store.inbox.waiting[0]?.alert).not.toHaveProperty('object');
  expect(h.kicks()).toBe(1);
  const again = await h.call('responder', 'POST', URL, WEBHOOK, { 'content-type': 'application/json' });
  expect(again.json().alerts).toEqual({ accepted: 2, duplicates: 2 });
});

test.each([
  ['any media type, or none that is known', WEBHOOK, 'text/plain; charset=UTF-8'],
  ['gzip', gzipSync(WEBHOOK), 'application/json'],
])('%s is taken', async (_name, body, type) => {
  expect((await (await harness()).call('responder', 'POST', URL, body, { 'content-type': type })).json().alerts.accepted).toBe(2);
});

test.each([
  ['nobody', undefined, URL, WEBHOOK, 401, 'unauthenticated'],
  ['a key that may only look', 'viewer', URL, WEBHOOK, 403, 'forbidden'],
  ['a source that is none', 'responder', '/v1/sources/alertmanger', WEBHOOK, 404, 'not_found'],
  ['a message cut short', 'responder', URL, WEBHOOK.subarray(0, 100), 400, 'unreadable'],
  ['an empty one', 'responder', URL, Buffer.alloc(0), 400, 'unreadable'],
  ['one of another format', 'responder', URL, Buffer.from('{"version":"3"}'), 400, 'unreadable'],
  ['one that grows beyond the limit', 'responder', URL, gzipSync(Buffer.alloc(20 * 1024 * 1024)), 413, 'too_large'],
] as const)('%s is refused, and nothing is kept', async (_name, role, url, body, status, code) => {
  const h = await harness();
  const answer = await h.call(role, 'POST', url, body, { 'content-type': 'application/json' });
  expect([answer.statusCode, answer.json().code, h.store.inbox.waiting.length, h.kicks()]).toEqual([status, code, 0, 0]);
});

test('a full inbox answers 503, and the whole message can be sent again', async () => {
  const h = await harness({ settings: { inboxLimit: 1 } });
  const answer = await h.call('responder', 'POST', URL, WEBHOOK, { 'content-type': 'application/json' });
  expect([answer.statusCode, answer.json().code, answer.headers['retry-after']]).toEqual([503, 'overloaded', '10']);
});
