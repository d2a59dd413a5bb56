import { seededRandom } from '../../domain/seeded-random';

/** Groups of points, as states that a system of several metrics goes through. */
const GROUPS = 6;
/** Points after which a state gives way to another, on average. */
const STAY = 400;
const OUTLIER_SHARE = 0.01;
/** Points after which the groups have moved by about one of their widths. */
const DRIFT = 20_000;

/**
 * Points of a system with a few states, row by row: each state is a correlated Gaussian group that drifts slowly, the system stays in one for a while, and about 1 in
 * 100 points is an outlier: one or two dimensions far off, by 4 to 12 widths of the group.
 */
export function makePoints(count: number, dimensions: number, seed: number): Float64Array {
  const random = seededRandom(seed);
  const gauss = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const numbers = (make: () => number): Float64Array => Float64Array.from({ length: dimensions }, make);
  const groups = Array.from({ length: GROUPS }, () => ({
    middle: numbers(() => 100 * random()),
    width: numbers(() => 1 + 6 * random()),
    shared: numbers(() => 2 * random() - 1),
    drift: numbers(gauss),
  }));
  const points = new Float64Array(count * dimensions);
  let state = 0;
  for (let i = 0; i < count; i += 1) {
    if (random() < 1 / STAY) state = Math.floor(random() * GROUPS);
    const group = groups[state];
    if (!group) continue;
    const common = gauss();
    const point = numbers(() => gauss());
    if (random() < OUTLIER_SHARE) {
      for (let hit = random() < 0.5 ? 1 : 2; hit > 0; hit -= 1) point[Math.floor(random() * dimensions)] = (random() < 0.5 ? -1 : 1) * (4 + 8 * random());
    }
    point.forEach((own, j) => {
      const [middle = 0, width = 0, shared = 0, drift = 0] = [group.middle[j], group.width[j], group.shared[j], group.drift[j]];
      points[i * dimensions + j] = Math.fround(middle + width * (own + shared * common + (drift * i) / DRIFT));
    });
  }
  return points;
}
