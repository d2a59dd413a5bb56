import { ArrivalRate } from '../../activities/arrival-rate';

test('the mean of the last three seconds counts, and what came before is forgotten', () => {
  let now = 10_000;
  const rate = new ArrivalRate({ now: () => now });
  rate.note(300);
  now = 11_500;
  rate.note(600);
  expect(rate.perSecond()).toBe(300);
  now = 13_000;
  expect(rate.perSecond()).toBe(200);
  now = 20_000;
  expect(rate.perSecond()).toBe(0);
});
