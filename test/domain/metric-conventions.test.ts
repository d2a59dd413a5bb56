import { parsePrometheusText, parsePrometheusTypes } from '../../adapters/local/prometheus-format';
import { samplesOf } from '../../adapters/local/prometheus-text';
import { defined } from '../../domain/defined';
import { recogniseMetrics } from '../../domain/metric-conventions';
import type { RecognisedMetrics } from '../../domain/metric-conventions';

const found = (text: string): RecognisedMetrics => recogniseMetrics(parsePrometheusText(text), parsePrometheusTypes(text));

/** What common clients print for 9 good requests and a failed one, all at most 0.1 s. */
const CLIENTS: readonly (readonly [string, string])[] = [
  [
    'prometheus_client and FastAPI',
    'http_requests_total{handler="/a",method="GET",status="2xx"} 9\nhttp_requests_total{handler="/a",method="GET",status="5xx"} 1\nhttp_request_duration_seconds_bucket{handler="/a",le="0.1"} 10\nhttp_request_duration_seconds_bucket{handler="/a",le="+Inf"} 10\n',
  ],
  [
    'Go',
    'shop_http_requests_total{code="200",method="get"} 9\nshop_http_requests_total{code="500",method="get"} 1\nshop_http_request_duration_seconds_bucket{le="0.1"} 10\nshop_http_request_duration_seconds_bucket{le="+Inf"} 10\n',
  ],
  [
    'express-prom-bundle',
    'http_request_duration_seconds_count{status_code="200",path="/a"} 9\nhttp_request_duration_seconds_count{status_code="503",path="/a"} 1\nhttp_request_duration_seconds_bucket{le="0.1",status_code="200"} 9\nhttp_request_duration_seconds_bucket{le="0.1",status_code="503"} 1\nhttp_request_duration_seconds_bucket{le="+Inf",status_code="200"} 9\nhttp_request_duration_seconds_bucket{le="+Inf",status_code="503"} 1\n',
  ],
  [
    'Spring Boot',
    '# TYPE http_server_requests_seconds histogram\nhttp_server_requests_seconds_count{outcome="SUCCESS",status="200",uri="/a"} 9\nhttp_server_requests_seconds_count{outcome="SERVER_ERROR",status="500",uri="/a"} 1\nhttp_server_requests_seconds_bucket{le="0.1",uri="/a"} 10\nhttp_server_requests_seconds_bucket{le="+Inf",uri="/a"} 10\n',
  ],
  [
    'OpenTelemetry',
    'http_server_request_duration_seconds_count{http_response_status_code="200",http_route="/a"} 9\nhttp_server_request_duration_seconds_count{http_response_status_code="500",http_route="/a"} 1\nhttp_server_request_duration_seconds_bucket{le="0.1"} 10\nhttp_server_request_duration_seconds_bucket{le="+Inf"} 10\n',
  ],
  [
    'OpenTelemetry before',
    'http_server_duration_milliseconds_count{http_status_code="200"} 9\nhttp_server_duration_milliseconds_count{http_status_code="500"} 1\nhttp_server_duration_milliseconds_bucket{le="100"} 10\nhttp_server_duration_milliseconds_bucket{le="+Inf"} 10\n',
  ],
  [
    'Flask',
    'flask_http_request_total{method="GET",status="200"} 9\nflask_http_request_total{method="GET",status="500"} 1\nflask_http_request_duration_seconds_bucket{le="0.1",path="/a",status="200"} 10\nflask_http_request_duration_seconds_bucket{le="+Inf",path="/a",status="200"} 10\n',
  ],
];

test.each(CLIENTS)('%s: requests, errors and latency are found and then read', (_client, text) => {
  const { requests = '', latency = '', unit, hasStatus } = found(text);
  expect(hasStatus).toBe(true);
  const metrics = { url: 'http://h/metrics', everyMs: 1, names: defined({ requests, latency, unit }), saturation: [] };
  const [sample] = samplesOf({ name: 's', environment: 'e', tier: 'low', dependsOn: [], metrics }, text, 1, 'i');
  const routes = Object.values(sample?.routes ?? {});
  expect(routes.map((route) => route.requests).reduce((a, b) => a + b)).toBe(10);
  expect(routes.map((route) => route.errors).reduce((a, b) => a + b)).toBe(1);
  expect(sample?.latency).toEqual({ le: [0.1, null], counts: [10, 10] });
});

test('a counter that is only declared, before the first request, is known', () => {
  expect(found('# TYPE http_requests_total counter\n# TYPE http_request_duration_seconds histogram\n')).toMatchObject({
    ...{ requests: 'http_requests_total', latency: 'http_request_duration_seconds', hasStatus: true },
  });
  expect(found('# TYPE http_requests counter\n')).toMatchObject({ requests: 'http_requests_total' });
});

test('a summary has no buckets, so that it tells no latency', () => {
  const spring = found(
    '# TYPE http_server_requests_seconds summary\nhttp_server_requests_seconds_count{status="200"} 1\nhttp_server_requests_seconds_sum{status="200"} 1\n',
  );
  expect(spring.requests).toBe('http_server_requests_seconds_count');
  expect(spring).not.toHaveProperty('latency');
});

test('pairs of a gauge and its limit are found', () => {
  const text =
    'pool_in_use 3\npool_limit 10\nprocess_open_fds 5\nprocess_max_fds 100\nthreads_active 2\nthreads_max 8\ncache_entries 1\nlabelled{a="b"} 1\nlabelled_limit{a="b"} 2\n';
  expect(found(text).saturation).toEqual([
    { name: 'pool', used: 'pool_in_use', limit: 'pool_limit' },
    { name: 'open files', used: 'process_open_fds', limit: 'process_max_fds' },
    { name: 'threads', used: 'threads_active', limit: 'threads_max' },
  ]);
});

describe('names that a team sets', () => {
  const read = (text: string, names: object, ignoreRoutes?: string[]) =>
    samplesOf(
      {
        ...{ name: 's', environment: 'e', tier: 'low', dependsOn: [] },
        metrics: {
          url: 'http://h/m',
          everyMs: 1,
          names: { requests: 'calls', latency: 'took', ...names },
          saturation: [],
          ...(ignoreRoutes ? { ignoreRoutes } : {}),
        },
      },
      text,
      1,
      'i',
    )[0];

  test('a counter of errors of its own, a label for the status, one for the route', () => {
    expect(read('calls{op="a"} 10\nfails{op="a"} 2\n', { errors: 'fails', route: 'op' })?.routes).toEqual({ a: { requests: 10, errors: 2 } });
    expect(read('calls{result="500",status="200"} 4\n', { status: 'result' })?.routes).toEqual({ all: { requests: 4, errors: 4 } });
  });

  test('routes that are no use of the service do not count, neither as requests nor in the latency', () => {
    const text =
      'calls{path="/healthz",status="200"} 100\ncalls{path="/a",status="500"} 2\ntook_bucket{path="/healthz",le="+Inf"} 100\ntook_bucket{path="/a",le="+Inf"} 2\n';
    expect(read(text, {}, ['/healthz'])).toMatchObject({ up: true, routes: { '/a': { requests: 2, errors: 2 } }, latency: { counts: [2] } });
  });
});
