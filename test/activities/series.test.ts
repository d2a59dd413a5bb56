import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSeriesLoop, seriesMeasurer } from '../../activities/series';
import { openEmbedded } from '../../adapters/postgres/open';
import type { SeriesDefinition } from '../../domain/series/definition';
import { progressName } from '../../domain/series/progress';
import type { MetricPoint } from '../../domain/telemetry';
import type { Store } from '../../ports/store';
import { eventually } from '../fakes/eventually';

const S = 1000;
/** A whole minute, so that windows end on it. */
const T = Date.parse('2026-03-01T12:00:00Z');
const define = (name: string, more: Partial<SeriesDefinition>): SeriesDefinition => ({
  ...{ name, from: { metric: 'requests_total', service: 'shop', labels: {} }, measure: 'count', by: [] },
  ...{ windowMs: 60 * S, slideMs: 60 * S, latenessMs: 30 * S, settleMs: 0 },
  ...more,
});
const iso = (at: number) => new Date(at).toISOString();
const counter = (at: number, value: number, labels: Record<string, string> = {}): MetricPoint => ({
  ...{ source: 'prometheus-remote-write', environment: 'prod', service: 'shop', metric: 'requests_total', kind: 'counter' },
  ...{ at: iso(at), value, labels },
});

describe('the measuring of declared series', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nightshift-'));
  let store: Store;
  let warnings: string[];
  const clock = { at: T, now: () => clock.at };
  beforeAll(async () => {
    store = await openEmbedded({ home: join(folder, 'home'), channels: [] });
  }, 120_000);
  beforeEach(() => {
    warnings = [];
    clock.at = T;
  });
  afterAll(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });

  const measurer = (...definitions: readonly SeriesDefinition[]) => {
    const log = { warn: (_: object, message: string) => void warnings.push(message) };
    return seriesMeasurer({ definitions, archive: store.archive, state: store.state, clock, log });
  };
  const keep = (...points: readonly MetricPoint[]) => store.archive.writer.keep({ points }, clock.at);
  const buckets = async (metric: string): Promise<(readonly [string, number, number])[]> => {
    const series = await store.archive.points.series({ metric, limit: 100 });
    const found = await store.archive.points.read(
      series.map(({ id }) => id),
      0,
      T + 3_600_000,
    );
    return series.flatMap(({ id, service }) => (found.get(id) ?? []).map(({ at, value }) => [service, (at - T) / S, value] as const));
  };
  const grow = (from: number, to: number, labels: Record<string, string> = {}) => {
    const points: MetricPoint[] = [];
    for (let second = from; second <= to; second += 15) points.push(counter(T + second * S, second + 1000, labels));
    return points;
  };

  test('puts a bucket into the archive when its window is whole, and makes it again for a late point', async () => {
    const measure = measurer(define('a', {}));
    await keep(...grow(-120, -30));
    await measure.turn();
    expect(await buckets('a')).toEqual([['shop', -60, 60]]);
    clock.at = T + S;
    await keep(counter(T, 1000));
    await measure.turn();
    expect((await buckets('a')).at(-1)).toEqual(['shop', -60, 60]);
    clock.at = T + 6 * S;
    await measure.turn();
    expect((await buckets('a')).at(-1)).toEqual(['shop', 0, 60]);
    clock.at = T + 20 * S;
    await keep(counter(T - 10 * S, 5000), counter(T - 5 * S, 7000));
    clock.at = T + 67 * S;
    await measure.turn();
    expect((await buckets('a')).find(([, at]) => at === 0)).toEqual(['shop', 0, 7060]);
    expect(warnings).toEqual([]);
  });

  test('goes on after a restart where it was, with the same buckets', async () => {
    const definition = define('b', { slideMs: 20 * S, by: ['pod'], from: { metric: 'requests_total', labels: { run: 'b' } } });
    const whole = define('c', { ...definition, name: 'c' });
    await keep(...grow(-300, 0, { run: 'b', pod: '1' }), ...grow(-300, -30, { run: 'b', pod: '2' }));
    await measurer(definition).turn();
    clock.at = T + 70 * S;
    await keep(...grow(15, 60, { run: 'b', pod: '1' }), ...grow(-15, 60, { run: 'b', pod: '2' }));
    await measurer(definition).turn();
    await measurer(whole).turn();
    const [once, restarted] = [await buckets('c'), await buckets('b')];
    expect(once.length).toBeGreaterThan(10);
    expect(restarted).toEqual(once);
  });

  test('measures again what was written but not noted', async () => {
    const definition = define('d', {});
    await measurer(definition).turn();
    const before = await buckets('d');
    await store.state.save(progressName('d'), null);
    await measurer(definition).turn();
    expect(await buckets('d')).toEqual(before);
    const [series] = await store.archive.points.series({ metric: 'd', limit: 1 });
    expect(series?.counts).toMatchObject({ corrected: 0, points: before.length });
  });

  test('lines of a log and builds are streams too', async () => {
    const log = { source: 'otlp-logs', environment: 'prod', service: 'shop', sample: 'x' } as const;
    const lines = [
      { ...log, level: 'error' as const, template: 'payment <n> failed', at: T - 120 * S, lines: 30 },
      { ...log, level: 'info' as const, template: 'paid <n>', at: T - 120 * S, lines: 70 },
    ];
    const build = { source: 'github', environment: 'prod', service: 'shop', name: 'ci', run: '1' };
    const builds = [100, 200, 300].map((durationMs, i) => ({
      ...{ ...build, id: `b${i}`, durationMs },
      ...{ result: i === 2 ? ('failed' as const) : ('succeeded' as const), endedAt: iso(T - 100 * S) },
    }));
    await store.archive.writer.keep({ logs: lines, builds }, T);
    const share = { measure: 'error-share' } as const;
    await measurer(
      define('log.rate', { from: { log: 'payment', labels: { level: 'error' } }, measure: 'rate' }),
      define('log.share', { ...share, from: { log: '', labels: {} }, errors: { label: 'level', matches: 'error' } }),
      define('build.max', { from: { builds: true, labels: { name: 'ci' } }, measure: 'max' }),
      define('build.share', { ...share, from: { builds: true, labels: {} }, errors: { label: 'result', matches: 'failed|timed-out' } }),
    ).turn();
    expect(await buckets('log.rate')).toEqual([
      ['shop', -60, 0.5],
      ['shop', 0, 0],
    ]);
    expect(await buckets('log.share')).toEqual([['shop', -60, 0.3]]);
    expect(await buckets('build.max')).toEqual([['shop', -60, 300]]);
    expect((await buckets('build.share'))[0]?.[2]).toBeCloseTo(1 / 3);
  });

  test('a series may be measured on another one', async () => {
    await measurer(define('e', { measure: 'max', windowMs: 600 * S, slideMs: 600 * S, from: { source: 'nightshift', metric: 'a', labels: {} } })).turn();
    expect(await buckets('e')).toEqual([['shop', 0, 7060]]);
  });

  test('a measure that means nothing on a stream is told once', async () => {
    const measure = measurer(define('f', { measure: 'p99' }));
    await measure.turn();
    clock.at = T + 60 * S;
    await measure.turn();
    expect(warnings).toEqual([expect.stringContaining('p99 means nothing of some of its streams')]);
    expect(await buckets('f')).toEqual([]);
  });

  test('an archive that does not answer is told, and what it missed is measured later', async () => {
    const archive = { ...store.archive, writer: { keep: () => Promise.reject(new Error('down')) } };
    const log = { warn: (fields: object) => void warnings.push(JSON.stringify(fields)) };
    const definition = define('g', {});
    await seriesMeasurer({ definitions: [definition], archive, state: store.state, clock, log }).turn();
    expect(warnings).toEqual([expect.stringContaining('down')]);
    await measurer(definition).turn();
    expect((await buckets('g')).length).toBeGreaterThan(0);
  });

  test('the loop takes turns until it is stopped', async () => {
    const saved: string[] = [];
    const state = { ...store.state, save: async (name: string) => void saved.push(name) };
    const loop = createSeriesLoop({ definitions: [define('h', {})], archive: store.archive, state, clock, log: { warn: () => undefined } });
    await eventually(() => saved.length > 0, 'the progress is saved');
    await loop.stop();
    expect(await buckets('h')).not.toEqual([]);
  });
});
