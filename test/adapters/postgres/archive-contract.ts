/* eslint-disable jest/no-export -- a suite that is run against every database */
import { readArchived } from '../../../domain/archive-export/archived-text';
import { dayPage } from '../../../domain/archive-export/day-page';
import { filesOf } from '../../../domain/archive-export/files';
import type { Build } from '../../../domain/build';
import type { CallCount } from '../../../domain/call-counts';
import type { LogCount } from '../../../domain/log-counts';
import type { MetricPoint } from '../../../domain/telemetry';
import type { Series } from '../../../ports/archive';
import type { Store } from '../../../ports/store';
import { NOON } from './samples-of-data';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const NONE = { cardinality: 0, 'too-old': 0, ahead: 0 };

function point(service: string, at: number, value: number, over: Partial<MetricPoint> = {}): MetricPoint {
  return {
    ...{ source: 'otlp-metrics', environment: 'prod', service, metric: 'latency', kind: 'gauge', unit: 'ms', labels: { route: '/buy', host: 'a' } },
    ...{ at: new Date(at).toISOString(), value },
    ...over,
  };
}

/** What must hold of the archive's points. */
export function pointContract(getStore: () => Store): void {
  const keep = (points: readonly MetricPoint[], receivedAt = NOON) => getStore().archive.writer.keep({ points }, receivedAt);
  const seriesOf = (service: string): Promise<readonly Series[]> => getStore().archive.points.series({ service, limit: 100 });
  const valuesOf = async (service: string): Promise<unknown[]> => {
    const [one] = await seriesOf(service);
    return (await getStore().archive.points.read([one?.id ?? 0], 0, NOON * 2)).get(one?.id ?? 0)?.map(({ at, value }) => [at - NOON, value]) ?? [];
  };

  test('points come back by series and time, with the labels in any order and any number that there is', async () => {
    const histogram = { count: 3, le: [1, null], counts: [2, 3] };
    const labels = { host: 'a', route: '/buy' };
    const { points } = await keep([
      ...[point('p-read', NOON, 0.1), point('p-read', NOON - MINUTE, -1e300), point('p-read', NOON - 1, 5e-324, { labels })],
      point('p-read', NOON, 7, { kind: 'histogram', histogram }),
    ]);
    expect(points).toEqual({ added: 4, duplicates: 0, corrected: 0, late: 0, refused: NONE });
    const series = await seriesOf('p-read');
    expect(series.map(({ unit, labels: given }) => [unit, given])).toEqual([
      ['ms', labels],
      ['ms', labels],
    ]);
    const [gauge, buckets] = ['gauge', 'histogram'].map((kind) => series.find((one) => one.kind === kind));
    const found = await getStore().archive.points.read([gauge?.id ?? 0, buckets?.id ?? 0, 999_999], NOON - MINUTE, NOON);
    expect(found.size).toBe(2);
    expect(found.get(buckets?.id ?? 0)).toEqual([{ at: NOON, value: 7, histogram }]);
    expect(found.get(gauge?.id ?? 0)).toEqual([
      { at: NOON - MINUTE, value: -1e300 },
      { at: NOON - 1, value: 5e-324 },
      { at: NOON, value: 0.1 },
    ]);
    expect((await getStore().archive.points.read([gauge?.id ?? 0], NOON - 1, NOON - 1)).get(gauge?.id ?? 0)).toHaveLength(1);
  });

  test('the points of a day that are exported and read again are the same', async () => {
    const date = new Date(NOON).toISOString().slice(0, 10);
    const histogram = { count: 3, le: [1, null], counts: [2, 3] };
    await keep([
      point('p-export', NOON, 0.1),
      point('p-export', NOON - 1, 5e-324),
      point('p-export', NOON, 7, { metric: 'sizes', kind: 'histogram', histogram }),
    ]);
    await keep([point('p-export', NOON + DAY, 2)], NOON + DAY);
    const numbers = (await seriesOf('p-export')).map(({ id }) => id);
    const page = await dayPage(getStore().archive.points, date, Math.min(...numbers) - 1);
    const ours = page.series.filter(({ series }) => series.service === 'p-export').sort((a, b) => (a.series.metric < b.series.metric ? -1 : 1));
    const files = ours.flatMap((day) => filesOf(day, date, 2)).filter(({ key }) => key.startsWith('archive/'));
    expect(files.map(({ text, key }) => readArchived(text, key))).toEqual(ours);
    expect(ours.map(({ points }) => points.map(({ at, value }) => [at - NOON, value]))).toEqual([
      [
        [-1, 5e-324],
        [0, 0.1],
      ],
      [[0, 7]],
    ]);
  });

  test('another unit is another series, which says that there were others', async () => {
    await keep([point('p-unit', NOON, 1)]);
    await keep([point('p-unit', NOON, 0.001, { unit: 's' }), point('p-unit', NOON, 1, { metric: 'other', unit: 's' })]);
    const seen = (await seriesOf('p-unit')).map(({ metric, unit, counts }) => `${metric} ${String(unit)} ${String(counts.unitChanges)}`);
    expect(seen.sort()).toEqual(['latency ms 0', 'latency s 1', 'other s 0']);
  });

  test('the same again counts as duplicates, another value corrects, and what comes late is kept and counted', async () => {
    await keep([point('p-again', NOON, 1)]);
    const again = await keep([point('p-again', NOON, 1), point('p-again', NOON + 1000, 2), point('p-again', NOON + 1000, 3)], NOON + MINUTE);
    expect(again.points).toEqual({ added: 1, duplicates: 2, corrected: 0, late: 0, refused: NONE });
    const late = await keep([point('p-again', NOON - 10 * MINUTE, 4), point('p-again', NOON - MINUTE, 5), point('p-again', NOON, 6)], NOON + 2 * MINUTE);
    expect(late.points).toEqual({ added: 2, duplicates: 0, corrected: 1, late: 1, refused: NONE });
    expect(await valuesOf('p-again')).toEqual([
      [-10 * MINUTE, 4],
      [-MINUTE, 5],
      [0, 6],
      [1000, 3],
    ]);
    const [{ counts }] = (await seriesOf('p-again')) as [Series];
    expect(counts).toEqual({
      ...{ createdAt: NOON, points: 4, late: 1, duplicates: 2, corrected: 1, ahead: 0, unitChanges: 0 },
      ...{ first: NOON - 10 * MINUTE, last: NOON + 1000, receivedAt: NOON + 2 * MINUTE, lagMs: 2 * MINUTE },
    });
  });

  test('what is older than it is kept, or a day ahead, is refused and marked; a clock that is a little ahead is counted', async () => {
    const { points } = await keep([point('p-time', NOON - 16 * DAY, 1), point('p-time', NOON + 2 * DAY, 1), point('p-time', NOON + MINUTE, 1)]);
    expect(points).toEqual({ added: 1, duplicates: 0, corrected: 0, late: 0, refused: { cardinality: 0, 'too-old': 1, ahead: 1 } });
    expect((await seriesOf('p-time')).map(({ counts }) => [counts.points, counts.ahead])).toEqual([[1, 1]]);
    const marks = (await getStore().archive.marks.refusals()).filter(({ service }) => service === 'p-time');
    expect(marks).toEqual(['ahead', 'too-old'].map((reason) => ({ environment: 'prod', service: 'p-time', reason, count: 1, firstAt: NOON, lastAt: NOON })));
    // Its time does not make those late that are right.
    await keep([point('p-time', NOON + MINUTE + 12 * 60 * MINUTE, 1)]);
    expect((await keep([point('p-time', NOON - 1, 1)])).points.late).toBe(0);
  });

  test('series are found by service, metric, label, and what came since; page by page', async () => {
    for (const host of ['a', 'b', 'c']) await keep([point('p-find', NOON, 1, { labels: { host } })], NOON + host.charCodeAt(0));
    const { points } = getStore().archive;
    const hosts = async (filter: object): Promise<string[]> =>
      (await points.series({ service: 'p-find', limit: 10, ...filter })).map(({ labels }) => labels['host'] ?? '');
    expect(await hosts({ labels: { host: 'b' } })).toEqual(['b']);
    expect(await hosts({ receivedSince: NOON + 'b'.charCodeAt(0) })).toEqual(['b', 'c']);
    expect(await hosts({ createdSince: NOON + 'c'.charCodeAt(0) })).toEqual(['c']);
    expect(await hosts({ metric: 'other' })).toEqual([]);
    const [first] = await points.series({ service: 'p-find', limit: 1 });
    expect(await hosts({ after: first?.id })).toEqual(['b', 'c']);
  });

  test('writers of the same series at the same time lose nothing and count each point once', async () => {
    const batch = (from: number) =>
      Array.from({ length: 50 }, (_, i) => point('p-race', NOON + ((from + i) % 60) * 1000, i, { labels: { host: String(i % 5) } }));
    const kept = await Promise.all([0, 10, 20, 30].map((from) => keep(batch(from), NOON + MINUTE)));
    const series = await seriesOf('p-race');
    const stored = await getStore().archive.points.read(
      series.map(({ id }) => id),
      0,
      NOON * 2,
    );
    const added = kept.reduce((sum, { points }) => sum + points.added, 0);
    expect([series.length, [...stored.values()].flat().length, series.reduce((sum, { counts }) => sum + counts.points, 0)]).toEqual([5, added, added]);
  });

  test('forgets old points, and series that have none left; what comes after begins anew', async () => {
    const { archive } = getStore();
    await keep([point('p-old', NOON - DAY, 1), point('p-old', NOON, 2), point('p-old', NOON - DAY, 3, { metric: 'gone' })], NOON - DAY);
    await keep([point('p-old', NOON + 1, 2)], NOON);
    const keepAll = { logs: 0, builds: 0, changes: 0, measures: 0, deliveries: 0 };
    for (let more = true; more;) ({ more } = await archive.pruner.prune({ ...keepAll, points: NOON - MINUTE }, 2));
    expect((await seriesOf('p-old')).map(({ metric, counts }) => [metric, counts.first])).toEqual([['latency', NOON]]);
    expect(await valuesOf('p-old')).toEqual([
      [0, 2],
      [1, 2],
    ]);
    expect((await keep([point('p-old', NOON, 3, { metric: 'gone' })])).points.added).toBe(1);
    expect(await seriesOf('p-old')).toHaveLength(2);
  });
}

