import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { archiveOf } from '../../adapters/postgres/archive/archive';
import type { Db } from '../../adapters/postgres/database';
import { migrate } from '../../adapters/postgres/migrate';
import { packageRoot } from '../../config/package-root';
import { ARCHIVE_DEFAULTS } from '../../domain/archive-settings';
import { decode, one } from '../../domain/sources/protobuf';
import type { Shape } from '../../domain/sources/protobuf';
import { memoryDatabase } from '../adapters/postgres/memory-database';
import { MemoryStore } from '../fakes/memory-store';
import { harness, NOW } from './harness';
import type { Harness } from './harness';

const PROTOBUF = { 'content-type': 'application/x-protobuf' };
const JSON_TYPE = { 'content-type': 'application/json' };
const STATUS: Shape = { 1: one('code', 'int32'), 2: one('message', 'text') };
const ANSWER: Shape = { 1: one('partialSuccess', () => ({ 1: one('rejected', 'int64'), 2: one('message', 'text') })) };
const LIMIT = 12;

function sample(source: string, file: string): Buffer {
  return readFileSync(join(packageRoot(), 'test', 'samples', source, file));
}

function rejected(count: number, message: string): object {
  return { partialSuccess: { rejected: String(count), message } };
}

/** A gauge with one point a host. */
function gauges(hosts: readonly string[], at = NOW): object {
  const dataPoints = hosts.map((host) => ({ attributes: [{ key: 'host', value: { stringValue: host } }], timeUnixNano: `${String(at)}000000`, asDouble: 1 }));
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] };
  return { resourceMetrics: [{ resource, scopeMetrics: [{ metrics: [{ name: 'queue', gauge: { dataPoints } }] }] }] };
}

let db: Db;
let h: Harness;
beforeAll(async () => {
  db = await memoryDatabase();
  await migrate(db);
  const year = 365 * 86_400_000;
  // The samples are of several months.
  const settings = { ...ARCHIVE_DEFAULTS, seriesPerService: LIMIT, aheadMs: year, keep: { pointsMs: year, logsMs: year, buildsMs: year, changesMs: year } };
  const archive = archiveOf({ db, settings, forgotten: async () => undefined }, (part) => part);
  h = await harness({ store: Object.assign(new MemoryStore(), { archive }), settings: { bodyLimitBytes: 1024 * 1024 } });
}, 60_000);
afterAll(() => db.destroy());

const send = (url: string, body: unknown, headers: Record<string, string>) => h.call('responder', 'POST', url, body, headers);
const stored = async (service: string) => (await h.store.archive.points.series({ service, limit: 100 })).map(({ metric, counts }) => [metric, counts.points]);

test('metrics of an exporter in JSON are in the archive when it is answered', async () => {
  const answer = await send('/v1/sources/otlp/v1/metrics', gauges(['a', 'b']), JSON_TYPE);
  expect([answer.statusCode, answer.json(), answer.headers['content-type']]).toEqual([200, {}, expect.stringContaining('application/json')]);
  expect(await stored('shop')).toEqual([
    ['queue', 1],
    ['queue', 1],
  ]);
});

test.each([
  ['metrics', 'all-kinds.bin', '/v1/sources/otlp/v1/metrics', rejected(1, '1 point whose buckets do not fit its bounds')],
  // Quantiles of nothing measured are no points.
  ['metrics', 'distributions.bin', '/v1/sources/otlp-metrics', {}],
  ['logs', 'levels.bin', '/v1/sources/otlp/v1/logs', rejected(1, '1 line without text')],
  ['traces', 'calls.bin', '/v1/sources/otlp/v1/traces', rejected(1, '1 span without the ids of a trace and a span')],
])('%s in protobuf (%s) are taken at %s, and answered in protobuf with what was rejected', async (signal, file, url, said) => {
  const answer = await send(url, gzipSync(sample(`otlp-${signal}`, file)), { ...PROTOBUF, 'content-encoding': 'gzip' });
  expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'application/x-protobuf']);
  expect(decode(answer.rawPayload, ANSWER)).toEqual(said);
});

