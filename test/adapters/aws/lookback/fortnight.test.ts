import { failuresOf } from '../../../../bench/lookback/benchmark';
import { measureLookback } from '../../../../bench/lookback/lookback';
import { throughAws } from '../../../../bench/lookback/through-aws';

test('a fortnight that is read from AWS page by page is understood as well as from memory, with no more calls than were estimated', async () => {
  const [aws, memory] = await Promise.all([measureLookback(7, throughAws), measureLookback(7)]);
  const told = ({ calls: _calls, estimatedCalls: _estimated, ...rest }: typeof aws.result) => rest;
  expect(failuresOf(aws.result)).toEqual([]);
  expect(told(aws.result)).toEqual(told(memory.result));
});
