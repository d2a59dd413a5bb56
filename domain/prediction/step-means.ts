import type { TimedValue } from '../trend';

/** Means of a series over regular steps (`begin < at <= end`, milliseconds) of the newest time, at most so many, while values come in any order; 20 bytes a step. */
export class StepMeans {
  /** Each step has the place of its number modulo `most`; NaN where there is none. */
  private readonly numbers: Float64Array;
  private readonly sums: Float64Array;
  private readonly counts: Uint32Array;

  constructor(
    readonly stepMs: number,
    private readonly most: number,
  ) {
    this.numbers = new Float64Array(most).fill(NaN);
    this.sums = new Float64Array(most);
    this.counts = new Uint32Array(most);
  }

  /** Takes in a value at a time (epoch milliseconds); what is not finite is passed over. */
  add(at: number, value: number): void {
    if (!Number.isFinite(value)) return;
    const number = this.numberOf(at);
    const place = number % this.most;
    const there = this.numbers[place] ?? NaN;
    if (there > number) return;
    const same = there === number;
    this.numbers[place] = number;
    this.sums[place] = value + (same ? (this.sums[place] ?? 0) : 0);
    this.counts[place] = 1 + (same ? (this.counts[place] ?? 0) : 0);
  }

  /** Forgets the steps that end after a time, as they are read again. */
  cut(from: number): void {
    const first = this.numberOf(from + 1);
    for (const [place, number] of this.numbers.entries()) if (number >= first) this.numbers[place] = NaN;
  }

  /** The means of the steps that were over at a time, each at the begin of its step, oldest first. */
  points(now: number): readonly TimedValue[] {
    const found: TimedValue[] = [];
    for (const [place, number] of this.numbers.entries()) {
      if ((number + 1) * this.stepMs <= now) found.push({ at: number * this.stepMs, value: (this.sums[place] ?? 0) / (this.counts[place] ?? 1) });
    }
    return found.sort((a, b) => a.at - b.at);
  }

  private numberOf(at: number): number {
    return Math.ceil(at / this.stepMs) - 1;
  }
}
