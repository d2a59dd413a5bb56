import { qualityChecker } from '../../activities/data-quality';
import { QUALITY_STATE, readReport } from '../../domain/quality/report';
import type { PointValue, Refusal, Series, SeriesCounts } from '../../ports/archive';
import { MemoryStore } from '../fakes/memory-store';

const S = 1000;
const NOW = Date.parse('2026-03-01T12:00:00Z');
const COUNTS: SeriesCounts = {
  ...{ createdAt: NOW - 86_400_000, points: 0, late: 0, duplicates: 0, corrected: 0, ahead: 0, unitChanges: 0, first: 0, last: NOW },
  ...{ receivedAt: NOW, lagMs: 0 },
};
const series = (id: number, more: Partial<Series> = {}): Series => ({
  ...{ id, source: 'otlp-metrics', environment: 'prod', service: 'shop', metric: 'm', kind: 'gauge', labels: { id: String(id) }, counts: COUNTS },
  ...more,
});
const every15s = (until: number): PointValue[] => Array.from({ length: 40 }, (_, i) => ({ at: until - (39 - i) * 15 * S, value: Math.sin(i) + 2 }));

/** An archive of these series; points by id. */
function setUp(all: readonly Series[], points: ReadonlyMap<number, readonly PointValue[]> = new Map(), refusals: readonly Refusal[] = []) {
  const store = new MemoryStore();
  const clock = { at: NOW, now: () => clock.at };
  const archive = {
    points: {
      series: async ({ after = 0, limit }: { after?: number; limit: number }) => all.filter(({ id }) => id > after).slice(0, limit),
      read: async (ids: readonly number[]) => new Map([...points].filter(([id]) => ids.includes(id))),
    },
    marks: { refusals: async () => refusals, totals: async () => ({ series: 0, templates: 0, edges: 0 }) },
  };
  const checker = qualityChecker({ archive, state: store.state, clock, log: { warn: () => undefined } });
  const report = async () => readReport(await store.state.load(QUALITY_STATE));
  return { checker, report, clock };
}

test('series are marked; those of ours and those that have ended are not looked at', async () => {
  const silent = every15s(NOW - 300 * S);
  const ended = { ...COUNTS, receivedAt: NOW - 2 * 3_600_000 };
  const { checker, report } = setUp(
    [series(1), series(2), series(3, { source: 'nightshift' }), series(4, { counts: ended })],
    new Map([
      [1, every15s(NOW)],
      [2, silent],
      [3, silent],
      [4, silent],
    ]),
  );
  expect(await checker.turn()).toBe(true);
  expect(await report()).toMatchObject({
    checkedAt: NOW,
    series: 3,
    marks: [{ rule: 'gap', series: { service: 'shop', metric: 'm', labels: { id: '2' } } }],
    more: 0,
  });
});

test('a large archive is looked at in parts, and told of when all was seen', async () => {
  const { checker, report } = setUp(Array.from({ length: 1500 }, (_, i) => series(i + 1)));
  expect(await checker.turn()).toBe(false);
  expect(await report()).toBeUndefined();
  expect(await checker.turn()).toBe(true);
  expect(await report()).toMatchObject({ series: 1500 });
});

test('a clock that is behind is told when it is seen twice, and since when', async () => {
  const { checker, report, clock } = setUp([series(1, { counts: { ...COUNTS, lagMs: 900 * S } })], new Map([[1, every15s(NOW - 900 * S)]]));
  await checker.turn();
  expect((await report())?.marks).toEqual([]);
  clock.at += 30 * S;
  await checker.turn();
  expect((await report())?.marks).toMatchObject([{ rule: 'clock-skew', severity: 'warning', since: NOW }]);
});

test('what the archive refused of late is marked for the service', async () => {
  const of = { environment: 'prod', service: 'shop', count: 7, firstAt: NOW - 60 * S };
  const { checker, report } = setUp([], undefined, [
    { ...of, reason: 'cardinality', lastAt: NOW },
    { ...of, reason: 'too-old', lastAt: NOW - 2 * 3_600_000 },
  ]);
  await checker.turn();
  expect((await report())?.marks).toMatchObject([{ rule: 'cardinality', detail: '7 points were refused: the service has more series than are kept.' }]);
});
