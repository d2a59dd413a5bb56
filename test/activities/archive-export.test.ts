import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createExporter, exportState, measureCopy, pointCopy } from '../../activities/archive-export';
import type { ExporterDeps } from '../../activities/archive-export';
import { objectFolder } from '../../adapters/local/object-folder';
import { NightshiftError } from '../../domain/errors';
import type { PointReader, Series } from '../../ports/archive';
import { eventually } from '../fakes/eventually';
import { MemoryMeasures } from '../fakes/memory-measures';

const DAY = 86_400_000;
const NOW = Date.parse('2026-03-04T12:00:00Z');
const COUNTS = { createdAt: 0, points: 1, late: 0, duplicates: 0, corrected: 0, ahead: 0, unitChanges: 0, first: 0, last: NOW, receivedAt: NOW, lagMs: 0 };

/** 250 series with a point an hour; `read` counts how often points were asked for. */
function reader(read: { times: number; failing?: boolean }): PointReader {
  const series = Array.from({ length: 250 }, (_, i): Series => {
    const names = { source: 's', environment: 'prod', service: 'shop', metric: `m${String(i)}` };
    return { id: i + 1, ...names, kind: 'gauge', labels: {}, counts: COUNTS };
  });
  return {
    series: async ({ after = 0, limit }) => series.filter(({ id }) => id > after).slice(0, limit),
    read: async (ids, from) => {
      read.times += 1;
      if (read.failing === true) throw new Error('gone');
      return new Map(ids.map((id) => [id, Array.from({ length: 24 }, (_, i) => ({ at: from + i * 3_600_000, value: id + i }))]));
    },
  };
}

