import { localScorer } from '../../../adapters/local/scorer';
import { PRESETS } from '../../../domain/anomaly/presets';
import type { WatchSettings } from '../../../domain/anomaly/watch';
import { series } from '../../domain/anomaly/made';

const settings: WatchSettings = { detector: PRESETS.default, kind: 'rate' };

test('a series scored in batches that hand on their state has the scores of one batch', async () => {
  const points = series(3);
  const [whole] = await localScorer().score([{ series: 'a', settings, points }]);
  const [first] = await localScorer().score([{ series: 'a', settings, points: points.slice(0, 400) }]);
  const [second] = await localScorer().score([{ series: 'a', settings, points: points.slice(400), ...(first && { state: first.state }) }]);
  expect([...(first?.scores ?? []), ...(second?.scores ?? [])]).toEqual(whole?.scores);
  expect(second?.state).toEqual(whole?.state);
});

test('several series are answered in their order', async () => {
  const answers = await localScorer().score(['a', 'b'].map((name) => ({ series: name, settings, points: series(1) })));
  expect(answers.map((each) => [each.series, each.scores.length])).toEqual([
    ['a', 288],
    ['b', 288],
  ]);
});

test('a state of other settings is refused', async () => {
  const [scored] = await localScorer().score([{ series: 'a', settings, points: series(1) }]);
  const other = { ...settings, detector: PRESETS.nab };
  await expect(localScorer().score([{ series: 'a', settings: other, points: [], ...(scored && { state: scored.state }) }])).rejects.toMatchObject({
    code: 'invalid_input',
  });
});
