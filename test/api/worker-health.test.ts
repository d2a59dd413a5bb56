import { Gauge, Registry } from 'prom-client';
import { buildWorkerHealth } from '../../api/health-door';

const settings = { bodyLimitBytes: 1024, doorTimeoutMs: 500, rateLimitPerMinute: 1, inboxLimit: 1, environment: 'prod', version: '1', idleActionsPerDay: 0 };

type Part = 'store' | 'temporal' | 'worker';

async function door(down: readonly Part[] = []): ReturnType<typeof buildWorkerHealth> {
  const metrics = new Registry();
  new Gauge({ name: 'nightshift_leader', help: 'x', registers: [metrics] }).set(1);
  const ask = (part: Part) => () => (down.includes(part) ? Promise.reject(new Error('connect ECONNREFUSED 10.0.0.7:5432')) : Promise.resolve());
  return buildWorkerHealth({ metrics, settings, parts: { store: ask('store'), temporal: ask('temporal'), worker: ask('worker') } });
}

test('a worker that works says so, to anyone, and gives its numbers', async () => {
  const app = await door();
  expect((await app.inject('/healthz')).json()).toEqual({ status: 'ok' });
  expect((await app.inject('/readyz')).json()).toEqual({ store: 'ok', temporal: 'ok', worker: 'ok' });
  const metrics = await app.inject('/metrics');
  expect([metrics.statusCode, metrics.headers['content-type'], metrics.body]).toEqual([
    200,
    expect.stringContaining('text/plain'),
    expect.stringContaining('nightshift_leader 1'),
  ]);
});

test.each(['store', 'temporal', 'worker'] as const)('without %s it lives but is not ready, and tells no address', async (part) => {
  const app = await door([part]);
  expect((await app.inject('/healthz')).statusCode).toBe(200);
  const ready = await app.inject('/readyz');
  expect([ready.statusCode, ready.json()]).toMatchObject([503, { code: 'unreachable', problems: [{ path: part }] }]);
  expect(ready.body).not.toContain('10.0.0.7');
});

test('nothing else is there', async () => {
  const app = await door();
  for (const url of ['/v1/incidents', '/openapi.json', '/']) expect((await app.inject(url)).statusCode).toBe(404);
});
