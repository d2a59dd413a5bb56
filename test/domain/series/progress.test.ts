import fc from 'fast-check';
import type { SeriesDefinition } from '../../../domain/series/definition';
import { observe } from '../../../domain/series/observe';
import type { Progress } from '../../../domain/series/progress';
import { advance, isDue, MOST_WINDOWS, nothingNew, planWindows, readProgress, watermark } from '../../../domain/series/progress';
import type { Bucket } from '../../../domain/series/windows';
import { windowSums } from '../../../domain/series/windows';

const S = 1000;
const HOUR = 3_600_000;
const definition: SeriesDefinition = {
  name: 'requests',
  from: { metric: 'requests_total', labels: {} },
  measure: 'count',
  windowMs: 60 * S,
  slideMs: 20 * S,
  latenessMs: 60 * S,
  settleMs: 0,
  by: [],
};
type Reading = { readonly at: number; readonly value: number };

/** What was measured first and again, as the archive has it: the last told value by time. */
interface World {
  progress: Progress;
  readonly archive: Map<number, number>;
  readonly written: Bucket[];
}
const begin = (now: number, each = definition): World => ({ progress: readProgress(each, undefined, now), archive: new Map(), written: [] });

/** Looks once, with all readings that have arrived. */
function look(world: World, readings: readonly Reading[], now: number, each = definition): void {
  const newest = readings.length === 0 ? undefined : Math.max(...readings.map(({ at }) => at));
  const plan = planWindows(each, world.progress, watermark(each, newest, now));
  if (!plan) return;
  const sums = windowSums(each, { ...plan, mostKeys: 10, known: world.progress.known });
  sums.add({ environment: 'prod', service: 'shop', kind: 'counter', labels: {}, observations: observe('counter', readings) });
  const { write, progress } = advance(each, world.progress, plan, sums.measure());
  for (const bucket of write) world.archive.set(bucket.end, bucket.value);
  world.written.push(...write);
  // As it is saved and read again.
  world.progress = readProgress(each, JSON.parse(JSON.stringify(progress)), now);
}

const T = 10 * HOUR;
const every5s = (from: number, to: number): Reading[] => {
  const readings: Reading[] = [];
  for (let at = from; at <= to; at += 5 * S) readings.push({ at, value: (at - T) / S });
  return readings;
};

describe('the progress of a series', () => {
  test('begins an hour back', () => {
    expect(readProgress(definition, undefined, T).madeTo).toBe(T - HOUR);
  });

  test('begins anew when the series is declared otherwise, and where what was saved is not readable', () => {
    const saved = { ...readProgress(definition, undefined, T), madeTo: 7 };
    expect(readProgress(definition, saved, T).madeTo).toBe(7);
    expect(readProgress({ ...definition, windowMs: 40 * S }, saved, T).madeTo).toBe(T - HOUR);
    expect(readProgress(definition, { ...saved, madeTo: 'yesterday' }, T).madeTo).toBe(T - HOUR);
  });

  test('is behind the newest event by the time that events need to settle', () => {
    expect(watermark({ ...definition, settleMs: 5 * S }, T - 10 * S, T)).toBe(T - 15 * S);
  });

  test('an event from the future moves nothing, and where events stop time goes on after the lateness', () => {
    expect(watermark(definition, T + HOUR, T)).toBe(T);
    expect(watermark(definition, T - HOUR, T)).toBe(T - 60 * S);
    expect(watermark(definition, undefined, T)).toBe(T - 60 * S);
  });

  test('a late event within the lateness makes its windows again, and is counted', () => {
    const world = begin(T);
    const readings = every5s(T - 120 * S, T);
    const late = { at: T - 32 * S, value: -20 };
    look(world, readings, T);
    const before = world.written.length;
    expect(world.progress.counts).toMatchObject({ remade: 0, late: 0 });
    look(world, [...readings, late], T + S);
    expect(world.written.slice(before).map(({ end }) => end)).toEqual([T - 20 * S, T]);
    expect(world.progress.counts).toMatchObject({ remade: 2, late: 2 });
    expect(world.progress.open.find(({ end }) => end === T)?.revision).toBe(2);
  });

  test('an event that comes when nobody waits for it any more changes nothing', () => {
    const world = begin(T);
    const readings = every5s(T - 300 * S, T);
    look(world, readings, T);
    const before = [...world.archive];
    look(world, [...readings, { at: T - 122 * S, value: 1 }], T + S);
    expect([...world.archive]).toEqual(before);
  });

  test('a window that had nothing is made when something late is in it', () => {
    const world = begin(T);
    const shop = [
      { at: T - 200 * S, value: 1 },
      { at: T, value: 1 },
    ];
    look(world, shop, T);
    expect(world.archive.has(T - 20 * S)).toBe(false);
    look(world, [...shop, { at: T - 30 * S, value: 1 }], T + S);
    expect(world.archive.get(T - 20 * S)).toBe(0);
  });

  test('nothing new means nothing written, and windows become final all the same', () => {
    const world = begin(T);
    look(world, every5s(T - 120 * S, T), T);
    const before = world.written.length;
    look(world, every5s(T - 120 * S, T), T);
    expect(world.written).toHaveLength(before);
    const plan = planWindows(definition, world.progress, T + 200 * S);
    expect(plan && nothingNew(world.progress, plan).open).toEqual([]);
  });

  test('what is far behind is caught up with in steps that are bounded', () => {
    const world = begin(T);
    const later = T + 20 * HOUR;
    const first = planWindows(definition, world.progress, later);
    expect(first && (first.lastEnd - first.firstEnd) / definition.slideMs + 1).toBe(MOST_WINDOWS);
    for (let turn = 0; turn < 20; turn += 1) look(world, every5s(later - 60 * S, later), later);
    expect(world.progress.madeTo).toBe(later);
  });

  test('is due when a window may be whole, or one that is open may have changed', () => {
    const { progress } = begin(T);
    const made = { ...progress, madeTo: T };
    expect(isDue(definition, made, T, T + 19 * S)).toBe(false);
    expect(isDue(definition, made, T, T + 20 * S)).toBe(true);
    expect(isDue(definition, made, T + 18 * S, T + 20 * S)).toBe(false);
    const open = { ...made, madeTo: T + HOUR, open: [{ end: T, points: 1, digest: '', revision: 1 }] };
    expect(isDue(definition, open, T, T + 20 * S)).toBe(true);
  });

  test('the last buckets are the same for any order of arrival within the lateness, over any restarts', () => {
    const arrivals = fc.array(fc.record({ second: fc.integer({ min: 0, max: 300 }), grows: fc.nat(50), delay: fc.integer({ min: 0, max: 59 }) }), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(arrivals, (list) => {
        const unique = [...new Map(list.map((each) => [each.second, each])).values()].sort((a, b) => a.second - b.second);
        let value = 0;
        const told = unique.map(({ second, grows, delay }) => ({ at: T + second * S, value: (value += grows), arrives: T + (second + delay) * S }));
        const end = T + 600 * S;
        const streaming = { ...begin(T), progress: { ...readProgress(definition, undefined, T), madeTo: T } };
        for (let now = T; now <= end; now += 7 * S) {
          look(
            streaming,
            told.filter(({ arrives }) => arrives <= now),
            now,
          );
        }
        const atOnce = { ...begin(T), progress: { ...readProgress(definition, undefined, T), madeTo: T } };
        look(atOnce, told, end);
        expect(streaming.archive).toEqual(atOnce.archive);
      }),
      { numRuns: 30 },
    );
  });
});
