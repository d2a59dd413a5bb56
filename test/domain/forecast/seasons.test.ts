import { calendarSeasons, seasonsOf } from '../../../domain/forecast/seasons';
import { DAY, HOUR, normals } from './samples';

const wave = (count: number, value: (i: number, noise: number) => number, seed = 1): Float64Array => {
  const normal = normals(seed);
  return Float64Array.from({ length: count }, (_, i) => value(i, normal()));
};
const daily = (i: number): number => Math.sin((2 * Math.PI * i) / 24);

test.each([
  [{ unit: 'ms', size: HOUR }, [24, 168]],
  [{ unit: 'ms', size: HOUR / 12 }, [12, 288, 2016]],
  [{ unit: 'ms', size: DAY }, [7]],
  [{ unit: 'ms', size: 7 * DAY }, [52]],
  [{ unit: 'month', size: 1 }, [12]],
  [{ unit: 'month', size: 3 }, [4]],
] as const)('the calendar suggests for %j %j', (step, seasons) => {
  expect(calendarSeasons(step)).toEqual(seasons);
});

test('a daily season under as much noise is found, and no weekly one beside it', () => {
  expect(
    seasonsOf(
      wave(40 * 24, (i, noise) => daily(i) + 0.7 * noise),
      [24, 168],
    ),
  ).toEqual([24]);
});

test('a week that differs from the days is found beside the day', () => {
  expect(
    seasonsOf(
      wave(6 * 168, (i, noise) => daily(i) + (Math.floor(i / 24) % 7 > 4 ? -1 : 0) + 0.1 * noise),
      [24, 168],
    ),
  ).toEqual([24, 168]);
});

test.each([
  ['white noise', (_i: number, noise: number) => noise],
  ['a line', (i: number, noise: number) => i / 100 + 0.1 * noise],
  ['one spike', (i: number, noise: number) => (i === 300 ? 1000 : 0.1 * noise)],
])('%s has no season', (_name, value) => {
  expect(seasonsOf(wave(40 * 24, value), [24, 168])).toEqual([]);
});

test('a random walk has no season', () => {
  let level = 0;
  expect(
    seasonsOf(
      wave(40 * 24, (_i, noise) => (level += noise)),
      [24, 168],
    ),
  ).toEqual([]);
});

test('gaps hide no season', () => {
  expect(
    seasonsOf(
      wave(40 * 24, (i, noise) => (i % 5 === 0 || (i > 300 && i < 400) ? NaN : daily(i) + 0.3 * noise)),
      [24],
    ),
  ).toEqual([24]);
});

test('with less than two and a half of them nothing is called a season', () => {
  expect(seasonsOf(wave(59, daily), [24])).toEqual([]);
});
