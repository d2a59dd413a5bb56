import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { packageRoot } from '../../config/package-root';
import { ERRORS } from '../../domain/errors';
import { createLog } from '../../workers/log';
import { MemoryStore } from '../fakes/memory-store';
import { sampleIncident } from '../fakes/sample-incident';
import { harness, NOW } from './harness';
import type { Harness } from './harness';

const RUNS = { numRuns: 200 };
const SECRET = 'QnVpbHQtaW4ta2V5LW9mLWEtdGVzdC1vbmx5LTEyMzQ1';
const lines = new PassThrough();
let logged = '';
lines.on('data', (chunk: Buffer) => (logged += chunk.toString()));
let h: Harness;
let adminKey: string;

beforeAll(async () => {
  const settings = { rateLimitPerMinute: 1_000_000, inboxLimit: 1_000_000 };
  h = await harness({ store: new MemoryStore(), settings, deps: { log: createLog('trace', lines) } });
  h.store.incidents.views.set('inc-a', sampleIncident('inc-a'));
  adminKey = (await h.store.keys.create({ name: 'fuzz', role: 'admin' }, new Date(NOW).toISOString())).key;
  await h.store.keys.ensure({ name: 'own', role: 'admin' }, SECRET, new Date(NOW).toISOString());
});

const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'] as const;
const PATHS = [
  ...[
    '/v1/alerts',
    '/v1/changes',
    '/v1/incidents',
    '/v1/incidents/inc-a',
    '/v1/incidents/inc-a/timeline',
    '/v1/incidents/inc-a/evidence',
    '/v1/incidents/inc-a/runbooks',
  ],
  ...['decide', 'acknowledge', 'take-over', 'hand-back', 'note', 'resolve'].map((verb) => `/v1/incidents/inc-a/${verb}`),
  ...['/v1/keys', '/v1/keys/k1', '/v1/halt', '/v1/me', '/v1/runbooks', '/v1/audit/verify', '/v1/status', '/healthz', '/readyz', '/metrics', '/openapi.json'],
];
const word = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('..', '%2e%2e', '%00', '__proto__', 'constructor', '\u0000', "' or 1=1 --", '{{7*7}}', '${x}'),
);
const path = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...PATHS) },
  fc.tuple(fc.constantFrom('/v1/incidents/', '/v1/keys/', '/', '/v1/'), word).map(([start, end]) => start + encodeURIComponent(end)),
  fc.webPath().map((where) => (where.startsWith('/') ? where : `/${where}`)),
);
const query = fc.oneof(
  fc.constant(''),
  fc
    .array(fc.tuple(fc.constantFrom('status', 'open', 'limit', 'cursor', 'severity', 'service', 'incident', 'x'), word), { maxLength: 4 })
    .map((pairs) => `?${pairs.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')}`),
);
const fields = [
  'service',
  'environment',
  'name',
  'severity',
  'summary',
  'startsAt',
  'labels',
  'alerts',
  'changes',
  'verdict',
  'proposal',
  'parameters',
  'note',
  'on',
  'reason',
  'role',
  'kind',
  'to',
  'at',
];
const value = fc.oneof(fc.jsonValue({ maxDepth: 3 }), word, fc.constantFrom('approve', 'sev1', 'admin', '2026-03-01T09:30:00Z', 1e308, -0, null, true));
const json = fc.oneof(fc.jsonValue({ maxDepth: 4 }), fc.dictionary(fc.constantFrom(...fields, '__proto__'), value, { maxKeys: 8 }));
const body = fc.oneof(
  fc.constant(undefined),
  json.map((each) => JSON.stringify(each)),
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.constant('['.repeat(20_000)),
);
const type = fc.constantFrom('application/json', 'text/plain', 'application/x-www-form-urlencoded', 'application/json; charset=utf-16', 'x', '');
const visible = fc.string({ unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)), maxLength: 60 });
const headers = fc.dictionary(
  fc.constantFrom('idempotency-key', 'accept', 'x-forwarded-for', 'x-request-id', 'range', 'accept-encoding', 'if-none-match', 'expect'),
  visible,
  { maxKeys: 4 },
);

