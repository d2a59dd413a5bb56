/** Chance of at most `most` successes in `n` tries of probability `p`. */
function binomialTail(n: number, most: number, p: number): number {
  let term = (1 - p) ** n;
  let sum = 0;
  for (let k = 0; k <= most; k += 1) {
    sum += term;
    term *= ((n - k) / (k + 1)) * (p / (1 - p));
  }
  return sum;
}

/**
 * The naive peer: success is believed to be above the gate as soon as the plain one-sided 95 % bound of its Beta distribution (uniform prior) is, with a look after each outcome. Tells after each
 * outcome what it believes.
 */
export function plainBeta(gate: number): (success: boolean) => boolean {
  let outcomes = 0;
  let failures = 0;
  return (success) => {
    outcomes += 1;
    if (!success) failures += 1;
    return binomialTail(outcomes + 1, failures, 1 - gate) <= 0.05;
  };
}
