import type { Clock } from '../ports/clock';

const SECOND_MS = 1000;
/** Seconds that are looked back: one alone says little, and a storm should be noticed soon. */
const SECONDS = 3;

/** How many alerts a second come in at this process. */
export class ArrivalRate {
  private readonly counts = new Map<number, number>();

  constructor(private readonly clock: Clock) {}

  /** So many alerts have come in. */
  note(alerts: number): void {
    const second = this.second();
    this.counts.set(second, (this.counts.get(second) ?? 0) + alerts);
    for (const old of this.counts.keys()) if (old <= second - SECONDS) this.counts.delete(old);
  }

  /** Mean of the last three seconds. */
  perSecond(): number {
    const second = this.second();
    return [...this.counts].reduce((sum, [at, count]) => (at > second - SECONDS && at <= second ? sum + count : sum), 0) / SECONDS;
  }

  private second(): number {
    return Math.floor(this.clock.now() / SECOND_MS);
  }
}
