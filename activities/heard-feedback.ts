import type { AnomalyFeedback } from '../ports/anomalies';

/** How far somebody has taken in what became of anomalies. */
export class HeardFeedback {
  constructor(private to: number) {}

  /** Id of the last that was taken in. */
  get last(): number {
    return this.to;
  }

  /** Hands on what is new of what was told, in order. */
  take(told: readonly AnomalyFeedback[], hear: (each: AnomalyFeedback) => void): void {
    for (const each of told) {
      if (each.id <= this.to) continue;
      this.to = each.id;
      hear(each);
    }
  }
}
