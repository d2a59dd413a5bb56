import { makeReport, QUALITY_STATE } from '../../domain/quality/report';
import { sampleIncident } from '../fakes/sample-incident';
import { harness, NOW } from './harness';
import type { Harness } from './harness';

const URL = '/v1/health/pipelines';
const EVIL = '<img src=x onerror=alert(1)>"\u202e';

async function filled(): Promise<Harness> {
  const h = await harness({ settings: { bodyLimitBytes: 1024 * 1024 } });
  const builds = Array.from({ length: 12 }, (_, i) => ({
    ...{ id: `b${String(i)}`, service: 'bookshop', name: 'ci / test', run: String(i), result: i > 8 ? 'failed' : 'succeeded' },
    ...{ endedAt: new Date(NOW - (12 - i) * 3_600_000).toISOString(), durationMs: 60_000 + i * 9000, tests: { total: 50, failed: i > 8 ? 2 : 0 } },
    usage: { cpuMs: 120_000, memoryBytes: 2 ** 31 },
  }));
  await h.call('responder', 'POST', '/v1/builds', { builds: [...builds, { ...builds[0], id: 'p', service: 'payments', name: EVIL, run: EVIL }] });
  return h;
}

test('it has the pipelines of the last seven days, what needs a look first, and is for viewers', async () => {
  const h = await filled();
  const answer = await h.call('viewer', 'GET', URL);
  expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'application/json; charset=utf-8']);
  expect(answer.json()).toMatchObject({
    from: new Date(NOW - 7 * 86_400_000).toISOString(),
    pipelines: [
      { name: 'ci / test', runs: 12, failureShare: 0.25, duration: { trend: { direction: 'rising' } }, oddities: [{ kind: 'failures-in-a-row', count: 3 }] },
      { service: 'payments' },
    ],
  });
  expect((await h.call(undefined, 'GET', URL)).statusCode).toBe(401);
});

test('a service, a pipeline and a time can be chosen', async () => {
  const h = await filled();
  const names = async (query: string): Promise<unknown> =>
    (await h.call('viewer', 'GET', `${URL}?${query}`)).json().pipelines.map((p: { service: string; runs: number }) => [p.service, p.runs]);
  expect(await names('service=payments')).toEqual([['payments', 1]]);
  expect(await names('name=ci%20/%20test&since=150m')).toEqual([['bookshop', 2]]);
  expect(await names('until=2026-02-01T00:00:00Z')).toEqual([]);
});

test('incidents that opened in the time or are still open belong to it, others do not', async () => {
  const h = await filled();
  const put = (id: string, openedAt: string, status: 'open' | 'resolved'): void =>
    void h.store.incidents.views.set(id, { ...sampleIncident(id), openedAt, status });
  put('inc-in', '2026-02-28T00:00:00Z', 'resolved');
  put('inc-open', '2026-01-01T00:00:00Z', 'open');
  put('inc-old', '2026-01-01T00:00:00Z', 'resolved');
  const services = (await h.call('viewer', 'GET', URL)).json().services as {
    incidents: { opened: number; stillOpen: number; newest: { incidentId: string }[] };
  }[];
  expect(services.flatMap(({ incidents }) => incidents.newest.map(({ incidentId }) => incidentId))).toEqual(['inc-in', 'inc-open']);
});

test('marks of data quality are shown with the service that they are of', async () => {
  const h = await filled();
  const series = { environment: 'prod', service: 'bookshop', metric: 'latency', labels: { pod: '1' } };
  const mark = { rule: 'gap', since: NOW - 1000, detail: 'no point for 2 h', severity: 'warning', series } as const;
  await h.store.state.save(QUALITY_STATE, makeReport([mark, { ...mark, series: { ...series, service: 'payments' } }], 2, NOW));
  const [bookshop] = (await h.call('viewer', 'GET', `${URL}?service=bookshop`)).json().services;
  expect(bookshop.marks).toEqual([
    { environment: 'prod', service: 'bookshop', series: 'latency pod=1', rule: 'gap', since: new Date(NOW - 1000).toISOString(), detail: 'no point for 2 h' },
  ]);
});

test.each([
  ['a browser asks', '', { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }],
  ['the query says so', '?format=html', {}],
])('where %s it is a page that loads nothing and runs nothing', async (_when, query, headers) => {
  const answer = await (await filled()).call('viewer', 'GET', URL + query, undefined, headers);
  expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
  expect(answer.headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'none'; style-src 'sha256-/);
  expect(answer.body).not.toMatch(/<script|<link|<img|url\(|@import|<[^>]* on\w+=/);
  expect(answer.body.match(/<svg class="plot"/g)).toHaveLength(8);
});

test('text from outside stays text in the page', async () => {
  const { body } = await (await filled()).call('viewer', 'GET', `${URL}?format=html`);
  expect(body).toContain('&lt;img src=x onerror=alert(1)&gt;&quot;\\u202e');
  expect(body).not.toMatch(/<img|\u202e/);
});

test('every plot has a title and says in words what it shows', async () => {
  const { body } = await (await filled()).call('viewer', 'GET', `${URL}?format=html&service=bookshop`);
  const plots = [
    ...body.matchAll(/<svg class="plot"[^>]*aria-labelledby="(\S+) (\S+)">\s*<title id="(\S+)">([^<]+)<\/title>\s*<desc id="(\S+)">([^<]+)<\/desc>/g),
  ];
  expect(plots.map(([, title, text, titleId, name, textId]) => [name, title === titleId && text === textId])).toEqual([
    ['Duration', true],
    ['Failed tests', true],
    ['CPU time', true],
    ['Memory', true],
  ]);
  expect(plots[0]?.[6]).toBe('12 runs: 1 m 36 s, p95 2 m 12 s, rising 75 %.');
});

test('JSON is what programs get', async () => {
  const h = await filled();
  for (const accept of ['*/*', 'application/json', 'application/json, text/html'])
    expect((await h.call('viewer', 'GET', URL, undefined, { accept })).headers['content-type']).toContain('json');
  expect((await h.call('viewer', 'GET', `${URL}?format=json`, undefined, { accept: 'text/html' })).headers['content-type']).toContain('json');
});
