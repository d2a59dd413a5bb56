import fc from 'fast-check';
import type { Build } from '../../domain/build';
import { scoreBuild } from '../../domain/build-score';
import { seededRandom } from '../../domain/seeded-random';

const MINUTE = 60_000;
const GIB = 2 ** 30;

function build(over: Partial<Build> = {}): Build {
  return {
    ...{ id: 'ci-new', source: 'ci', environment: 'prod', service: 'shop', name: 'ci / test', run: '1', result: 'succeeded', endedAt: '2026-03-01T09:00:00Z' },
    ...{ durationMs: 5 * MINUTE, tests: { total: 400, failed: 0 }, usage: { cpuMs: 9 * MINUTE, memoryBytes: 2 * GIB } },
    ...over,
  };
}

/** Builds that differ by a few percent, as builds do. */
function usual(count: number, over: Partial<Build> = {}): Build[] {
  const random = seededRandom(7);
  const about = (value: number): number => value * (0.95 + 0.1 * random());
  return Array.from({ length: count }, (_, i) =>
    build({ id: `ci-${String(i)}`, durationMs: about(5 * MINUTE), usage: { cpuMs: about(9 * MINUTE), memoryBytes: about(2 * GIB) }, ...over }),
  );
}

const BEFORE = usual(30);

test('a build like those before it is normal, and the reason says by what', () => {
  expect(scoreBuild(build(), BEFORE)).toEqual({
    verdict: 'normal',
    reason: 'duration, share of failed tests, number of tests, CPU time, memory as in the 30 builds before',
  });
});

test.each<[string, Partial<Build>, RegExp]>([
  ['takes twice as long', { durationMs: 10 * MINUTE }, /^duration 10 m, where (4|5) m.* is usual$/],
  ['is done in a fifth of the time', { durationMs: MINUTE }, /^duration 1 m, where/],
  ['fails a tenth of its tests', { result: 'failed', tests: { total: 400, failed: 40 } }, /^share of failed tests 10 %, where 0 % is usual$/],
  ['runs a third of its tests', { tests: { total: 130, failed: 0 } }, /^number of tests 130, where 400 is usual$/],
  ['takes three times the CPU', { usage: { cpuMs: 27 * MINUTE } }, /^CPU time 27 m, where/],
  ['takes twice the memory', { usage: { memoryBytes: 4 * GIB } }, /^memory 4 GiB, where (1\.9|2|2\.1) GiB is usual$/],
])('one that %s is anomalous, with the figures', (_what, over, reason) => {
  expect(scoreBuild(build(over), BEFORE)).toEqual({ verdict: 'anomalous', reason: expect.stringMatching(reason) as string });
});

test('of several odd measures the oddest comes first', () => {
  const { reason } = scoreBuild(build({ durationMs: 8 * MINUTE, usage: { memoryBytes: 16 * GIB } }), BEFORE);
  expect(reason).toMatch(/^memory 16 GiB.*; duration 8 m/);
});

test('one that failed early is not odd for being short', () => {
  expect(scoreBuild(build({ result: 'failed', durationMs: MINUTE, tests: { total: 20, failed: 0 } }), BEFORE).verdict).toBe('normal');
});

test('less memory is no trouble', () => {
  expect(scoreBuild(build({ usage: { memoryBytes: GIB / 4 } }), BEFORE).verdict).toBe('normal');
});

test.each<[string, Partial<Build>, readonly Build[], RegExp]>([
  ['too few before it', {}, usual(9), /^9 builds of it succeeded before, 10 /],
  ['only failures before it', {}, usual(40, { result: 'failed' }), /^0 builds of it succeeded/],
  ['a cancelled one', { result: 'cancelled' }, BEFORE, /^it was cancelled$/],
])('%s: unknown', (_what, over, before, reason) => {
  expect(scoreBuild(build(over), before)).toEqual({ verdict: 'unknown', reason: expect.stringMatching(reason) as string });
});

test('a pipeline that always takes the same time is not odd for a few seconds more', () => {
  const same = Array.from({ length: 20 }, (_, i) => build({ id: `ci-${String(i)}` }));
  expect(scoreBuild(build({ durationMs: 5 * MINUTE + 20_000 }), same).verdict).toBe('normal');
});

test('a measure that only one side tells is left out', () => {
  const told: Build = { ...build(), durationMs: 50 * MINUTE };
  const { durationMs: _left, ...silent } = build();
  expect(scoreBuild(silent, BEFORE).verdict).toBe('normal');
  expect(
    scoreBuild(
      told,
      BEFORE.map(({ durationMs: _out, ...rest }) => rest),
    ).verdict,
  ).toBe('normal');
});

test('whatever is told, also nothing and zero, there is a verdict', () => {
  const number = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 1e12 }));
  const any = fc.record({ durationMs: number, tests: fc.record({ total: number, failed: number }), usage: fc.record({ cpuMs: number, memoryBytes: number }) });
  fc.assert(
    fc.property(any, fc.array(any, { maxLength: 30 }), (one, before) => {
      const { verdict, reason } = scoreBuild(
        build(one),
        before.map((each) => build(each)),
      );
      expect(['normal', 'anomalous', 'unknown']).toContain(verdict);
      expect(reason).not.toMatch(/NaN|Infinity|undefined/);
    }),
  );
});
