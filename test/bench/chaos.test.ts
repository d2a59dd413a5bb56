import { STAGES, VICTIMS, planOf } from '../../bench/chaos/plan';
import type { Plan } from '../../bench/chaos/plan';
import { reportOf } from '../../bench/chaos/report';
import type { RunResult } from '../../bench/chaos/run';

const plans = (from: number, count: number): Plan[] => Array.from({ length: count }, (_, i) => planOf(from + i));

test('a seed always gives the same plan, and seeds alternate between the faults', () => {
  expect(plans(1, 50)).toEqual(plans(1, 50));
  expect(plans(1, 4).map((plan) => plan.fault)).toEqual(['bad-release', 'memory-leak', 'bad-release', 'memory-leak']);
});

test.each([1, 7, 1000])('36 seeds from %d on visit every stage with both faults, once with the process and once with another victim', (from) => {
  const first = plans(from, 36).map(
    ({ fault, kills }) => `${fault} ${kills[0]?.stage ?? ''} ${['system', 'everything'].includes(kills[0]?.victim ?? '') ? 'process' : 'other'}`,
  );
  expect(new Set(first).size).toBe(2 * STAGES.length * 2);
});

test('over 200 seeds everything is killed, and some incidents are hit twice, the second time later', () => {
  const all = plans(1, 200);
  expect(new Set(all.flatMap((plan) => plan.kills.map((kill) => kill.victim)))).toEqual(new Set(VICTIMS));
  const twice = all.filter((plan) => plan.kills.length === 2);
  expect(twice.length).toBeGreaterThan(20);
  for (const { kills } of twice) expect(STAGES.indexOf(kills[1]?.stage ?? 'detecting')).toBeGreaterThan(STAGES.indexOf(kills[0]?.stage ?? 'watching'));
});

test('the report tells doubled effects from lost incidents', () => {
  const run = (seed: number, effects: number, why?: string): RunResult => {
    const killed = [{ stage: 'acting', victim: 'system' }] as const;
    return { seed, completed: why === undefined, effects, killed, seconds: 1, ...(why === undefined ? {} : { why }) };
  };
  const report = reportOf([run(5, 1), run(6, 3, 'twice too many'), run(7, 0, 'no incident was opened')], { from: 5, seconds: 30 });
  expect(report).toEqual({
    ...{ runs: 3, completed: 1, doubledEffects: 2, lostIncidents: 1, killedAt: { acting: 3 }, killed: { system: 3 }, from: 5, seconds: 30, secondsPerSeed: 10 },
    failures: [
      { seed: 6, why: 'twice too many' },
      { seed: 7, why: 'no incident was opened' },
    ],
  });
});