/** The secret part of a key `nsk_<id>_<secret>`, which may itself hold underscores. */
function secretOf(key: string): string {
  return key.split('_').slice(2).join('_');
}

/** What an answer must not tell: keys, paths of this machine, and where in the code something happened. */
function leaks(text: string): string[] {
  const stack = /\n\s+at .+:\d+:\d+|node_modules|\.(?:ts|js|mjs):\d+/.exec(text)?.[0];
  return [...[adminKey, secretOf(adminKey), SECRET, packageRoot()].filter((secret) => text.includes(secret)), ...(stack === undefined ? [] : [stack])];
}

test('whatever is sent with a key of an admin is answered without a 5xx, by our own problems, and tells nothing of the inside', async () => {
  const call = fc.record({ method: fc.constantFrom(...METHODS), path, query, body, type, headers });
  await fc.assert(
    fc.asyncProperty(call, async ({ method, path: where, query: asked, body: payload, type: contentType, headers: more }) => {
      const answer = await h.app.inject({
        ...{ method, url: where + asked },
        headers: { ...more, authorization: `Bearer ${adminKey}`, ...(payload === undefined ? {} : { 'content-type': contentType }) },
        ...(payload === undefined ? {} : { payload }),
      });
      expect(answer.statusCode).toBeLessThan(500);
      // A new key is told once, to whom it was made for.
      const told = where === '/v1/keys' && answer.statusCode === 201 ? '' : answer.body;
      expect(leaks(told)).toEqual([]);
      const code = answer.statusCode >= 400 && method !== 'HEAD' ? answer.json<{ code: string }>().code : 'conflict';
      expect(Object.keys(ERRORS)).toContain(code);
    }),
    { ...RUNS, numRuns: 600 },
  );
  expect(leaks(logged)).toEqual([]);
}, 120_000);

test('whatever is sent in place of a key lets nobody in, and stands in no log', async () => {
  const near = fc.tuple(fc.nat({ max: 60 }), visible).map(([at, text]) => adminKey.slice(0, at) + text.slice(0, 1) + adminKey.slice(at + 1));
  const key = fc.oneof(visible, near, fc.constantFrom('', 'nsk_', `${adminKey}x`, adminKey.toUpperCase(), SECRET.slice(1)));
  const quiet = await harness({ store: h.store, settings: { rateLimitPerMinute: 10_000_000 }, deps: { log: createLog('trace', lines) } });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom('Bearer ', 'bearer  ', 'Basic ', ''), key, async (scheme, given) => {
      const whole = given === adminKey && scheme.trim().toLowerCase() === 'bearer';
      const answer = await quiet.app.inject({ method: 'GET', url: '/v1/me', headers: { authorization: scheme + given } });
      expect(answer.statusCode).toBe(whole ? 200 : 401);
    }),
    RUNS,
  );
  expect(logged).not.toContain(secretOf(adminKey));
}, 60_000);

test('a key in the address, in a header of its own or in the body stands in no log at the most talkative level', async () => {
  const made = await h.app.inject({
    method: 'POST',
    url: '/v1/keys',
    headers: { authorization: `Bearer ${adminKey}` },
    payload: { name: 'new', role: 'viewer' },
  });
  const fresh = made.json<{ key: string }>().key;
  const before = logged.length;
  await h.app.inject({ method: 'GET', url: `/v1/me?key=${fresh}` });
  await h.app.inject({ method: 'GET', url: `/v1/incidents/${fresh}`, headers: { authorization: `Bearer ${fresh}` } });
  await h.app.inject({ method: 'GET', url: `/${fresh}`, headers: { 'x-api-key': fresh, cookie: `key=${fresh}`, referer: `http://x/?key=${fresh}` } });
  const note = { note: `my key is ${fresh}` };
  await h.app.inject({ method: 'POST', url: '/v1/incidents/inc-a/note', headers: { authorization: `Bearer ${adminKey}` }, payload: note });
  expect(logged.length).toBeGreaterThan(before);
  expect(logged).not.toContain(secretOf(fresh));
});
