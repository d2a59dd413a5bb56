import { labelsOf } from '../../activities/choice-labels';
import type { AnomalyRecord } from '../../domain/detection/anomaly-record';
import type { AnomalyFeedback } from '../../ports/anomalies';

const told = (id: number, anomaly: string, series: string): AnomalyFeedback => ({
  id,
  anomaly,
  series,
  score: 0.5,
  what: 'useful',
  by: 'person:ana',
  at: 1000 + id,
});

test('what became of a series is read to the last page, at the time of its anomalies; of what is forgotten nothing', async () => {
  const all = Array.from({ length: 1203 }, (_, i) => told(i + 1, i === 1202 ? 'last' : `a${i}`, i % 600 === 2 ? 'prod/shop/rate' : 'prod/shop/up'));
  const feedback = { since: async (id: number, limit: number) => all.filter((each) => each.id > id).slice(0, limit) };
  const known = (id: string) => (id === 'a602' ? undefined : ({ anomaly: { at: id === 'last' ? 9 : 3 } } as AnomalyRecord));
  const labels = await labelsOf(feedback, { get: (id) => Promise.resolve(known(id)) }, 'prod/shop/rate');
  expect(labels).toEqual([3, 9].map((at) => ({ at, score: 0.5, what: 'useful' })));
});
