import { createHash } from 'node:crypto';
import { contentPolicy } from '../../api/routes/console';
import { signals } from '../../api/schemas';
import { makeSeries, T0 } from '../fakes/bookshop-series';
import { MemoryStore } from '../fakes/memory-store';
import { sampleIncident } from '../fakes/sample-incident';
import { harness, NOW } from './harness';

const PAGE = '<!doctype html><style>p { color: red }</style><script type="module">start();</script>';
const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

describe('the page for people', () => {
  test('needs no key, is HTML, and is let do nothing but run its own script and ask its own API', async () => {
    const res = await (await harness({ deps: { page: PAGE } })).call(undefined, 'GET', '/');
    expect([res.statusCode, res.body]).toEqual([200, PAGE]);
    expect(res.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    });
    const policy = String(res.headers['content-security-policy']);
    for (const part of ["default-src 'none'", "connect-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "require-trusted-types-for 'script'"])
      expect(policy.split('; ')).toContain(part);
    expect(policy).toContain(`script-src ${hash('start();')};`);
    expect(policy).toContain(`style-src ${hash('p { color: red }')};`);
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
  });

  test('is answered again and again: only what needs a key is counted', async () => {
    const h = await harness({ settings: { rateLimitPerMinute: 5 } });
    const codes = await Promise.all(Array.from({ length: 50 }, async () => (await h.call(undefined, 'GET', '/')).statusCode));
    expect(new Set(codes)).toEqual(new Set([200]));
  });

  test('a page without a script or a style may run and use none', () => {
    expect(contentPolicy('<p>x</p>')).toContain("script-src 'none'; style-src 'none'");
  });
});

describe('the signals of an incident', () => {
  const view = sampleIncident('inc-1', { openedAt: new Date(NOW - 30_000).toISOString() });
  const samples = makeSeries({ seconds: 60, at: () => ({ rate: 50, errorShare: 0.2 }) }).map((sample) => ({
    ...sample,
    at: sample.at - T0 + NOW - 60_000,
    environment: 'prod',
    service: 'bookshop',
  }));

  test('are what the service measured, in the described shape, for a viewer', async () => {
    const store = new MemoryStore();
    store.incidents.views.set(view.incidentId, view);
    await store.samples.append(samples);
    const h = await harness({ store });
    const res = await h.call('viewer', 'GET', '/v1/incidents/inc-1/signals');
    expect(res.statusCode).toBe(200);
    const history = signals.parse(res.json());
    expect(history).toMatchObject({ source: 'samples', stepMs: 1000, to: NOW, from: NOW - 60_000 });
    expect(history.points).toHaveLength(60);
    expect(history.points[40]?.errorShare).toBeGreaterThan(0.05);
  });

  test('need a key, and an incident', async () => {
    const h = await harness();
    expect((await h.call(undefined, 'GET', '/v1/incidents/inc-1/signals')).statusCode).toBe(401);
    expect((await h.call('viewer', 'GET', '/v1/incidents/inc-1/signals')).statusCode).toBe(404);
  });
});
