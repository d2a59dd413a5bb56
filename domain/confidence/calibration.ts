const BINS = 15;
/** Outcomes that a bin is given of the overall share before it has its own. */
const PRIOR = 4;
/** Outcomes after which an earlier one counts 1/e: a diagnosis that changes is followed. */
const MEMORY = 1000;
const FEWEST = 30;
/** Weight of what was never seen, so small that it moves nothing. */
const NOTHING = 1e-9;

/**
 * Turns a diagnosis' own score into the probability that its runbook leads to verified recovery, from earlier outcomes alone: histogram binning with a Beta prior towards the overall share,
 * made monotone by pooling adjacent violators (Zadrozny and Elkan 2002; Ayer et al. 1955).
 */
export class DiagnosisCalibration {
  private readonly seen = new Float64Array(BINS);
  private readonly recovered = new Float64Array(BINS);

  /** Takes an outcome in. */
  add(score: number, recovered: boolean): void {
    const keep = 1 - 1 / MEMORY;
    for (let i = 0; i < BINS; i += 1) {
      this.seen[i] = (this.seen[i] ?? 0) * keep;
      this.recovered[i] = (this.recovered[i] ?? 0) * keep;
    }
    const bin = binOf(score);
    this.seen[bin] = (this.seen[bin] ?? 0) + 1;
    if (recovered) this.recovered[bin] = (this.recovered[bin] ?? 0) + 1;
  }

  /** Whether there are outcomes enough (30) for a probability to be used. */
  get known(): boolean {
    return sum(this.seen) >= FEWEST;
  }

  /** Probability of recovery at a score, 0 to 1; never lower for a higher score. */
  probability(score: number): number {
    const overall = (sum(this.recovered) + 1) / (sum(this.seen) + 2);
    // A bin without outcomes says nothing, and must not pull its neighbours towards the overall share.
    const priors = Array.from(this.seen, (n) => PRIOR * Math.max(Math.min(n, 1), NOTHING));
    const weights = Array.from(this.seen, (n, i) => n + (priors[i] ?? 0));
    const shares = Array.from(this.recovered, (r, i) => (r + (priors[i] ?? 0) * overall) / (weights[i] ?? 1));
    return monotone(shares, weights)[binOf(score)] ?? overall;
  }
}

function binOf(score: number): number {
  return Math.min(BINS - 1, Math.max(0, Math.floor((Number.isFinite(score) ? score : 0) * BINS)));
}

function sum(values: Float64Array): number {
  return values.reduce((a, b) => a + b, 0);
}

/** The nearest values that never fall, by weighted squares. */
function monotone(values: readonly number[], weights: readonly number[]): number[] {
  const blocks: { value: number; weight: number; length: number }[] = [];
  values.forEach((value, i) => {
    let block = { value, weight: weights[i] ?? 1, length: 1 };
    for (let before = blocks.at(-1); before && before.value > block.value; before = blocks.at(-1)) {
      const weight = before.weight + block.weight;
      block = { value: (before.value * before.weight + block.value * block.weight) / weight, weight, length: before.length + block.length };
      blocks.pop();
    }
    blocks.push(block);
  });
  return blocks.flatMap(({ value, length }) => Array.from({ length }, () => value));
}
