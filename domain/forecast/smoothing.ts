/** A local name, as this is called for every value. */
const { abs } = Math;

/** Parameters of the smoothing: rates of level, trend and seasons (0 to 1), damping of the trend a step, and how much of the last error carries over to the next step. */
export interface Smoothing {
  readonly level: number;
  readonly trend: number;
  readonly damping: number;
  readonly season: number;
  readonly carry: number;
}

/** What is known after the last value: level, trend, last error, usual absolute error, and the shapes of a shorter and a longer season (a single zero where there is none). */
interface State {
  level: number;
  trend: number;
  error: number;
  usual: number;
  readonly short: Float64Array;
  readonly long: Float64Array;
}

const START: Smoothing = { level: 0.1, trend: 0.01, damping: 0.98, season: 0.1, carry: 0.3 };
/** What is tried for each parameter, on about logarithmic steps. */
const TRIED: { readonly [name in keyof Smoothing]: readonly number[] } = {
  level: [0.003, 0.01, 0.03, 0.1, 0.3, 0.7],
  carry: [0, 0.3, 0.6, 0.8, 0.9, 0.97],
  season: [0.02, 0.05, 0.1, 0.2, 0.4],
  trend: [0, 0.003, 0.01, 0.05, 0.15],
  damping: [0.9, 0.98, 0.995],
};
const ROUNDS = 2;
/** Errors count up to so many usual ones, and the usual error is remembered over so many values: what happens once does not become a season (Gelper et al., J. Forecasting 29, 2010). */
const CUT = 3;
const MEMORY = 100;
/** Of values of about 1: with none at all nothing would ever count. */
const LEAST_USUAL = 0.05;
/** Values that parameters are fitted on: a week of 5-minute points, or three of the longest season; more cost time and tell little of today. */
const MOST_FITTED = 2016;

/**
 * Fits exponential smoothing with a damped trend, up to two additive seasons, and an error that carries over (Taylor, J. Oper. Res. Soc. 54, 2003, 799-805, with Gardner and
 * McKenzie's damping), by the mean absolute error at the first, a middle and the last lead, searched one parameter after the other. Deterministic, bounded.
 */
export function fitSmoothing(values: Float64Array, seasons: readonly number[], leads: number): Smoothing {
  const recent = values.subarray(Math.max(0, values.length - Math.max(MOST_FITTED, 3 * (seasons.at(-1) ?? 1))));
  const marks = [...new Set([1, Math.ceil(leads / 4), leads])];
  const first = begin(recent, seasons);
  let best = START;
  let least = loss(recent, seasons, first, best, marks);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const name of Object.keys(TRIED) as (keyof Smoothing)[]) {
      if (name === 'season' && seasons.length === 0) continue;
      for (const value of TRIED[name]) {
        if (best[name] === value) continue;
        const tried = { ...best, [name]: value };
        const error = loss(recent, seasons, first, tried, marks);
        if (error < least) [best, least] = [tried, error];
      }
    }
  }
  return best;
}

/** Forecast for each step ahead. */
export function smooth(values: Float64Array, seasons: readonly number[], fitted: Smoothing, leads: number): Float64Array {
  const state = begin(values, seasons);
  const share = seasons.length > 1 ? fitted.season / 2 : seasons.length * fitted.season;
  for (let i = 0; i < values.length; i += 1) update(state, fitted, share, i, values[i] ?? 0);
  const result = new Float64Array(leads);
  let damped = 0;
  let damping = 1;
  let carried = state.error;
  for (let lead = 1; lead <= leads; lead += 1) {
    damping *= fitted.damping;
    damped += damping;
    carried *= fitted.carry;
    result[lead - 1] = state.level + damped * state.trend + carried + seasonAt(state, values.length - 1 + lead);
  }
  return result;
}

/** Mean absolute error at some leads, after the first two seasons, from which the start was taken. */
function loss(values: Float64Array, seasons: readonly number[], first: State, fitted: Smoothing, marks: readonly number[]): number {
  const state: State = { level: first.level, trend: 0, error: 0, usual: first.usual, short: first.short.slice(), long: first.long.slice() };
  const share = seasons.length > 1 ? fitted.season / 2 : seasons.length * fitted.season;
  const warm = Math.min(values.length >> 1, 2 * (seasons.at(-1) ?? 4));
  const damped = marks.map((mark) => (fitted.damping * (1 - fitted.damping ** mark)) / (1 - fitted.damping));
  const carry = marks.map((mark) => fitted.carry ** mark);
  let sum = 0;
  let count = 0;
  for (let i = 0; i < values.length; i += 1) {
    update(state, fitted, share, i, values[i] ?? 0);
    if (i < warm) continue;
    for (let k = 0; k < marks.length; k += 1) {
      const target = i + (marks[k] ?? 1);
      if (target >= values.length) continue;
      sum += abs((values[target] ?? 0) - state.level - (damped[k] ?? 0) * state.trend - (carry[k] ?? 0) * state.error - seasonAt(state, target));
      count += 1;
    }
  }
  return count === 0 ? Infinity : sum / count;
}

/** Takes in one value; `share` is the rate of each season. */
function update(state: State, fitted: Smoothing, share: number, index: number, value: number): void {
  const { short, long } = state;
  const level = state.level + fitted.damping * state.trend;
  const plain = level + seasonAt(state, index);
  const whole = value - plain - fitted.carry * state.error;
  const most = CUT * state.usual;
  const error = whole > most ? most : whole < -most ? -most : whole;
  state.usual += (abs(error) - state.usual) / MEMORY;
  const step = fitted.level * error;
  state.trend = fitted.damping * state.trend + fitted.trend * step;
  state.level = level + step;
  if (short.length > 1) short[index % short.length] = (short[index % short.length] ?? 0) + share * error;
  if (long.length > 1) long[index % long.length] = (long[index % long.length] ?? 0) + share * error;
  state.error = value - plain;
}

function seasonAt({ short, long }: State, index: number): number {
  return (short[index % short.length] ?? 0) + (long[index % long.length] ?? 0);
}

/** Start from the first two of the longest season: its mean as the level, means of each slot as the seasons, the shorter one first. */
function begin(values: Float64Array, seasons: readonly number[]): State {
  const longest = seasons.at(-1);
  const head = values.slice(0, longest === undefined ? 4 : 2 * longest);
  const level = head.reduce((sum, value) => sum + value, 0) / Math.max(1, head.length);
  for (let i = 0; i < head.length; i += 1) head[i] = (head[i] ?? 0) - level;
  const [short = new Float64Array(1), long = new Float64Array(1)] = seasons.map((length) => takeShape(head, length));
  const usual = head.reduce((sum, value) => sum + abs(value), 0) / Math.max(1, head.length);
  return { level, trend: 0, error: 0, usual: Math.max(usual, LEAST_USUAL), short, long };
}

/** Means of each slot of a season, taken out of the values. */
function takeShape(values: Float64Array, length: number): Float64Array {
  const shape = new Float64Array(length);
  for (let slot = 0; slot < length; slot += 1) {
    let sum = 0;
    let count = 0;
    for (let i = slot; i < values.length; i += length) {
      sum += values[i] ?? 0;
      count += 1;
    }
    shape[slot] = sum / Math.max(1, count);
  }
  for (let i = 0; i < values.length; i += 1) values[i] = (values[i] ?? 0) - (shape[i % length] ?? 0);
  return shape;
}