describe('the export of the archive', () => {
  let folder: string;
  let saved: unknown;
  const state = { load: async () => saved, create: async () => true, save: async (_name: string, value: unknown) => void (saved = value) };
  const warned: string[] = [];
  const log = { info: () => undefined, warn: (fields: object) => void warned.push(JSON.stringify(fields)) };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'nightshift-export-'));
    saved = undefined;
    warned.length = 0;
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const deps = (over: Partial<ExporterDeps> = {}): ExporterDeps => ({
    ...{ copy: pointCopy(reader({ times: 0 })), objects: objectFolder(folder), state, clock: { now: () => NOW }, log },
    ...{ settings: { everyMs: DAY, keepMs: 3 * DAY, shingle: 4 }, pause: { pageMs: 0, failedMs: 1 } },
    ...over,
  });
  const done = (date: string) => (): boolean => JSON.stringify(saved) === JSON.stringify({ done: date });
  const files = (): Record<string, string> => {
    const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
    return Object.fromEntries(
      names.map((each) => [join(each.parentPath, each.name).slice(folder.length + 1), readFileSync(join(each.parentPath, each.name), 'utf8')]),
    );
  };

  test('writes every day that is over and kept whole, each series in a file of each form, and tells how to read them', async () => {
    const exporter = createExporter(deps());
    await eventually(done('2026-03-03'), 'the days are exported');
    await exporter.stop();
    const keys = Object.keys(files());
    const of = (form: string, date: string): number => keys.filter((key) => key.startsWith(form) && key.includes(`date=${date}`)).length;
    expect(['2026-03-01', '2026-03-02', '2026-03-03', '2026-03-04'].map((date) => [of('archive', date), of('points', date)])).toEqual([
      [0, 0],
      [250, 250],
      [250, 250],
      [0, 0],
    ]);
    expect(keys).toContain('manifest.json');
    const widths = Object.entries(files()).flatMap(([key, text]) =>
      key.startsWith('points')
        ? text
            .trim()
            .split('\n')
            .map((row) => row.split(',').length)
        : [],
    );
    expect(new Set(widths)).toEqual(new Set([4]));
  });

  test('goes on where it was when it was killed, and the same day again is the same files', async () => {
    const first = createExporter(deps());
    await eventually(done('2026-03-03'), 'the days are exported');
    await first.stop();
    const before = files();
    const read = { times: 0 };
    saved = { done: '2026-03-02', under: { date: '2026-03-03', after: 200 } };
    const second = createExporter(deps({ copy: pointCopy(reader(read)) }));
    await eventually(done('2026-03-03'), 'the day is exported');
    await second.stop();
    // Of 250 series the last fifty, ten at a time.
    expect(read.times).toBe(5);
    expect(files()).toEqual(before);
  });

  test('waits until what is late has come', async () => {
    saved = { done: '2026-03-02' };
    const read = { times: 0 };
    const exporter = createExporter(deps({ copy: pointCopy(reader(read)), clock: { now: () => Date.parse('2026-03-04T00:59:59Z') } }));
    await exporter.stop();
    expect([read.times, saved]).toEqual([0, { done: '2026-03-02' }]);
  });

  test('leaves days out that are forgotten meanwhile, and says so', async () => {
    saved = { done: '2026-01-01' };
    const exporter = createExporter(deps());
    await eventually(done('2026-03-03'), 'the days are exported');
    await exporter.stop();
    expect(Object.keys(files()).some((key) => key.includes('date=2026-01'))).toBe(false);
    expect(warned).toEqual([JSON.stringify({ from: '2026-01-02', before: '2026-03-02', to: folder })]);
  });

  test('tries again what failed, and says so', async () => {
    saved = { done: '2026-03-02' };
    const read: { times: number; failing?: boolean } = { times: 0, failing: true };
    const exporter = createExporter(deps({ copy: pointCopy(reader(read)) }));
    await eventually(() => read.times > 1, 'it is tried again');
    read.failing = false;
    await eventually(done('2026-03-03'), 'the day is exported');
    await exporter.stop();
    expect(warned[0]).toContain('gone');
  });

  test('writes nothing beside rows of another width', async () => {
    writeFileSync(join(folder, 'manifest.json'), '{}');
    const exporter = createExporter(deps());
    await eventually(() => warned.length > 0, 'it is told');
    await exporter.stop();
    expect(warned[0]).toContain('rows of another width than 4');
    expect(Object.keys(files())).toEqual(['manifest.json']);
  });

  test('keeps its progress by where it writes to, and by the width of rows', () => {
    const names = [exportState({ name: 's3://a/b' }, 8), exportState({ name: 's3://a/c' }, 8), exportState({ name: 's3://a/b' }, 4)];
    expect(names).toEqual(['archive-export:s3://a/b/8', 'archive-export:s3://a/c/8', 'archive-export:s3://a/b/4']);
  });

  test('passes over a series that has too many points, and one whose key is too long, and says so', async () => {
    saved = { done: '2026-03-02' };
    const all = reader({ times: 0 });
    const points: PointReader = {
      ...all,
      read: (ids, ...span) => (ids.includes(7) ? Promise.reject(new NightshiftError('too_large', 'too many points')) : all.read(ids, ...span)),
    };
    const folderObjects = objectFolder(folder);
    const objects: ExporterDeps['objects'] = {
      ...folderObjects,
      put: (key, ...rest) => (key.includes('metric=m8/') ? Promise.reject(new NightshiftError('too_large', 'too long')) : folderObjects.put(key, ...rest)),
    };
    const exporter = createExporter(deps({ copy: pointCopy(points), objects }));
    await eventually(done('2026-03-03'), 'the day is exported');
    await exporter.stop();
    expect(Object.keys(files()).filter((key) => key.startsWith('archive'))).toHaveLength(248);
    // A series has a file of each form.
    expect(warned.map((line) => (JSON.parse(line) as { metric: string }).metric)).toEqual(['m6', 'm8', 'm8']);
  });

  test('measures go on at the service where a kill left them, and are written the same as without one', async () => {
    const measures = new MemoryMeasures();
    const from = Date.parse('2026-03-03T00:00:00Z');
    const rows = Array.from({ length: 30 }, (_, i) => ({ at: from + i * 60_000, measures: [{ name: 'rate', kind: 'rate' as const, value: i }] }));
    const names = Array.from({ length: 25 }, (_, i) => `shop-${String(i).padStart(2, '0')}`);
    await measures.append(
      60_000,
      names.map((service) => ({ environment: 'prod', service, rows })),
    );
    const asked: (string | undefined)[] = [];
    const watched = Object.assign(Object.create(measures) as MemoryMeasures, {
      services: (...given: Parameters<MemoryMeasures['services']>) => {
        asked.push(given[2]?.service);
        if (asked.length === 3) throw new Error('killed');
        return measures.services(...given);
      },
    });
    const settings = { everyMs: DAY, keepMs: 2 * DAY, shingle: 4 };
    const exporter = createExporter(deps({ copy: measureCopy(watched), settings }));
    await eventually(done('2026-03-03'), 'the day is exported');
    await exporter.stop();
    expect(asked).toEqual([undefined, 'shop-09', 'shop-19', 'shop-19']);
    const texts = Object.entries(files()).filter(([key]) => key.startsWith('measures/'));
    expect([texts.length, new Set(texts.map(([, text]) => text)).size]).toEqual([25, 1]);
    expect(texts.map(([key]) => key)).toContain('measures/rows=1m/measure=rate/environment=prod/service=shop-07/date=2026-03-03/part-0.csv');
    expect(Object.keys(files())).toContain('measures.manifest.json');
  });
});
