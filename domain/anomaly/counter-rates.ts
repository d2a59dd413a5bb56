/**
 * Turns a counter into what it grows by per second, value by value. A counter that fell began again, as its process did: what it grew by until then nobody knows, so that this is a
 * missing value and no anomaly.
 */
export class CounterRates {
  private lastAt = NaN;
  private last = 0;

  /** The rate per second since the value before, for a value at a time (epoch milliseconds); null for the first one and one that fell, for what is missing, and for what is not later than the one before. */
  push(at: number, value: number | null): number | null {
    if (value === null || !Number.isFinite(value) || !Number.isFinite(at) || at <= this.lastAt) return null;
    const [seconds, grown] = [(at - this.lastAt) / 1000, value - this.last];
    this.lastAt = at;
    this.last = value;
    return Number.isNaN(seconds) || grown < 0 ? null : grown / seconds;
  }
}
