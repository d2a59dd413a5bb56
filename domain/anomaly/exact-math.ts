/**
 * Logarithm and exponential from additions, multiplications and divisions alone, which IEEE 754 defines to the last bit: `Math.log` and `Math.exp` may differ between versions of
 * the engine, and scores may not.
 */
const LN2 = 0.6931471805599453;
const SQRT2 = 1.4142135623730951;
const TOP = 2 ** 30;

/** Natural logarithm of a number of at least 1, within 1e-10; 0 below. */
export function exactLog(value: number): number {
  if (!(value > 1)) return 0;
  if (value === Infinity) return Infinity;
  let rest = value;
  let exponent = 0;
  for (; rest >= TOP; exponent += 30) rest /= TOP;
  const bits = 31 - Math.clz32(rest);
  rest /= 1 << bits;
  exponent += bits;
  if (rest > SQRT2) {
    rest /= 2;
    exponent += 1;
  }
  const s = (rest - 1) / (rest + 1);
  const q = s * s;
  return exponent * LN2 + 2 * s * (1 + q * (1 / 3 + q * (1 / 5 + q * (1 / 7 + q * (1 / 9 + q / 11)))));
}

/** e to the power of a number from 0 to 700, within 1e-12 of it; a number outside is moved to the nearest of these. */
export function exactExp(value: number): number {
  const x = Math.min(700, Math.max(0, value));
  let halvings = Math.round(x / LN2);
  const r = x - halvings * LN2;
  let sum = 1;
  for (let n = 12; n > 0; n -= 1) sum = 1 + (sum * r) / n;
  for (; halvings > 0; halvings -= 1) sum *= 2;
  return sum;
}

/** A share from 0 to 1 to the power of 0.75: two square roots, which are exact too. It raises what is small, so that several small signs add up. */
export function raised(share: number): number {
  const root = Math.sqrt(share);
  return root * Math.sqrt(root);
}
