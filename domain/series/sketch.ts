/** Relative error of a quantile, unless another is asked for. */
export const RELATIVE_ERROR = 0.01;
/** Most bins on each side of zero. At 1 % they span a factor of about 6 · 10^17, so that only values that small beside the largest share a bin. */
const MOST_BINS = 2048;
/** Values this near to zero count as zero: nothing that is measured is finer. */
const LEAST_VALUE = 1e-12;

interface Bins {
  readonly counts: Map<number, number>;
  highest: number;
}

/**
 * Sketch of a distribution that answers quantiles within a relative error, whatever the values, and that can be merged: DDSketch (Masson, Rim, Lee, VLDB 2019,
 * https://www.vldb.org/pvldb/vol12/p2195-masson.pdf). Memory is bounded: when values span too many bins the lowest ones share one, which costs accuracy only there.
 * What it holds depends only on the values, never on their order or on how they were merged.
 */
export class Sketch {
  private readonly gamma: number;
  private readonly logGamma: number;
  private readonly positive: Bins = { counts: new Map(), highest: -Infinity };
  private readonly negative: Bins = { counts: new Map(), highest: -Infinity };
  private zero = 0;

  constructor(readonly relativeError: number = RELATIVE_ERROR) {
    this.gamma = (1 + relativeError) / (1 - relativeError);
    this.logGamma = Math.log(this.gamma);
  }

  /** Number of values, or the sum of their weights. */
  get count(): number {
    return this.zero + total(this.positive) + total(this.negative);
  }

  /** Bins in use. */
  get bins(): number {
    return this.positive.counts.size + this.negative.counts.size + (this.zero > 0 ? 1 : 0);
  }

  /** Adds a value so many times; a weight may be a fraction. What is no finite number, or has no weight, is left out. */
  add(value: number, weight = 1): void {
    if (!Number.isFinite(value) || !(weight > 0)) return;
    if (Math.abs(value) < LEAST_VALUE) this.zero += weight;
    else put(value > 0 ? this.positive : this.negative, Math.ceil(Math.log(Math.abs(value)) / this.logGamma), weight);
  }

  /** Adds what another one holds. Throws RangeError where its error is another one, as their bins do not fit. */
  merge(other: Sketch): void {
    if (other.relativeError !== this.relativeError) throw new RangeError('Sketches of different relative errors cannot be merged.');
    this.zero += other.zero;
    for (const [index, weight] of other.positive.counts) put(this.positive, index, weight);
    for (const [index, weight] of other.negative.counts) put(this.negative, index, weight);
  }

  /** Value at a quantile (0 to 1), at most the relative error away from the value at that rank; null without values. */
  quantile(quantile: number): number | null {
    const count = this.count;
    if (count === 0) return null;
    const rank = quantile * Math.max(0, count - 1);
    let seen = 0;
    for (const [value, weight] of this.ascending()) {
      seen += weight;
      if (seen > rank) return value;
    }
    return this.ascending().at(-1)?.[0] ?? null;
  }

  private ascending(): (readonly [value: number, weight: number])[] {
    const middle = (index: number): number => (2 * this.gamma ** index) / (this.gamma + 1);
    const below = sorted(this.negative).map(([index, weight]) => [-middle(index), weight] as const);
    return [
      ...below.reverse(),
      ...(this.zero > 0 ? [[0, this.zero] as const] : []),
      ...sorted(this.positive).map(([i, weight]) => [middle(i), weight] as const),
    ];
  }
}

/** Bounded by the distance to the highest bin, not by their number: so the order of the values makes no difference. */
function put(bins: Bins, index: number, weight: number): void {
  if (index > bins.highest) {
    bins.highest = index;
    const lowest = index - MOST_BINS + 1;
    for (const [low, count] of bins.counts) {
      if (low >= lowest) continue;
      bins.counts.delete(low);
      bins.counts.set(lowest, (bins.counts.get(lowest) ?? 0) + count);
    }
  }
  const at = Math.max(index, bins.highest - MOST_BINS + 1);
  bins.counts.set(at, (bins.counts.get(at) ?? 0) + weight);
}

function sorted(bins: Bins): [number, number][] {
  return [...bins.counts].sort(([a], [b]) => a - b);
}

function total(bins: Bins): number {
  let sum = 0;
  for (const weight of bins.counts.values()) sum += weight;
  return sum;
}
