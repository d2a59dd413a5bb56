import { localScorer } from '../../../adapters/local/scorer';
import { PRESETS } from '../../../domain/anomaly/presets';
import { SeriesWatch } from '../../../domain/anomaly/watch';
import { series } from '../../domain/anomaly/made';

const begun = (): SeriesWatch => new SeriesWatch({ detector: PRESETS.default, kind: 'rate' });

test('each value is judged by the watch of its own series, in the order that was asked', async () => {
  const [a, b, alone] = [begun(), begun(), begun()];
  for (const [i, { at, value }] of series(3).entries()) {
    const other = { at, value: i % 7 };
    const judged = await localScorer().judge([
      { series: 'test/shop/a', watch: a, at, value },
      { series: 'test/shop/b', watch: b, ...other },
    ]);
    expect(judged[0]).toEqual(alone.push(at, value));
    expect(judged).toHaveLength(2);
  }
  expect(a.snapshot()).toEqual(alone.snapshot());
  expect(b.snapshot()).not.toEqual(alone.snapshot());
});
