import type { ByteReader, ByteWriter } from './byte-io';

/** Share by which a value moves mean and variance: about the last 100 values count. */
const LEARNS = 0.01;
/** A value counts as at most so many standard deviations off when it is learnt, so that an outage does not become the usual. */
const CLIP = 3;
/** So many standard deviations are as far off as can be. */
const FULL = 6;
/** A standard deviation counts as at least this much, in logarithms: about 1 % of a value. */
const LEAST_SPREAD = 0.01;
/** Says nothing before so many values. */
const LEAST_KNOWN = 150;

/**
 * How many standard deviations a residual is off, of 6 and at most 1. Mean and variance are exponentially weighted and learn a value only as far as 3 standard deviations, so that the
 * same outage is as far off the second time, which no novelty is.
 */
export class SpreadExpert {
  private mean = 0;
  private variance = 0;
  private seen = 0;

  /** From 0 to 1, before the residual is learnt; then learns it. */
  judge(residual: number): number {
    if (this.seen === 0) this.mean = residual;
    const off = residual - this.mean;
    const spread = Math.max(Math.sqrt(this.variance), LEAST_SPREAD);
    const strength = this.seen < LEAST_KNOWN ? 0 : Math.min(1, Math.abs(off) / spread / FULL);
    const learnt = Math.max(-CLIP * spread, Math.min(CLIP * spread, off));
    this.mean += LEARNS * learnt;
    this.variance = (1 - LEARNS) * (this.variance + LEARNS * learnt * learnt);
    this.seen = Math.min(LEAST_KNOWN, this.seen + 1);
    return strength;
  }

  clear(): void {
    this.mean = 0;
    this.variance = 0;
    this.seen = 0;
  }

  write(out: ByteWriter): void {
    out.float64(this.mean);
    out.float64(this.variance);
    out.float64(this.seen);
  }

  read(from: ByteReader): void {
    this.mean = from.float64();
    this.variance = from.float64();
    this.seen = from.float64();
  }
}
