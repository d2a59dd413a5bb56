import { epochOf } from '../../../domain/sources/instants';

const AT = Date.UTC(2026, 2, 1, 9);

test.each([
  ['milliseconds', AT],
  ['seconds', AT / 1000],
  ['milliseconds as text', String(AT)],
  ['seconds as text', ` ${String(AT / 1000)}.0 `],
  ['ISO 8601', '2026-03-01T09:00:00Z'],
  ['an offset', '2026-03-01T11:00:00.000+02:00'],
  ['an offset without a colon', '2026-03-01T04:30:00-0430'],
  ['no zone, which is UTC', '2026-03-01 09:00'],
  ['the word UTC', '2026-03-01 09:00:00 UTC'],
  ['nanoseconds', '2026-03-01T09:00:00.000000123Z'],
])('%s is read', (_what, value) => {
  expect(epochOf(value)).toBe(AT);
});

const NO_TIMES = [
  undefined,
  null,
  '',
  'yesterday',
  'March 1, 2026',
  '9'.repeat(19),
  '2026-13-01T00:00:00Z',
  '2026-03-01T09:00 in the morning',
  '0001-01-01T00:00:00Z',
];

test.each([...NO_TIMES, 0, -1, 1e308, [AT], {}].map((value) => ({ value })))('$value is no time', ({ value }) => {
  expect(epochOf(value)).toBeUndefined();
});