test('lines and calls of a message that is sent again, because its answer was lost, are counted once', async () => {
  const { archive } = h.store;
  const everything = { from: 0, to: NOW * 2, limit: 1000 };
  const counted = async (): Promise<number[]> => {
    const minutes = (await archive.logs.templates(everything)).flatMap((template) => template.minutes);
    const calls = await archive.calls.calls(everything);
    return [minutes.reduce((sum, { lines }) => sum + lines, 0), calls.reduce((sum, { requests }) => sum + requests, 0)];
  };
  const [lines = 0, calls = 0] = await counted();
  for (let time = 0; time < 2; time += 1) {
    await send('/v1/sources/otlp-logs', sample('otlp-logs', 'json.json'), JSON_TYPE);
    await send('/v1/sources/otlp-traces', sample('otlp-traces', 'json.json'), JSON_TYPE);
  }
  const { objects } = JSON.parse(sample('otlp-logs', 'json.expected.json').toString()) as { objects: readonly object[] };
  // One call came to the service, and one went out.
  expect(await counted()).toEqual([lines + objects.length, calls + 2]);
});

test('what is rejected is said, and the rest is kept', async () => {
  const hosts = Array.from({ length: LIMIT + 3 }, (_, i) => `h${String(i)}`);
  const json = await send('/v1/sources/otlp-metrics', gauges(hosts, NOW + 1), JSON_TYPE);
  expect([json.statusCode, json.json()]).toEqual([
    200,
    {
      partialSuccess: {
        rejectedDataPoints: expect.stringMatching(/^\d+$/) as string,
        errorMessage: expect.stringContaining('archive.seriesPerService') as string,
      },
    },
  ]);
  expect(await stored('shop')).toHaveLength(LIMIT);
  const metrics = (await h.call(undefined, 'GET', '/metrics')).body;
  expect(metrics).toMatch(/nightshift_archive_points_total\{outcome="cardinality"\} [1-9]/);
  expect(metrics).toMatch(/nightshift_archive_series [1-9]/);
});

test.each([
  ['an export that cannot be read', 'responder', Buffer.from('nothing of ours'), 400, 3],
  ['one of nobody', undefined, Buffer.alloc(0), 401, 16],
  ['one that is too large', 'responder', Buffer.alloc(2 * 1024 * 1024, 'x'), 413, 3],
] as const)('%s is refused with a status in protobuf', async (_name, role, body, status, code) => {
  const answer = await h.call(role, 'POST', '/v1/sources/otlp/v1/metrics', body, PROTOBUF);
  expect([answer.statusCode, answer.headers['content-type'], decode(answer.rawPayload, STATUS)]).toEqual([
    status,
    'application/x-protobuf',
    { code, message: expect.any(String) as string },
  ]);
});

test('a metric, a line and a span that are not as OTLP says cost only themselves, and are counted', async () => {
  const own = await harness();
  const to = async (signal: string, body: unknown) => (await own.call('responder', 'POST', `/v1/sources/otlp/v1/${signal}`, body, JSON_TYPE)).json();
  const point = { asDouble: 1, timeUnixNano: `${String(NOW)}000000` };
  const metrics = [
    { gauge: { dataPoints: [point, point] } },
    { name: 'queue', gauge: { dataPoints: [point] } },
    { name: 'x', gauge: { dataPoints: [{ asDouble: [] }] } },
  ];
  const partial = (thing: string, count: string, errorMessage: string): object => ({ partialSuccess: { [thing]: count, errorMessage } });
  expect(await to('metrics', { resourceMetrics: [{ scopeMetrics: [{ metrics }] }] })).toEqual(
    partial('rejectedDataPoints', '3', '3 points of a metric that is not as OTLP says'),
  );
  const logRecords = [{ body: { stringValue: 'started' } }, { traceId: 7 }];
  expect(await to('logs', { resourceLogs: [{ scopeLogs: [{ logRecords }] }] })).toEqual(partial('rejectedLogRecords', '1', '1 line that is not as OTLP says'));
  const spans = [{ traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' }, { spanId: 'b7ad6b7169203331' }];
  expect(await to('traces', { resourceSpans: [{ scopeSpans: [{ spans }] }] })).toEqual(partial('rejectedSpans', '1', '1 span that is not as OTLP says'));
  expect(own.store.archive.batches.map(({ points = [], logs = [] }) => [points.length, logs.length])).toEqual([[1, 0], [0, 1], [0, 0]]); // prettier-ignore
  const counted = (await own.call(undefined, 'GET', '/metrics')).body;
  for (const [of, count] of Object.entries({ points: 3, lines: 1, calls: 1 })) {
    expect(counted).toContain(`nightshift_archive_${of}_total{outcome="unreadable"} ${String(count)}`);
  }
});

test('an export in which nothing is as OTLP says is refused, and says what is wrong', async () => {
  const answer = await send('/v1/sources/otlp-metrics', { resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: 7 }] }] }] }, JSON_TYPE);
  expect([answer.statusCode, answer.json().problems]).toEqual([400, [{ path: 'name', message: 'must be text; put it in quotes: "7"' }]]);
});

