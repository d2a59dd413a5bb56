/** The mean of Spearman's rank correlations of some pairs of score lists, each as `ranksOf` gives them; null without pairs. */
export function meanCorrelation(pairs: readonly (readonly [Float64Array, Float64Array])[]): number | null {
  return pairs.length === 0 ? null : pairs.reduce((sum, [a, b]) => sum + correlation(a, b), 0) / pairs.length;
}

/** The rank of each value among all, from 0; equal values share the mean of theirs. */
export function ranksOf(values: Float64Array): Float64Array {
  const order = Array.from(values.keys()).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const ranks = new Float64Array(values.length);
  for (let from = 0, to = 0; from < order.length; from = to) {
    while (to < order.length && values[order[to] ?? 0] === values[order[from] ?? 0]) to += 1;
    for (let i = from; i < to; i += 1) ranks[order[i] ?? 0] = (from + to - 1) / 2;
  }
  return ranks;
}

function correlation(a: Float64Array, b: Float64Array): number {
  const middle = (a.length - 1) / 2;
  const product = (x: Float64Array, y: Float64Array): number => x.reduce((sum, value, i) => sum + (value - middle) * ((y[i] ?? 0) - middle), 0);
  return product(a, b) / Math.sqrt(product(a, a) * product(b, b));
}
