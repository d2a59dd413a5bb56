/**
 * What the practice service is like in health, from the recording `healthy-steady-1` (64 requests a second; the others were made on a busier machine): of its requests 85 % are pages, answered in about a
 * millisecond, and 15 % wait for the order book or the bank; none fails. The bounds are those of its own histogram (examples/bookshop/lib/metrics.mjs).
 */
export const SHOP = {
  requestsPerSecond: 64,
  /** Two lognormal parts: share of the requests, median in seconds, standard deviation of the logarithm. Fitted to the recorded shares at or below 5, 25 and 50 ms (0.837, 0.908, 0.998). */
  latency: [
    { share: 0.85, median: 0.0012, sigma: 0.6 },
    { share: 0.15, median: 0.0272, sigma: 0.286 },
  ],
  bounds: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, Infinity],
  /** Order handles in use at a scrape: mean 0.28 of 20. */
  handles: { mean: 0.28, limit: 20 },
  /** The search cache once every search was asked for. */
  cache: 0.0253,
} as const;

/** Steps of the logarithm of slowness that shares are computed for once. */
const STEP = 0.01;

/** Shares of requests by bucket, when all takes `slow` times as long. */
export class LatencyShape {
  private readonly known = new Map<number, readonly number[]>();

  shares(slow: number): readonly number[] {
    const key = Math.round(Math.log(slow) / STEP);
    const known = this.known.get(key);
    if (known) return known;
    const upTo = SHOP.bounds.map((bound) => below(bound / Math.exp(key * STEP)));
    const shares = upTo.map((share, i) => share - (upTo[i - 1] ?? 0));
    this.known.set(key, shares);
    return shares;
  }
}

function below(seconds: number): number {
  if (seconds === Infinity) return 1;
  return SHOP.latency.reduce((sum, { share, median, sigma }) => sum + share * normalBelow(Math.log(seconds / median) / sigma), 0);
}

/** Distribution of the standard normal, absolute error below 8e-8 (Abramowitz and Stegun 26.2.17). */
function normalBelow(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const series = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const tail = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * series;
  return z < 0 ? tail : 1 - tail;
}
