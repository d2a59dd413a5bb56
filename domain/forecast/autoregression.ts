import { solve } from './solve';

/** A local name, as this is called for every value. */
const { abs } = Math;

/** Weights of the lags, and a constant last. */
export interface Autoregression {
  readonly lags: readonly number[];
  readonly weights: readonly number[];
}

/** Share of the mean square that is added to the diagonal: keeps weights of lags that say the same small. */
const RIDGE = 1e-3;
/** Passes of reweighting, which bring least squares near least absolute deviations. */
const PASSES = 3;
/** Rows a weight must at least have. */
const ROWS_A_WEIGHT = 6;
/** Forecasts stay within the range of history, wider by its length on either side: a recursion that runs away is no forecast. */
const MARGIN = 1;

/** Lags near one step, one and two of the shortest season, and one and two of the longest, as far as the history has rows for their weights. */
export function lagsOf(seasons: readonly number[], length: number): readonly number[] {
  const shortest = seasons[0] ?? 1;
  const near = [1, 2, 3];
  const around = seasons.flatMap((season) => [season - 1, season, season + 1]);
  const double = seasons.flatMap((season) => [2 * season]);
  const wanted = [...new Set([...near, ...around, ...double])].filter((lag) => lag >= 1).sort((a, b) => a - b);
  return wanted.filter((lag) => length - lag >= ROWS_A_WEIGHT * (wanted.length + 1) && (lag <= 2 * shortest || length >= 2 * lag));
}

/** Fits a ridge regression of each value on earlier ones at seasonal lags, reweighted towards least absolute deviations. Null where history is too short. */
export function fitAutoregression(values: Float64Array, seasons: readonly number[]): Autoregression | null {
  const lags = lagsOf(seasons, values.length);
  const longest = lags.at(-1);
  if (longest === undefined) return null;
  const rows = values.length - longest;
  const rowWeights = new Float64Array(rows).fill(1);
  let weights: readonly number[] | null = null;
  for (let pass = 0; pass < PASSES; pass += 1) {
    weights = regress(values, lags, rowWeights);
    if (!weights) return null;
    reweigh(values, lags, weights, rowWeights);
  }
  return weights && { lags, weights };
}

/** Forecast for each step ahead, each from the ones before it. */
export function autoregress(values: Float64Array, { lags, weights }: Autoregression, leads: number): Float64Array {
  const longest = lags.at(-1) ?? 1;
  const known = new Float64Array(longest + leads);
  known.set(values.subarray(values.length - longest));
  const low = values.reduce((a, b) => Math.min(a, b), Infinity);
  const high = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const room = MARGIN * (high - low);
  for (let lead = 0; lead < leads; lead += 1) {
    const value = predicted(known, longest + lead, lags, weights);
    known[longest + lead] = Math.min(high + room, Math.max(low - room, value));
  }
  return known.slice(longest);
}

function predicted(values: Float64Array, index: number, lags: readonly number[], weights: readonly number[]): number {
  let sum = weights[lags.length] ?? 0;
  for (let k = 0; k < lags.length; k += 1) sum += (weights[k] ?? 0) * (values[index - (lags[k] ?? 1)] ?? 0);
  return sum;
}

function regress(values: Float64Array, lags: readonly number[], rowWeights: Float64Array): readonly number[] | null {
  const size = lags.length + 1;
  const longest = lags.at(-1) ?? 1;
  const matrix = Array.from({ length: size }, () => new Float64Array(size + 1));
  const row = new Float64Array(size + 1);
  for (let r = 0; r < rowWeights.length; r += 1) {
    const index = longest + r;
    const weight = rowWeights[r] ?? 1;
    for (let k = 0; k < lags.length; k += 1) row[k] = values[index - (lags[k] ?? 1)] ?? 0;
    row[lags.length] = 1;
    row[size] = values[index] ?? 0;
    for (let i = 0; i < size; i += 1) {
      const target = matrix[i];
      const scaled = weight * (row[i] ?? 0);
      if (target) for (let j = i; j <= size; j += 1) target[j] = (target[j] ?? 0) + scaled * (row[j] ?? 0);
    }
  }
  matrix.forEach((target, i) => {
    for (let j = 0; j < i; j += 1) target[j] = matrix[j]?.[i] ?? 0;
    target[i] = (target[i] ?? 0) * (1 + RIDGE) + Number.MIN_VALUE;
  });
  return solve(matrix);
}

/** Each row by one over its error, no more than one over the usual error. */
function reweigh(values: Float64Array, lags: readonly number[], weights: readonly number[], rowWeights: Float64Array): void {
  const longest = lags.at(-1) ?? 1;
  let usual = 0;
  for (let r = 0; r < rowWeights.length; r += 1) {
    const error = abs((values[longest + r] ?? 0) - predicted(values, longest + r, lags, weights));
    rowWeights[r] = error;
    usual += error / rowWeights.length;
  }
  for (let r = 0; r < rowWeights.length; r += 1) rowWeights[r] = usual > 0 ? usual / Math.max(usual * 0.5, rowWeights[r] ?? 0) : 1;
}
