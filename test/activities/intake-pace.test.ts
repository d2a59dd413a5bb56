import { Pace } from '../../activities/intake-pace';

const settings = { alerts: 4, pauseMs: 2_000 };

test('a few alerts of a workflow are delivered as they come', () => {
  const pace = new Pace(settings);
  for (const at of [0, 10, 20]) {
    pace.delivered('a', 1, at);
    expect(pace.resting('a', at + 1)).toBe(false);
  }
  expect(pace.pauses(21)).toEqual([]);
});

test('in a storm the next alerts gather for the pause, and only those of that workflow', () => {
  const pace = new Pace(settings);
  pace.delivered('a', 1, 0);
  pace.delivered('a', 12, 10);
  pace.delivered('b', 1, 10);
  expect([pace.resting('a', 2_009), pace.resting('a', 2_010), pace.resting('b', 11)]).toEqual([true, false, false]);
  expect(pace.pauses(11)).toEqual([2_010]);
});

test('after a quiet time a workflow starts anew', () => {
  const pace = new Pace(settings);
  pace.delivered('a', 50, 0);
  pace.forget(4_001);
  pace.delivered('a', 1, 4_001);
  expect(pace.resting('a', 4_002)).toBe(false);
});
