import type * as Recording from '../../examples/bookshop/record.mjs';

import { loadBookshop } from './support/bookshop';

let record: typeof Recording;
beforeAll(async () => {
  ({ record } = await loadBookshop());
});

/** A record of 250 ms buckets of 20 requests from time 0, with the failed ones given. */
function buckets(...failed: readonly number[]): Recording.Bucket[] {
  return failed.map((count, i) => ({ at: i * 250, requests: 20, failed: count, timedOut: 0, p95Ms: 10 }));
}
/** The same number several times. */
const times = (count: number, value: number): number[] => Array.from({ length: count }, () => value);

test('the rate is the failed share of the requests in buckets from `from` to before `to`', () => {
  expect(record.rate(buckets(0, 10, 20, 0), 250, 750)).toEqual({ share: 0.75, requests: 40, failed: 30, timedOut: 0 });
});

test('no requests give no share rather than a good one', () => {
  expect(record.rate([], 0, 1000).share).toBeNull();
});

test('the first failure is looked for from the bucket that holds `after`', () => {
  const seen = buckets(1, 0, 3, 0);
  expect(record.firstFailure(seen, 100)).toBe(0);
  expect(record.firstFailure(seen, 250)).toBe(500);
  expect(record.firstFailure(seen, 750)).toBeNull();
});

test('recovery begins with the first bucket of the first good stretch after failures began', () => {
  const seen = buckets(0, 0, ...times(8, 10), ...times(8, 0));
  expect(record.recoveredAt(seen, 0, { forMs: 2000 })).toBe(2500);
});

test('a lull that is shorter than asked for is no recovery', () => {
  const seen = buckets(...times(4, 10), ...times(6, 0), ...times(4, 10), ...times(9, 0));
  expect(record.recoveredAt(seen, 0, { forMs: 2000 })).toBe(3500);
});

test('a stretch that is not over yet is no recovery', () => {
  expect(record.recoveredAt(buckets(10, ...times(7, 0)), 0, { forMs: 2000 })).toBeNull();
});

test('silence is no recovery', () => {
  const quiet = times(12, 0).map((_, i) => ({ at: 250 + i * 250, requests: 0, failed: 0, timedOut: 0, p95Ms: null }));
  expect(record.recoveredAt([...buckets(10), ...quiet], 0, { forMs: 2000 })).toBeNull();
});

test('a few failures under the threshold do not hide a recovery', () => {
  expect(record.recoveredAt(buckets(10, 10, ...times(4, 0), 1, ...times(7, 0)), 0, { threshold: 0.02, forMs: 3000 })).toBe(500);
});

test('without a failure there is nothing to recover from', () => {
  expect(record.recoveredAt(buckets(...times(12, 0)), 0, { forMs: 1000 })).toBeNull();
});
