/** Lower and upper end of a two-sided interval. */
export type Interval = readonly [number, number];

/** Two-sided 95 %: the normal quantile, and what each side leaves outside. */
const Z = 1.959963984540054;
const OUTSIDE = 0.025;
const HALVINGS = 60;

/** Wilson's score interval (J. Am. Stat. Assoc. 22, 1927) of a share, 95 %; all of 0 to 1 where nothing was tried. */
export function shareInterval(hits: number, tries: number): Interval {
  if (tries === 0) return [0, 1];
  const share = hits / tries;
  const spread = 1 + Z ** 2 / tries;
  const centre = (share + Z ** 2 / (2 * tries)) / spread;
  const half = (Z / spread) * Math.sqrt((share * (1 - share)) / tries + Z ** 2 / (4 * tries ** 2));
  return [hits === 0 ? 0 : Math.max(0, centre - half), hits === tries ? 1 : Math.min(1, centre + half)];
}

/** Exact interval of a Poisson rate (Garwood, Biometrika 28, 1936), 95 %: `count` events in so much exposure. */
export function rateInterval(count: number, exposure: number): Interval {
  const far = 2 * count + 20;
  const low = count === 0 ? 0 : whereFalls(far, (mean) => poissonUpTo(count - 1, mean) >= 1 - OUTSIDE);
  return [low / exposure, whereFalls(far, (mean) => poissonUpTo(count, mean) >= OUTSIDE) / exposure];
}

/** Distribution-free interval of the median, at least 95 %, by order statistics; undefined for fewer than six values, which cannot have one. */
export function medianInterval(values: readonly number[]): Interval | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const n = sorted.length;
  let below = 0;
  let chance = 0.5 ** n;
  let sum = chance;
  // Ranks `below` and n - 1 - below hold the median between them unless at most `below` of n fair coins fall on one side.
  for (; sum <= OUTSIDE; below += 1) {
    chance *= (n - below) / (below + 1);
    sum += chance;
  }
  const [low, high] = [sorted[below - 1], sorted[n - below]];
  return below === 0 || low === undefined || high === undefined ? undefined : [low, high];
}

/** Chance of `count` or fewer. */
function poissonUpTo(count: number, mean: number): number {
  let term = Math.exp(-mean);
  let sum = term;
  for (let k = 1; k <= count; k += 1) {
    term *= mean / k;
    sum += term;
  }
  return sum;
}

/** The mean up to which something holds that holds for small ones. */
function whereFalls(far: number, holds: (mean: number) => boolean): number {
  let [low, high] = [0, far];
  for (let i = 0; i < HALVINGS; i += 1) {
    const middle = (low + high) / 2;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return low;
}
