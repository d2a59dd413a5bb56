import fc from 'fast-check';
import { readArchived } from '../../../domain/archive-export/archived-text';
import { dayPage } from '../../../domain/archive-export/day-page';
import { filesOf, manifestText } from '../../../domain/archive-export/files';
import { claimTarget } from '../../../domain/archive-export/export';
import type { ExportedSeries, SeriesDay } from '../../../domain/archive-export/series';
import { seriesOfCsv } from '../../../domain/csv-series';
import { NightshiftError } from '../../../domain/errors';

const DATE = '2026-03-01';
const FROM = Date.parse(DATE);
const SERIES: ExportedSeries = {
  ...{ source: 'otlp-metrics', environment: 'prod', service: 'team/shop', metric: 'latency', kind: 'gauge' },
  ...{ unit: 'ms', labels: { route: '/buy, "now"', host: 'a\nb' } },
};
const gauge = (values: readonly number[]): SeriesDay => ({ series: SERIES, points: values.map((value, i) => ({ at: FROM + i * 60_000, value })) });

test('a day of a series is points with their times, and rows of equally many numbers for training', () => {
  const [archive, training] = filesOf(gauge([1, 2.5, 1e-9, 4e21]), DATE, 2);
  const folder = 'environment=prod/service=team%2Fshop/metric=latency/date=2026-03-01/part-';
  expect([archive?.key.startsWith(`archive/${folder}`), training?.key.startsWith(`points/${folder}`)]).toEqual([true, true]);
  expect(training?.text).toBe('1,2.5\n2.5,1e-9\n1e-9,4e+21\n');
  expect(archive?.text.split('\n').slice(1, 3)).toEqual(['timestamp,value', '2026-03-01T00:00:00.000Z,1']);
});

test('the same points give the same keys and texts, in whatever order labels are told', () => {
  const again = { ...gauge([1, 2]), series: { ...SERIES, labels: { host: 'a\nb', route: '/buy, "now"' } } };
  expect(filesOf(again, DATE, 2)).toEqual(filesOf(gauge([1, 2]), DATE, 2));
});

test('series that differ in unit, labels or kind have files of their own', () => {
  const { unit: _unit, ...plain } = SERIES;
  const others: ExportedSeries[] = [SERIES, plain, { ...SERIES, labels: {} }, { ...SERIES, kind: 'counter' }, { ...SERIES, unit: 's' }];
  const keys = others.map((series) => filesOf({ ...gauge([1]), series }, DATE, 1)[0]?.key);
  expect(new Set(keys).size).toBe(others.length);
});

test('a series too short for a row has no empty file to train on', () => {
  expect(filesOf(gauge([1, 2]), DATE, 8).map(({ key }) => key.split('/')[0])).toEqual(['archive']);
});

test('points come back as they were, whatever their numbers, names and labels are', () => {
  const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
  const text = fc.string({ unit: 'binary' });
  // Schemas drop a member of this name, and no label has it.
  const labels = fc.dictionary(
    text.filter((name) => name !== '__proto__'),
    text,
    { noNullPrototype: true },
  );
  fc.assert(
    fc.property(fc.array(number, { minLength: 1 }), labels, fc.string(), (values, told, metric) => {
      const day = { ...gauge(values), series: { ...SERIES, labels: told, metric } };
      const [file] = filesOf(day, DATE, 1000);
      expect(readArchived(file?.text ?? '', 'x')).toEqual(day);
    }),
    { numRuns: 40 },
  );
});

test('histograms come back too, in one file for each set of bounds', () => {
  const histogram = (le: readonly (number | null)[]) => ({ count: 7, le, counts: le.map((_, i) => i * 3) });
  const points = [
    [0.5, null],
    [0.5, 1, null],
    [0.5, null],
  ].map((le, i) => ({ at: FROM + i, value: i, histogram: histogram(le) }));
  const files = filesOf({ series: { ...SERIES, kind: 'histogram' }, points }, DATE, 8);
  const read = files.flatMap(({ text }) => readArchived(text, 'x').points);
  expect(files).toHaveLength(2);
  expect([...read].sort((a, b) => a.at - b.at)).toEqual(points);
});

test('the command detect reads such a file as any CSV', () => {
  const [file] = filesOf(gauge([1, 2]), DATE, 8);
  expect(seriesOfCsv(file?.text ?? '')).toEqual([{ name: 'value', points: gauge([1, 2]).points }]);
});

test.each([
  ['without a series', 'timestamp,value\n2026-03-01T00:00:00.000Z,1\n', 'line 1 does not name a series'],
  ['with a series of no kind', '# {"metric":"x"}\ntimestamp,value\n', 'line 1 does not name a series'],
  ['with other columns', `# ${JSON.stringify(SERIES)}\ntime,value\n`, 'line 2 must begin with timestamp,value'],
  ['with a cell that is no number', `# ${JSON.stringify(SERIES)}\ntimestamp,value\n2026-03-01T00:00:00.000Z,\n`, 'line 3 cannot be read'],
])('a text %s is refused, and the line is told', (_what, text, told) => {
  expect(() => readArchived(text, 'archive/a.csv')).toThrow(`archive/a.csv is no exported archive: ${told}`);
});

test('the manifest says how many columns a row has, and rows of another width do not come beside them', async () => {
  expect(JSON.parse(manifestText(8))).toMatchObject({ training: { contentType: 'text/csv;label_size=0', hyperparameters: { feature_dim: '8' } } });
  const kept = new Map<string, string>();
  const target = { name: 'there', put: async (key: string, text: string) => void kept.set(key, text), get: async (key: string) => kept.get(key) };
  await claimTarget(target, 8);
  await claimTarget(target, 8);
  await expect(claimTarget(target, 4)).rejects.toMatchObject({ code: 'conflict' });
  expect([...kept.keys()]).toEqual(['manifest.json']);
});

describe('the pages of a day', () => {
  const counts = { first: FROM, last: FROM };
  const numbered = (ids: readonly number[]) => ids.map((id) => ({ ...SERIES, id, counts }));
  const reader = (ids: readonly number[], each: number, most = Infinity) => ({
    series: async ({ after, limit }: { after: number; limit: number }) => numbered(ids.filter((id) => id > after)).slice(0, limit),
    read: async (asked: readonly number[]) => {
      if (asked.length * each > most) throw new NightshiftError('too_large', 'too many');
      return new Map(asked.map((id) => [id, Array.from({ length: each }, (_, i) => ({ at: FROM + i, value: id }))]));
    },
  });
  const ids = Array.from({ length: 450 }, (_, i) => i + 1);

  test('have each series once', async () => {
    const seen: (number | undefined)[] = [];
    let after: number | undefined = 0;
    while (after !== undefined) {
      const page = await dayPage(reader(ids, 1_000), DATE, after);
      seen.push(...page.series.map(({ points }) => points[0]?.value));
      after = page.next;
    }
    expect(seen).toEqual(ids);
  });

  test('end after some tens of thousands of points', async () => {
    expect((await dayPage(reader(ids, 20_000), DATE, 0)).series.length).toBe(10);
  });

  test('read series one by one where ten together are too many', async () => {
    expect((await dayPage(reader([1, 2, 3], 600, 1_000), DATE, 0)).series).toHaveLength(3);
  });

  test('leave out what has no point on that day', async () => {
    const before = { ...reader([1], 1), series: async () => [{ ...SERIES, id: 1, counts: { first: 0, last: FROM - 1 } }] };
    expect(await dayPage(before, DATE, 0)).toEqual({ series: [] });
  });
});
