import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parsePrometheusText } from '../../../adapters/local/prometheus-format';
import { createPrometheusSource, samplesOf } from '../../../adapters/local/prometheus-text';
import type { Service } from '../../../domain/inventory';

const TEXT = `# HELP bookshop_requests_total Requests.
# TYPE bookshop_requests_total counter
bookshop_requests_total{route="/checkout",status="200"} 90
bookshop_requests_total{route="/checkout",status="503"} 10
bookshop_requests_total{route="/books/:id",status="404"} 5
# TYPE bookshop_request_seconds histogram
bookshop_request_seconds_bucket{route="/checkout",le="0.1"} 60
bookshop_request_seconds_bucket{route="/checkout",le="+Inf"} 100
bookshop_request_seconds_bucket{route="/books/:id",le="0.1"} 5
bookshop_request_seconds_bucket{route="/books/:id",le="+Inf"} 5
bookshop_request_seconds_sum{route="/checkout"} 12.5
bookshop_handles_in_use 38
bookshop_handles_limit 40
bookshop_cache_bytes 1.5e3
bookshop_build_info{release="1.5.0"} 1
process_start_time_seconds 1795168800.25
`;
const serviceAt = (url: string): Service => ({
  name: 'bookshop',
  environment: 'demo',
  tier: 'critical',
  dependsOn: [],
  metrics: {
    url,
    everyMs: 1000,
    names: { requests: 'bookshop_requests_total', latency: 'bookshop_request_seconds' },
    saturation: [
      { name: 'handles', used: 'bookshop_handles_in_use', limit: 'bookshop_handles_limit' },
      { name: 'cache', used: 'bookshop_cache_bytes', limit: 3000 },
      { name: 'absent', used: 'nope', limit: 1 },
    ],
  },
});

describe('the format', () => {
  test('reads escapes, spaces, braces in values, times and exemplars', () => {
    const text = 'a{ x = "q\\"\\\\\\n}" , y="2",} 1 1795168800000\nb_bucket{le="1"} 7 # {trace_id="t"} 0.5\nc NaN\nd -Inf\n';
    expect(parsePrometheusText(text)).toEqual([
      { name: 'a', labels: { x: 'q"\\\n}', y: '2' }, value: 1 },
      { name: 'b_bucket', labels: { le: '1' }, value: 7 },
      { name: 'd', labels: {}, value: -Infinity },
    ]);
  });

  test('leaves out what is no sample', () => {
    expect(parsePrometheusText('<html>\na{x="1" 2\n\n{} 1\na b c d\nok 1\r\n')).toEqual([{ name: 'ok', labels: {}, value: 1 }]);
  });
});

describe('a sample', () => {
  const [sample] = samplesOf(serviceAt('http://127.0.0.1:1/metrics'), TEXT, 42, 'one');

  test('holds requests and errors by route, 500 and above being errors', () => {
    expect(sample).toMatchObject({
      at: 42,
      up: true,
      instance: 'one',
      routes: { '/checkout': { requests: 100, errors: 10 }, '/books/:id': { requests: 5, errors: 0 } },
    });
  });

  test('adds the histograms of all routes', () => {
    expect(sample?.latency).toEqual({ le: [0.1, null], counts: [65, 105] });
  });

  test('holds release, start and how full the resources are, leaving out those without numbers', () => {
    expect(sample).toMatchObject({ release: '1.5.0', startedAt: 1795168800250 });
    expect(sample?.saturation).toEqual({ handles: 0.95, cache: 0.5 });
  });

  test('takes the version where there is no release', () => {
    expect(samplesOf(serviceAt('http://x/'), 'bookshop_requests_total 1\nother_build_info{version="2"} 1', 1, 'i')[0]?.release).toBe('2');
  });

  test('is one for each instance that the counter names', () => {
    const text = 'bookshop_requests_total{route="/",status="200",instance="a"} 1\nbookshop_requests_total{route="/",status="200",instance="b"} 2\n';
    expect(samplesOf(serviceAt('http://x/'), text, 1, 'i').map((s) => [s.instance, s.routes['/']?.requests])).toEqual([
      ['a', 1],
      ['b', 2],
    ]);
  });

  test('is there for an instance that has served nothing yet, and says down for one that `up` calls so', () => {
    const text = `# TYPE bookshop_requests_total counter\nprocess_start_time_seconds{instance="a"} 7\nup{instance="b"} 0\nother_total{instance="db-1"} 3\n`;
    expect(samplesOf(serviceAt('http://x/'), text, 1, 'i').map((s) => [s.instance, s.up])).toEqual([
      ['a', true],
      ['b', false],
    ]);
  });

  test('of a service that has served nothing yet is up; a page of another kind tells nothing', () => {
    expect(samplesOf(serviceAt('http://x/'), '# TYPE bookshop_requests_total counter\n', 1, 'i')[0]?.up).toBe(true);
    expect(samplesOf(serviceAt('http://x/'), 'welcome 1\n', 1, 'i')[0]).toMatchObject({ up: false, unreadable: true });
  });
});

describe('a scrape', () => {
  let server: Server;
  let base: string;
  beforeAll(async () => {
    server = createServer((request, response) => {
      if (request.url === '/hang') return;
      const status = /^\/(\d{3})$/.exec(request.url ?? '')?.[1];
      if (status !== undefined) return void response.writeHead(Number(status)).end(TEXT);
      if (request.url === '/huge') return void response.end('x'.repeat(200_000));
      response.end(TEXT);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const source = createPrometheusSource({ now: () => 42 }, { timeoutMs: 300, maxBytes: 100_000 });

  test('gives the sample of the moment, its instance named by host and port', async () => {
    expect(await source.scrape(serviceAt(`${base}/metrics`))).toMatchObject([{ up: true, at: 42, instance: new URL(base).host }]);
  });

  test.each(['/hang', '/huge', '/502', '/503', '/504'])('of %s is a sample that says down, never an error', async (path) => {
    const [sample] = await source.scrape(serviceAt(`${base}${path}`));
    expect(sample).toMatchObject({ up: false, at: 42, routes: {} });
    expect(sample).not.toHaveProperty('unreadable');
  });

  test.each(['/401', '/404', '/500'])('of %s is a sample that says neither up nor down', async (path) => {
    expect(await source.scrape(serviceAt(`${base}${path}`))).toMatchObject([{ up: false, unreadable: true, routes: {} }]);
  });

  test('of a port where nobody listens says down, and of a service without metrics gives nothing', async () => {
    expect(await source.scrape(serviceAt('http://127.0.0.1:1/metrics'))).toMatchObject([{ up: false }]);
    const { metrics: _metrics, ...unmeasured } = serviceAt(base);
    expect(await source.scrape(unmeasured)).toEqual([]);
  });
});
