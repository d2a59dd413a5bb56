import fc from 'fast-check';
import { ARCHIVE_DEFAULTS } from '../../domain/archive-settings';
import { bySeries, seriesIdentity } from '../../domain/series-batch';
import { placePoints } from '../../domain/series-place';
import type { StoredPoint } from '../../domain/series-place';
import type { MetricPoint } from '../../domain/telemetry';

const NOW = Date.parse('2026-03-01T12:00:00.000Z');
const MINUTE = 60_000;

function point(at: number, value: number, over: Partial<MetricPoint> = {}): MetricPoint {
  const labels = { route: '/', host: 'a' };
  return { source: 's', environment: 'prod', service: 'shop', metric: 'm', kind: 'gauge', at: new Date(at).toISOString(), value, labels, ...over };
}

test('labels in another order are the same series; any other difference is another', () => {
  const one = seriesIdentity(point(NOW, 1));
  expect(seriesIdentity(point(NOW, 2, { source: 'other', labels: { host: 'a', route: '/' } }))).toBe(one);
  const others: Partial<MetricPoint>[] = [
    ...[{ environment: 'staging' }, { service: 'pay' }, { metric: 'n' }, { kind: 'delta' as const }, { unit: 'ms' }],
    ...[{ labels: { route: '/' } }, { labels: { route: '/', host: 'b' } }, { labels: { 'route","/': '', host: 'a' } }],
  ];
  const identities = others.map((over) => seriesIdentity(point(NOW, 1, over)));
  expect(new Set([one, ...identities]).size).toBe(others.length + 1);
});

test('what is older than points are kept, and what is more than a day ahead, is set apart', () => {
  const { pointsMs } = ARCHIVE_DEFAULTS.keep;
  const times = [NOW - pointsMs - 1, NOW - pointsMs, NOW + 1_001, NOW + ARCHIVE_DEFAULTS.aheadMs, NOW + ARCHIVE_DEFAULTS.aheadMs + 1];
  const { groups, refused } = bySeries(
    times.map((at) => point(at, 1)),
    NOW,
    ARCHIVE_DEFAULTS,
  );
  expect(refused.map(({ reason }) => reason)).toEqual(['too-old', 'ahead']);
  expect(groups.map(({ points, told, ahead, newest }) => [points.size, told, ahead, newest])).toEqual([[3, 3, 2, NOW + ARCHIVE_DEFAULTS.aheadMs]]);
});

const place = (points: readonly MetricPoint[], stored: ReadonlyMap<number, Omit<StoredPoint, 'at'>>, last: number | null) => {
  const [group] = bySeries(points, NOW, ARCHIVE_DEFAULTS).groups;
  if (!group) throw new Error('no points');
  return placePoints(group, stored, { last, receivedAt: NOW, lateAfterMs: 5 * MINUTE });
};

test('late is what is older than the newest by more than the named time, and not what just begins', () => {
  const old = point(NOW - 6 * MINUTE, 1);
  expect(place([old], new Map(), NOW).late).toBe(1);
  expect(place([old], new Map(), NOW - MINUTE).late).toBe(0);
  expect(place([old], new Map(), null).late).toBe(0);
  // A newest point that is ahead of the clock does not make others late.
  expect(place([point(NOW - MINUTE, 1)], new Map(), NOW + 60 * MINUTE).late).toBe(0);
});

test('another histogram at the same time corrects, the same one does not', () => {
  const histogram = { count: 2, le: [1, null], counts: [1, 2] };
  const stored = new Map([[NOW, { value: 3, histogram: JSON.stringify(histogram) }]]);
  expect(place([point(NOW, 3, { histogram })], stored, NOW)).toMatchObject({ added: [], corrected: [], duplicates: 1 });
  expect(place([point(NOW, 3, { histogram: { ...histogram, counts: [2, 2] } })], stored, NOW).corrected).toHaveLength(1);
});

test('every point that came is counted as exactly one of added, corrected, duplicate and refused, whatever the order', () => {
  const some = fc.array(fc.tuple(fc.integer({ min: -400, max: 30 }), fc.integer({ min: 0, max: 2 })), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(some, some, (first, second) => {
      const stored = new Map(first.map(([hours, value]) => [NOW + hours * 60 * MINUTE, { value, histogram: null }]));
      const told = second.map(([hours, value]) => point(NOW + hours * 60 * MINUTE, value));
      const { groups, refused } = bySeries(told, NOW, ARCHIVE_DEFAULTS);
      const placed = groups.map((group) => placePoints(group, stored, { last: Math.max(...stored.keys()), receivedAt: NOW, lateAfterMs: MINUTE }));
      const counted = placed.reduce((sum, { added, corrected, duplicates }) => sum + added.length + corrected.length + duplicates, refused.length);
      expect(counted).toBe(told.length);
      for (const { added } of placed) expect(added.some(({ at }) => stored.has(at))).toBe(false);
    }),
  );
});