/** What must hold of lines, calls and builds. */
export function countContract(getStore: () => Store): void {
  const line = (template: string, at: number, lines: number, over: Partial<LogCount> = {}): LogCount => ({
    ...{ source: 'otlp-logs', environment: 'prod', service: 'l-count', level: 'error', template, at, lines, sample: `${template}!` },
    ...over,
  });
  const call = (callee: string, over: Partial<CallCount> = {}): CallCount => ({
    ...{ environment: 'prod', caller: 'c-shop', callee, at: NOON, requests: 2, failed: 1, durationMs: 30, longestMs: 20 },
    ...over,
  });

  test('lines add up by template and minute; a delivery that comes again counts nothing', async () => {
    const { writer, logs } = getStore().archive;
    const first = [line('a <n>', NOON, 2), line('a <n>', NOON + MINUTE, 1), line('b', NOON, 1, { level: 'info' })];
    expect((await writer.keep({ logs: first, delivery: 'd-1' }, NOON)).logs).toEqual({ counted: 4, duplicates: 0, refused: 0 });
    expect((await writer.keep({ logs: first, delivery: 'd-1' }, NOON)).logs).toEqual({ counted: 0, duplicates: 4, refused: 0 });
    await writer.keep({ logs: [line('a <n>', NOON, 5, { sample: 'later' })], delivery: 'd-2' }, NOON);
    const found = await logs.templates({ service: 'l-count', from: NOON, to: NOON + MINUTE, limit: 10 });
    expect(found.map(({ template, level, sample, minutes }) => [template, level, sample, minutes.map(({ at, lines }) => [at - NOON, lines])])).toEqual([
      [
        ...['a <n>', 'error', 'a <n>!'],
        [
          [0, 7],
          [MINUTE, 1],
        ],
      ],
      ['b', 'info', 'b!', [[0, 1]]],
    ]);
    expect(await logs.templates({ service: 'l-count', level: 'info', from: NOON, to: NOON, limit: 10 })).toHaveLength(1);
    expect(await logs.templates({ service: 'l-count', from: NOON + 2 * MINUTE, to: NOON + 3 * MINUTE, limit: 10 })).toEqual([]);
  });

  test('calls add up by pair and minute, and are read from either side', async () => {
    const { writer, calls } = getStore().archive;
    const { caller: _caller, ...own } = call('c-pay', { requests: 9 });
    await writer.keep({ calls: [call('c-pay'), own] }, NOON);
    await writer.keep({ calls: [call('c-pay', { durationMs: 50, longestMs: 50 }), call('c-stock')] }, NOON);
    const of = (service: string) => calls.calls({ service, from: NOON, to: NOON, limit: 10 });
    expect(await of('c-pay')).toEqual([own, call('c-pay', { requests: 4, failed: 2, durationMs: 80, longestMs: 50 })]);
    expect((await of('c-shop')).map(({ callee }) => callee)).toEqual(['c-pay', 'c-stock']);
  });

  test('of more calls than the limit the newest stand, oldest first', async () => {
    const { writer, calls } = getStore().archive;
    const minutes = [0, 1, 2, 3].map((minute) => call('c-new', { at: NOON + minute * MINUTE }));
    await writer.keep({ calls: minutes }, NOON);
    expect(await calls.calls({ service: 'c-new', from: NOON, to: NOON + 9 * MINUTE, limit: 2 })).toEqual(minutes.slice(-2));
  });

  test('calls of a hub of 200 pairs are summed by pair, and by minute over its callers, of which none crowds out a minute', async () => {
    const { writer, calls } = getStore().archive;
    const callers = Array.from({ length: 200 }, (_, i) => `c-of-${String(i).padStart(3, '0')}`);
    const { caller: _caller, ...itself } = call('c-hub', { requests: 9, failed: 0 });
    const minutes = [NOON, NOON + MINUTE, NOON + 2 * MINUTE];
    const all = minutes.flatMap((at) => callers.map((caller, i) => call('c-hub', { caller, at, requests: i === 7 ? 5 : 2 })));
    await writer.keep({ calls: [...all, itself, call('c-hub', { caller: 'c-hub' })] }, NOON);
    const when = { environment: 'prod', service: 'c-hub', from: NOON, to: NOON + 9 * MINUTE };
    const totals = await calls.totals({ ...when, limit: 150 });
    expect(totals).toHaveLength(150);
    expect(totals[0]).toEqual(call('c-hub', { caller: 'c-of-007', at: NOON + 2 * MINUTE, requests: 15, failed: 3, durationMs: 90 }));
    const sum = { caller: 'c-of-000', requests: 403, failed: 200, durationMs: 6000 };
    expect(await calls.received({ ...when, limit: 10 })).toEqual([itself, ...minutes.map((at) => call('c-hub', { ...sum, at }))]);
    expect(await calls.received({ ...when, limit: 1 })).toEqual([call('c-hub', { ...sum, at: NOON + 2 * MINUTE })]);
  });

  test('a build is kept once, and completed by what a later telling knows', async () => {
    const { writer, builds } = getStore().archive;
    const build: Build = {
      id: 'b-1',
      source: 'github',
      environment: 'prod',
      service: 'b-shop',
      name: 'ci',
      run: '7',
      result: 'failed',
      endedAt: new Date(NOON).toISOString(),
    };
    const keep = async (...given: Build[]) => (await writer.keep({ builds: given }, NOON)).builds;
    expect(await keep(build, { ...build, id: 'b-2', name: 'deploy', endedAt: new Date(NOON + 1).toISOString() })).toEqual({
      added: 2,
      completed: 0,
      duplicates: 0,
    });
    expect(await keep(build)).toEqual({ added: 0, completed: 0, duplicates: 1 });
    expect(await keep({ ...build, result: 'succeeded', tests: { total: 3, failed: 1 } })).toEqual({ added: 0, completed: 1, duplicates: 0 });
    expect(await builds.get('b-1')).toEqual({ ...build, tests: { total: 3, failed: 1 } });
    const ids = async (filter: object) => (await builds.list({ service: 'b-shop', from: NOON, to: NOON + 1, limit: 10, ...filter })).map(({ id }) => id);
    expect([await ids({}), await ids({ name: 'ci' }), await ids({ from: NOON + 1 }), await ids({ limit: 1 })]).toEqual([
      ['b-2', 'b-1'],
      ['b-1'],
      ['b-2'],
      ['b-2'],
    ]);
  });

  test('old lines, calls, builds and changes are forgotten, with templates and pairs that have nothing left', async () => {
    const { archive, changes } = getStore();
    const old = NOON - DAY;
    await archive.writer.keep({ logs: [line('old', old, 1)], calls: [call('c-old', { at: old })], delivery: 'd-old' }, old);
    await changes.record([
      { id: 'ch-old', kind: 'flag', environment: 'prod', service: 'ch-old', at: new Date(old).toISOString(), author: 'ana', summary: 'x' },
    ]);
    const before = NOON - MINUTE;
    for (let more = true; more;)
      ({ more } = await archive.pruner.prune({ points: before, logs: before, builds: before, changes: before, measures: before, deliveries: before }, 1));
    expect(await archive.logs.templates({ from: 0, to: before, limit: 10 })).toEqual([]);
    expect(await archive.calls.calls({ from: 0, to: before, limit: 10 })).toEqual([]);
    expect(await changes.find({ from: 0, to: before, limit: 10 })).toEqual([]);
    expect((await archive.writer.keep({ logs: [line('old', NOON, 1)], calls: [call('c-old')], delivery: 'd-old' }, NOON)).logs.counted).toBe(1);
  });
}
