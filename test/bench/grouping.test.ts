import { groupOf, plantedAlerts } from '../../bench/storm/storm';
import { measureGrouping } from '../../bench/storm/grouping';

const planted = plantedAlerts(80, '2026-03-01T09:30:00Z').map(({ id }) => id);
const byGroup = [...new Set(planted.map(groupOf))].map((group) => ({ incidentId: group, ids: planted.filter((id) => groupOf(id) === group) }));

test('one incident for each of the 40 groups, with all of its alerts, is pure and complete', () => {
  expect(byGroup).toHaveLength(40);
  expect(measureGrouping(planted, byGroup, groupOf)).toEqual({ purity: 1, completeness: 1 });
});

test('two groups in one incident are not pure', () => {
  const [a, b, ...rest] = byGroup;
  const merged = { incidentId: 'merged', ids: [...(a?.ids ?? []), ...(b?.ids ?? [])] };
  expect(measureGrouping(planted, [merged, ...rest], groupOf)).toEqual({ purity: 78 / 80, completeness: 1 });
});

test('a group in two incidents, and an alert in none, are not complete', () => {
  const [a, b, ...rest] = byGroup;
  const split = (a?.ids ?? []).map((id) => ({ incidentId: id, ids: [id] }));
  const short = { incidentId: 'short', ids: b?.ids.slice(1) ?? [] };
  expect(measureGrouping(planted, [...split, short, ...rest], groupOf)).toEqual({ purity: 1, completeness: 78 / 80 });
});

test('an alert that is listed twice does not make a group complete', () => {
  const [a, ...rest] = byGroup;
  const twice = { incidentId: 'twice', ids: [a?.ids[0] ?? '', a?.ids[0] ?? ''] };
  expect(measureGrouping(planted, [twice, ...rest], groupOf).completeness).toBe(79 / 80);
});
