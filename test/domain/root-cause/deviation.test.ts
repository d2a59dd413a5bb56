import { deviationsOf } from '../../../domain/root-cause/deviation';
import { ONSET, question, series } from './worked';

const times = question([], []);
const STEP = 60;

test('trouble begins with the first clear step, also where later ones are so much worse that they are the strongest stretch', () => {
  const { name, kind, values } = series('latency', 0.1, 2, 8);
  const ramp = values.map(({ at, value }) => ({ at, value: at >= ONSET + STEP && at < ONSET + 4 * STEP ? 0.12 : value }));
  expect(deviationsOf({ name, kind, values: ramp }, new Map(), times)?.(1)?.since).toBe(ONSET + STEP);
});

test('each direction is asked for by itself', () => {
  const look = deviationsOf(series('requests', 200, 0), new Map(), times);
  expect(look?.(1).logOdds).toBeLessThan(0);
  expect(look?.(-1)).toMatchObject({ since: ONSET, usual: expect.closeTo(200, -1) as unknown, now: 0 });
});

test('too few normal values tell nothing', () => {
  expect(deviationsOf(series('latency', 0.1, 1), new Map(), { ...times, normal: { from: 0, to: 5 * STEP } })).toBeNull();
});
