import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makePoints } from '../../bench/rcf/points';
import { meanCorrelation, ranksOf } from '../../bench/rcf/ranks';
import { benchRcf } from '../../bench/rcf/rcf';

test('equal values share the mean of their ranks', () => {
  expect([...ranksOf(Float64Array.of(5, 1, 5, 9, 5))]).toEqual([2, 0, 2, 4, 2]);
});

test('rank correlation is 1 for the same order, -1 for the reverse one, and null for no pairs', () => {
  const [up, alsoUp, down] = [
    [1, 2, 3, 4],
    [10, 20, 30, 400],
    [4, 3, 2, 1],
  ].map((values) => ranksOf(Float64Array.from(values)));
  expect(meanCorrelation([[up!, alsoUp!]])).toBeCloseTo(1);
  expect(meanCorrelation([[up!, down!]])).toBeCloseTo(-1);
  expect(meanCorrelation([])).toBeNull();
});

test('the points are the same for the same seed', () => {
  const points = makePoints(2000, 2, 3);
  expect(points).toEqual(makePoints(2000, 2, 3));
  expect(points.every(Number.isFinite)).toBe(true);
});

test('without Java our forest is measured all the same, and a line says what is missing', async () => {
  const lines: string[] = [];
  const env = { PATH: '/nowhere', XDG_CACHE_HOME: await mkdtemp(join(tmpdir(), 'rcf-')) };
  const result = await benchRcf({ env, tell: (line) => lines.push(line), sizes: { rounds: 1, warmUp: 100, measured: 100 } });
  expect(result).toMatchObject({
    javaPointsPerSecond: null,
    ratio: null,
    rankCorrelation: null,
    javaSelfCorrelation: null,
    note: expect.stringContaining('java is not installed') as string,
  });
  expect(result.pointsPerSecond).toBeGreaterThan(0);
  expect(lines[0]).toContain("AWS's forest cannot be run here");
});
