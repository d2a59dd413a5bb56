import { normalOf } from '../../../domain/root-cause/step-sigmas';
import { rareStrength, strongestStretch } from '../../../domain/root-cause/stretch';

const errors = (share: number, requests: number) => ({ at: 0, value: share, requests });

test('one failure of few requests says less than the same share of many', () => {
  const normal = normalOf(
    'errors',
    Array.from({ length: 50 }, () => errors(0, 100)),
  );
  expect(normal.sigmasOf(errors(0.1, 10))).toBeLessThan(3);
  expect(normal.sigmasOf(errors(0.1, 1000))).toBeGreaterThan(10);
});

test('latency counts by its ratio', () => {
  const normal = normalOf(
    'latency',
    Array.from({ length: 50 }, (_each, i) => ({ at: i, value: 0.1 * (1 + 0.05 * Math.sin(i)), requests: null })),
  );
  const sigmas = (value: number): number => normal.sigmasOf({ at: 0, value, requests: null });
  expect(sigmas(0.2)).toBeCloseTo(-sigmas(0.05), 0);
});

test('the strongest stretch begins where the trouble does', () => {
  expect(strongestStretch([0, 0, -1, 4, 5, 4, 0])).toMatchObject({ first: 3, last: 5 });
});

test('a stretch that ended before the incident does not count', () => {
  expect(strongestStretch([9, 9, 0, 3], 3)?.last).toBe(3);
});

test('in a series that often spikes a spike is not rare', () => {
  const spiky = Array.from({ length: 200 }, (_each, i) => (i % 10 === 0 ? 8 : 0));
  expect(rareStrength(spiky, 10)).toBeGreaterThanOrEqual(8);
});

test('load counts by ratio: where it swings by half a fall to nothing is plain and a rise by as much as it swings is not', () => {
  const swinging = Array.from({ length: 60 }, (_each, i) => ({ at: i, value: Math.round(300 * (1 + 0.5 * Math.sin(i / 5))), requests: null }));
  const { usual, sigmasOf } = normalOf('requests', swinging);
  expect(usual).toBeGreaterThan(200);
  expect(sigmasOf({ at: 60, value: 0, requests: null })).toBeLessThan(-8);
  expect(sigmasOf({ at: 60, value: 450, requests: null })).toBeLessThan(2);
});
