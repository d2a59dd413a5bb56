/** A local name, as this is called for every value. */
const { abs } = Math;

/** Deviations beyond so many usual ones are cut: in a normal distribution one value in ten million is as far out. */
const CUT = 5;
/** Mean absolute deviation of a normal distribution, as a share of its standard deviation. */
const MEAN_TO_SIGMA = 0.7979;
/** Share of a season, or so many values without one, that wild values must last to be believed: then they are a new level and no outlier. */
const BELIEVED_SHARE = 0.25;
const BELIEVED_VALUES = 6;
/** Memory of the usual deviation and of the level, in values: about a day of hours. */
const MEMORY = 24;

/**
 * Values with gaps filled and outliers cut to the edge of what is usual, from left to right: each only by what came before it, so that cleaning a longer series changes no earlier
 * value. What stays wild is a new level and is kept. `season` is the length that values are compared over, in steps; 1 compares with the value before.
 */
export function cleaned(values: Float64Array, season: number): Float64Array {
  const result = new Float64Array(values.length);
  const believed = Math.min(season > 1 ? Math.ceil(season * BELIEVED_SHARE) : BELIEVED_VALUES, MEMORY);
  let level = 0;
  let deviation = 0;
  let learned = 0;
  let wild = 0;
  const start = firstFinite(values);
  for (let i = 0; i < values.length; i += 1) {
    const expected = i >= season ? (result[i - season] ?? 0) + level : i > 0 ? (result[i - 1] ?? 0) : start;
    const value = values[i] ?? NaN;
    if (!Number.isFinite(value)) {
      result[i] = expected;
      continue;
    }
    const change = value - expected;
    const most = (CUT * deviation) / MEAN_TO_SIGMA;
    const known = i >= 2 * season && learned >= MEMORY && most > 0;
    const far = known && abs(change) > most;
    wild = far ? wild + 1 : 0;
    const cut = far && wild <= believed ? expected + Math.sign(change) * most : value;
    result[i] = cut;
    if (i < season) continue;
    learned += 1;
    const rate = Math.max(1 / MEMORY, 1 / learned);
    const used = far ? Math.sign(change) * most : change;
    level += used / MEMORY;
    deviation += (abs(used) - deviation) * rate;
  }
  return result;
}

function firstFinite(values: Float64Array): number {
  return values.find((value) => Number.isFinite(value)) ?? 0;
}