test('an exporter that sends too often is told when to come again', async () => {
  const slow = await harness({ settings: { rateLimitPerMinute: 1 } });
  await slow.call('responder', 'POST', '/v1/sources/otlp/v1/logs', Buffer.alloc(0), PROTOBUF);
  const answer = await slow.call('responder', 'POST', '/v1/sources/otlp/v1/logs', Buffer.alloc(0), PROTOBUF);
  expect([answer.statusCode, Number(answer.headers['retry-after'])]).toEqual([429, expect.any(Number)]);
  expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
});

test('a store that does not answer is 503 with a time to wait, and in JSON the problem in words', async () => {
  const store = Object.assign(new MemoryStore(), { archive: { writer: { keep: () => Promise.reject(new Error('gone')) } } });
  const broken = await harness({ store });
  const answer = await broken.call('responder', 'POST', '/v1/sources/otlp-metrics', gauges(['a']), JSON_TYPE);
  expect([answer.statusCode, answer.json().code, answer.headers['retry-after']]).toEqual([503, 'unreachable', '5']);
});

test('a builds sample is kept by the door of its source', async () => {
  const message = sample('codebuild', 'failed.json');
  const answer = await send('/v1/sources/codebuild', message, JSON_TYPE);
  expect([answer.statusCode, answer.json().builds]).toEqual([202, { added: 1, completed: 0, duplicates: 0 }]);
  expect((await send('/v1/sources/codebuild', message, JSON_TYPE)).json().builds).toEqual({ added: 0, completed: 0, duplicates: 1 });
});

describe('remote write', () => {
  const URL = '/v1/sources/prometheus-remote-write';
  const headers = { ...PROTOBUF, 'content-encoding': 'snappy', 'x-prometheus-remote-write-version': '0.1.0' };

  const writtenOf = (answer: { headers: Record<string, unknown> }): number[] =>
    ['samples', 'histograms'].map((kind) => Number(answer.headers[`x-prometheus-remote-write-${kind}-written`]));

  test('what is whole is kept before 204, and says how much was written', async () => {
    const roomy = await harness();
    const answer = await roomy.call('responder', 'POST', URL, sample('prometheus-remote-write', 'version-2.bin'), headers);
    expect([answer.statusCode, answer.body]).toEqual([204, '']);
    expect(writtenOf(answer).reduce((sum, each) => sum + each, 0)).toBe(roomy.store.archive.batches[0]?.points?.length);
  });

  test('series and samples that cannot be kept are 400 in words, the rest is kept, and NaN counts as written', async () => {
    const roomy = await harness();
    const answer = await roomy.call('responder', 'POST', URL, sample('prometheus-remote-write', 'version-1.bin'), headers);
    const why = '1 sample whose value is infinite; 1 sample of a series without a name; 1 histogram whose counts may fall';
    expect([answer.statusCode, answer.json().detail]).toEqual([400, `Not kept: ${why}. Everything else was.`]);
    const points = roomy.store.archive.batches[0]?.points ?? [];
    const histograms = points.filter(({ histogram }) => histogram).length;
    // One of each is the mark of a series that has ended.
    expect(writtenOf(answer)).toEqual([points.length - histograms + 1, histograms + 1]);
    expect((await roomy.call('responder', 'GET', '/v1/aside')).json().messages).toEqual([]);
  });

  test('a part that is refused is 400, and the rest is kept', async () => {
    const full = await harness();
    full.store.archive.refused = { cardinality: 1, 'too-old': 0, ahead: 0 };
    const answer = await full.call('responder', 'POST', URL, sample('prometheus-remote-write', 'version-1.bin'), headers);
    expect([answer.statusCode, answer.json().detail]).toEqual([400, expect.stringContaining('Not kept: 1 point of new series') as string]);
    expect(full.store.archive.batches).toHaveLength(1);
  });
});

test('points of a day that does not exist are not asked for', async () => {
  const answer = await h.call('viewer', 'GET', '/v1/archive/points?date=2026-02-30');
  expect([answer.statusCode, answer.body]).toEqual([400, expect.stringContaining('must be a day such as 2026-03-01')]);
});
