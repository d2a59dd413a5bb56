import type { TimedValue } from '../trend';

/** Means of a series over regular steps (`begin < at <= end`, milliseconds), as many as are kept, while values come in any order. */
export class StepMeans {
  private readonly steps = new Map<number, { sum: number; count: number }>();

  constructor(
    readonly stepMs: number,
    private readonly most: number,
  ) {}

  /** Takes in a value at a time (epoch milliseconds); what is not finite is passed over. */
  add(at: number, value: number): void {
    if (!Number.isFinite(value)) return;
    const number = this.numberOf(at);
    const step = this.steps.get(number);
    if (!step) this.steps.set(number, { sum: value, count: 1 });
    else {
      step.sum += value;
      step.count += 1;
    }
  }

  /** Forgets the steps that end after a time, as they are read again. */
  cut(from: number): void {
    for (const number of [...this.steps.keys()]) if (number >= this.numberOf(from + 1)) this.steps.delete(number);
  }

  /** The means of the steps that were over at a time, each at the begin of its step, oldest first. Those beyond what is kept are forgotten. */
  points(now: number): readonly TimedValue[] {
    const numbers = [...this.steps.keys()].sort((a, b) => a - b);
    for (const number of numbers.splice(0, Math.max(0, numbers.length - this.most))) this.steps.delete(number);
    const over = numbers.filter((number) => (number + 1) * this.stepMs <= now);
    return over.map((number) => {
      const { sum, count } = this.steps.get(number) ?? { sum: NaN, count: 1 };
      return { at: number * this.stepMs, value: sum / count };
    });
  }

  private numberOf(at: number): number {
    return Math.ceil(at / this.stepMs) - 1;
  }
}
