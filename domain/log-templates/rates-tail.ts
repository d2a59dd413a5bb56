/** What a count is expected to be: negative binomial, which is Poisson's with a rate that itself varies. `variance` is at least `mean`, and `mean` above 0. */
export interface Expected {
  readonly mean: number;
  readonly variance: number;
}

/** Terms that are summed at most; far from the mean they vanish long before. */
const MOST_TERMS = 20_000;
const NEGLIGIBLE = 1e-12;
/** Above this size the negative binomial is Poisson's within what can be told. */
const LARGEST_SIZE = 1e9;

/** What the counts of equally long windows let expect of the next: their mean and variance, both with the doubt that few windows leave (a Gamma prior worth half a line). At least one count. */
export function expectedOf(counts: readonly number[]): Expected {
  const sum = counts.reduce((total, count) => total + count, 0);
  const mean = (sum + 0.5) / counts.length;
  const spread = counts.reduce((total, count) => total + (count - sum / counts.length) ** 2, 0) / Math.max(1, counts.length - 1);
  return { mean, variance: Math.max(mean * (1 + 1 / counts.length), spread) };
}

/** Chance of `count` or more; 1 when that is not above the mean. */
export function chanceOfMore(count: number, expected: Expected): number {
  if (count <= expected.mean) return 1;
  const { size, q } = shape(expected);
  let term = Math.exp(logChance(count, size, q));
  let sum = term;
  for (let k = count; k < count + MOST_TERMS && term > sum * NEGLIGIBLE; k += 1) {
    term *= ((k + size) / (k + 1)) * q;
    sum += term;
  }
  return Math.min(1, sum);
}

/** Chance of `count` or fewer; 1 when that is not below the mean. */
export function chanceOfFewer(count: number, expected: Expected): number {
  if (count >= expected.mean) return 1;
  const { size, q } = shape(expected);
  let term = Math.exp(logChance(count, size, q));
  let sum = term;
  for (let k = count; k > 0 && term > sum * NEGLIGIBLE; k -= 1) {
    term *= k / ((k - 1 + size) * q);
    sum += term;
  }
  return Math.min(1, sum);
}

/** The counts between which all but a share of `outside` lie, half of it on either side. */
export function expectedBand(expected: Expected, outside: number): { readonly low: number; readonly high: number } {
  const far = Math.ceil(expected.mean + 40 * Math.sqrt(expected.variance) + 10);
  const middle = Math.floor(expected.mean);
  const high = firstWhere(middle, far, (count) => chanceOfMore(count + 1, expected) <= outside / 2);
  const low = firstWhere(0, middle, (count) => chanceOfFewer(count, expected) > outside / 2);
  return { low, high };
}

function firstWhere(from: number, to: number, holds: (count: number) => boolean): number {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function shape({ mean, variance }: Expected): { readonly size: number; readonly q: number } {
  const size = Math.min(LARGEST_SIZE, mean ** 2 / Math.max(variance - mean, mean ** 2 / LARGEST_SIZE));
  return { size, q: mean / (mean + size) };
}

function logChance(count: number, size: number, q: number): number {
  return logGamma(count + size) - logGamma(size) - logGamma(count + 1) + size * Math.log1p(-q) + count * Math.log(q);
}

// Stirling's series, with small arguments moved up by the recurrence (NIST DLMF 5.11.1 and 5.5.1).
function logGamma(x: number): number {
  let [at, moved] = [x, 0];
  for (; at < 10; at += 1) moved += Math.log(at);
  const inverse = 1 / at;
  const series = inverse * (1 / 12 - inverse ** 2 * (1 / 360 - inverse ** 2 / 1260));
  return (at - 0.5) * Math.log(at) - at + Math.log(2 * Math.PI) / 2 + series - moved;
}
