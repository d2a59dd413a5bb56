import { anomalyRecord, MOST_POINTS } from '../../../domain/detection/anomaly-record';
import { AnomalyWindow } from '../../../domain/detection/anomaly-window';
import { ANOMALY_AT, sampleAnomaly } from '../../fakes/sample-anomaly';

const filled = (count: number): AnomalyWindow => {
  const window = new AnomalyWindow();
  for (let i = 0; i < count; i += 1) window.push(ANOMALY_AT - (count - 1 - i) * 1000, i, { low: -1, expected: 0, high: 1 });
  return window;
};

test('keeps the newest values in order, in the same room', () => {
  const window = filled(3 * MOST_POINTS + 7);
  const points = window.points();
  expect([points.length, points[0]?.value, points.at(-1)]).toEqual([
    MOST_POINTS,
    2 * MOST_POINTS + 7,
    { at: ANOMALY_AT, value: 3 * MOST_POINTS + 6, low: -1, expected: 0, high: 1 },
  ]);
  expect([window.bytes, new AnomalyWindow().bytes]).toEqual([2880, 2880]);
});

test('has no value where one was missing, and no band while none was known', () => {
  const window = new AnomalyWindow();
  window.push(1, 5, undefined);
  window.push(2, null, { low: 1, expected: 2, high: 3 });
  expect(window.points()).toEqual([
    { at: 1, value: 5 },
    { at: 2, value: null, low: 1, expected: 2, high: 3 },
  ]);
});

test('gives a record what its picture needs', () => {
  const series = { environment: 'prod', service: 'bookshop', measure: 'errorShare' };
  expect(anomalyRecord(series, sampleAnomaly(), filled(500).points()).points).toHaveLength(MOST_POINTS);
});
