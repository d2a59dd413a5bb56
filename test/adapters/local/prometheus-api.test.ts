import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fillIn } from '../../../activities/backfill';
import { askPrometheus, createPrometheusApi } from '../../../adapters/local/prometheus-api';
import type { PrometheusQueries, Service } from '../../../domain/inventory';
import { MemoryStore } from '../../fakes/memory-store';

// Answers in the form of the HTTP API's documentation; the real program is tried in test/server/process/alertmanager.test.ts.
const T = 1_795_168_800_000;
let server: Server;
let asked: { path: string; query: string; params: URLSearchParams; authorization: string | undefined }[] = [];
let answer: (query: string, kind: string) => { status?: number; body: unknown };

beforeEach(async () => {
  asked = [];
  server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://x');
    const query = url.searchParams.get('query') ?? '';
    asked.push({ path: url.pathname, query, params: url.searchParams, authorization: request.headers.authorization });
    const { status = 200, body } = answer(query, url.pathname);
    response.statusCode = status;
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const service = (expressions: PrometheusQueries['expressions'] = {}): Service => ({
  ...{ name: 'shop', environment: 'prod', tier: 'standard', dependsOn: [] },
  metrics: {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/prom/`,
    prometheus: { labels: { job: 'a"b' }, expressions },
    ...{ everyMs: 15_000, names: { requests: 'http_requests_total', latency: 'http_request_duration_seconds' }, saturation: [] },
  },
});
const source = (at = T) => createPrometheusApi({ now: () => at }, { timeoutMs: 2000, maxBytes: 100_000, authorization: { 'prod/shop': 'Bearer secret' } });
const vector = (...result: (readonly [metric: Record<string, string>, value: string])[]) => ({
  body: { status: 'success', data: { resultType: 'vector', result: result.map(([metric, value]) => ({ metric, value: [T / 1000, value] })) } },
});
const requests = (instance: string, code: string, value: string) => [{ __name__: 'http_requests_total', instance, code }, value] as const;

test('gives one sample an instance, at the time of the scrape behind it', async () => {
  answer = (query) =>
    query.startsWith('timestamp')
      ? vector([{ instance: 'a:1' }, String(T / 1000 - 7)], [{ instance: 'b:1' }, String(T / 1000 - 9)])
      : vector(requests('a:1', '200', '90'), requests('a:1', '500', '10'), requests('a:1', '503', 'NaN'), [{ __name__: 'up', instance: 'b:1' }, '0']);
  expect(await source().scrape(service())).toMatchObject([
    { instance: 'a:1', at: T - 7000, up: true, routes: { all: { requests: 100, errors: 10 } } },
    { instance: 'b:1', at: T - 7000, up: false, routes: {} },
  ]);
  expect(asked[0]).toMatchObject({ path: '/prom/api/v1/query', authorization: 'Bearer secret', query: expect.stringContaining('job="a\\"b"') as string });
});

test('an instance that is down is down, though nothing else is known of it', async () => {
  answer = (query) => (query.startsWith('timestamp') ? vector() : vector([{ __name__: 'up', instance: 'a:1' }, '0']));
  expect(await source().scrape(service())).toMatchObject([{ instance: 'a:1', up: false }]);
});

test('expressions stand for series under other names', async () => {
  answer = (query) => (query === 'sum(answers)' ? vector([{ instance: 'a:1', code: '500' }, '5']) : vector());
  expect(await source().scrape(service({ requests: 'sum(answers)', up: 'my_up' }))).toMatchObject([
    { instance: 'a:1', routes: { all: { requests: 5, errors: 5 } } },
  ]);
  expect(asked.map((each) => each.query)).toContain('my_up');
});

test.each([
  ['answers in part', { body: { status: 'success', warnings: ['a store is gone'], data: { resultType: 'vector', result: [] } } }],
  ['refuses', { status: 422, body: { status: 'error', errorType: 'execution', error: 'too many samples' } }],
  ['is behind a page', { body: '<html>' }],
  ['answers with a scalar', { body: { status: 'success', data: { resultType: 'scalar', result: [1, '1'] } } }],
  ['knows nothing of it', { body: { status: 'success', data: { resultType: 'vector', result: [] } } }],
])('a server that %s says neither up nor down', async (_what, said) => {
  answer = () => said;
  expect(await source().scrape(service())).toMatchObject([{ up: false, unreadable: true }]);
});

test('a refusal is told in the words of the server', async () => {
  answer = () => ({ status: 422, body: { status: 'error', errorType: 'execution', error: 'too many samples' } });
  await expect(askPrometheus(service(), T, { timeoutMs: 2000, maxBytes: 100_000, authorization: {} })).rejects.toThrow('answered 422: too many samples');
});

test('what was missed is filled in from the past on a grid, up to what is measured now', async () => {
  answer = () => ({
    body: {
      status: 'success',
      data: {
        resultType: 'matrix',
        result: [
          {
            metric: requests('a:1', '200', '')[0],
            values: [
              [T / 1000 - 60, '1'],
              [T / 1000 - 45, '5'],
            ],
          },
        ],
      },
    },
  });
  const store = new MemoryStore();
  await fillIn({ services: [service()], history: source(), samples: store.samples, clock: { now: () => T }, log: { warn: () => undefined }, reachMs: 120_000 });
  expect((await store.samples.read('prod', 'shop', 0, T)).map(({ at, routes }) => [T - at, routes['all']?.requests])).toEqual([
    [60_000, 1],
    [45_000, 5],
  ]);
  const { path, params } = asked[0] ?? { path: '', params: new URLSearchParams() };
  expect([path, Number(params.get('end')) * 1000, params.get('step')]).toEqual(['/prom/api/v1/query_range', T - 15_000, '15.000']);
});
