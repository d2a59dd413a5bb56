import { benchCalibration } from '../../bench/confidence/calibration';
import { benchDecay, keepsOrSays } from '../../bench/confidence/decay';
import { poolRun } from '../../bench/confidence/pool';
import { fall, harmOnce, life } from '../../bench/confidence/runs';
import { CONFIDENCE_DEFAULTS } from '../../domain/confidence/settings';

// Few seeds each: `npm run bench -- confidence` has two hundred.
const SEEDS = Array.from({ length: 12 }, (_, i) => i + 1);
const lives = (success: number, healsAlone = 0.1) => SEEDS.map((seed) => life({ seed, success: () => success, healsAlone }, CONFIDENCE_DEFAULTS, 500));

test.each([0.93, 0.949])('a runbook that truly recovers %d is not granted autonomy, however often somebody looks', (success) => {
  expect(lives(success).filter(({ grantedAt }) => grantedAt !== undefined)).toEqual([]);
});

test('one that truly recovers 0.99 is granted it within 400 outcomes, and keeps it', () => {
  const runs = lives(0.99);
  expect(runs.filter(({ grantedAt }) => grantedAt !== undefined && grantedAt <= 400).length).toBeGreaterThanOrEqual(0.9 * runs.length);
  const [kept, after] = [runs.reduce((sum, run) => sum + run.kept, 0), runs.reduce((sum, run) => sum + run.after, 0)];
  expect(kept / after).toBeGreaterThanOrEqual(0.8);
});

test('a useless one on faults that heal alone is never granted it, where a plain Beta bound always would', () => {
  const runs = lives(0.99, 0.99);
  expect(runs.filter(({ grantedAt }) => grantedAt !== undefined)).toEqual([]);
  expect(runs.filter(({ peerAt }) => peerAt !== undefined)).toHaveLength(runs.length);
});

test('the first harm demotes', () => {
  expect(SEEDS.map((seed) => harmOnce(seed, CONFIDENCE_DEFAULTS)?.until)).toEqual(SEEDS.map(() => 1));
});

test('a fall to 0.5 demotes within ten outcomes, also after a long good time', () => {
  const losses = [0, 200].flatMap((held) => SEEDS.slice(0, 6).map((seed) => fall(seed, 0.5, held, CONFIDENCE_DEFAULTS)?.auto ?? Infinity));
  expect(Math.max(...losses)).toBeLessThanOrEqual(10);
});

test('calibrated diagnoses have an error of at most 0.05', () => {
  expect(Math.max(...Object.values(benchCalibration([1])).map(({ calibrated }) => calibrated))).toBeLessThanOrEqual(0.05);
});

test('decay keeps 300 outcomes, or the standing says that the gate is out of reach', () => {
  const results = benchDecay(CONFIDENCE_DEFAULTS);
  expect(results.every(keepsOrSays)).toBe(true);
  expect(results.some(({ says }) => says.includes('cannot be reached'))).toBe(true);
});

test('like services bring a good one there sooner, and do not hide a bad one', () => {
  expect(poolRun(1, 0.8, CONFIDENCE_DEFAULTS, 60).odd).toBeUndefined();
  expect(poolRun(1, 0.99, CONFIDENCE_DEFAULTS, 60).like).toBeLessThan(60);
});
