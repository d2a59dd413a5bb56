import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FAULTS, planOf, SCENARIOS } from '../../../bench/causes/scenarios';
import { packageRoot } from '../../../config/package-root';

const SEEDS = Array.from({ length: 40 }, (_, i) => i + 1);
const plans = SCENARIOS.flatMap((scenario) => SEEDS.map((seed) => planOf(scenario, seed)));

test('every fault of the practice service is played', () => {
  const text = readFileSync(join(packageRoot(), 'examples', 'bookshop', 'faults.mjs'), 'utf8');
  const practised = [...text.matchAll(/\{\s*name: '([a-z-]+)',\s*title:/g)].map(([, name]) => name);
  expect([...FAULTS].sort()).toEqual(practised.sort());
});

test('the same seed gives the same run, and others give others', () => {
  expect(planOf('bad-release', 3)).toEqual(planOf('bad-release', 3));
  expect(new Set(SEEDS.map((seed) => JSON.stringify({ ...planOf('bad-release', seed), seed: 0 }))).size).toBe(SEEDS.length);
});

test('what comes before the trouble comes after the customers, and ends before the trouble', () => {
  for (const { steps, at } of plans) {
    const times = steps.map((step) => step.at);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(Math.min(...times, at)).toBeGreaterThanOrEqual(5000);
    expect(Math.max(0, ...times)).toBeLessThan(at);
  }
});

test('every trouble has the same innocent changes before it, the last of them sixteen seconds', () => {
  const kinds = SCENARIOS.map((scenario) => {
    const steps = SEEDS.flatMap((seed) => planOf(scenario, seed).steps).filter(({ what }) => what !== 'crowd');
    return [...new Set(steps.map(({ what, release }) => `${what} ${release ?? ''}`))].sort();
  });
  for (const each of kinds) expect(each).toEqual(['deploy 1.4.0', 'deploy 1.4.1', 'flag ', 'restart ']);
  const changes = plans.flatMap(({ steps, at }) => steps.filter(({ what }) => what !== 'crowd').map((step) => at - step.at));
  expect(Math.min(...changes)).toBeGreaterThanOrEqual(16_000);
});

test('seeds differ in the guilty release, in what is innocent, and in its order', () => {
  const bad = SEEDS.map((seed) => planOf('bad-release', seed));
  expect(new Set(bad.map((plan) => plan.bad)).size).toBe(4);
  expect(new Set(bad.map(({ steps }) => steps.map(({ what }) => what).join())).size).toBeGreaterThan(6);
});

test('right is to go back to what ran before the guilty release, whatever was deployed before it', () => {
  const deployed = (seed: number) => planOf('bad-release', seed).steps.findLast(({ release }) => release !== undefined)?.release ?? '1.4.0';
  for (const seed of SEEDS) expect(planOf('bad-release', seed).truth.remedy).toEqual({ kind: 'back', to: [deployed(seed)] });
  expect(new Set(SEEDS.map(deployed))).toEqual(new Set(['1.4.0', '1.4.1']));
});
