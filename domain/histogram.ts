/** Observations by upper bound in seconds; unlike Prometheus buckets each count stands alone, so that histograms with different bounds can be added. */
export type BucketCounts = ReadonlyMap<number, number>;

/** Takes a cumulative histogram apart; a null bound is the infinite one. Counts that fall (a torn scrape) count as none. */
export function bucketCounts(le: readonly (number | null)[], counts: readonly number[]): Map<number, number> {
  const buckets = new Map<number, number>();
  let below = 0;
  le.forEach((bound, i) => {
    const upTo = counts[i] ?? below;
    const key = bound ?? Infinity;
    buckets.set(key, (buckets.get(key) ?? 0) + Math.max(0, upTo - below));
    below = Math.max(below, upTo);
  });
  return buckets;
}

/** Adds the counts of `more` into `sum`. */
export function addBuckets(sum: Map<number, number>, more: BucketCounts): void {
  for (const [bound, count] of more) sum.set(bound, (sum.get(bound) ?? 0) + count);
}

/**
 * Quantile (0 to 1) in milliseconds by linear interpolation inside the bucket that holds it; null without observations.
 * In the infinite bucket the largest finite bound is all that is known, so that one is returned.
 */
export function quantileMs(buckets: BucketCounts, quantile: number): number | null {
  const bounds = [...buckets.keys()].sort((a, b) => a - b);
  const total = bounds.reduce((sum, bound) => sum + (buckets.get(bound) ?? 0), 0);
  if (total === 0) return null;
  const rank = quantile * total;
  let seen = 0;
  let lower = 0;
  for (const bound of bounds) {
    const count = buckets.get(bound) ?? 0;
    if (count > 0 && seen + count >= rank) {
      return bound === Infinity ? lower * 1000 : (lower + (bound - lower) * Math.max(0, (rank - seen) / count)) * 1000;
    }
    seen += count;
    lower = bound === Infinity ? lower : bound;
  }
  return lower * 1000;
}
