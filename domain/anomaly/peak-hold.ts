import type { ByteReader, ByteWriter } from './byte-io';
import { countFrom } from './byte-io';

/**
 * Lets a strength through only where it beats all strengths of the last `rows` rows and of the last `ms` milliseconds: one sign per episode unless it grows. Keeps only strengths
 * that no later one reached, at most `rows + 1` of them: where more rows fall into the time, what comes last is held as strong as the last one kept.
 */
export class PeakHold {
  private readonly strengths: Float64Array;
  private readonly times: Float64Array;
  private readonly places: Float64Array;
  private first = 0;
  private count = 0;
  private row = 0;

  constructor(
    private readonly rows: number,
    private readonly ms: number,
  ) {
    this.strengths = new Float64Array(rows + 1);
    this.times = new Float64Array(rows + 1);
    this.places = new Float64Array(rows + 1);
  }

  /** Memory, bytes. */
  get bytes(): number {
    return 3 * this.strengths.byteLength;
  }

  /** The strength where it stands out, else 0. `at` is epoch milliseconds and rises. */
  pass(at: number, strength: number): number {
    this.forget(at);
    this.row += 1;
    if (!(strength > 0)) return 0;
    const stands = this.count === 0 || strength > (this.strengths[this.first] as number);
    while (this.count > 0 && (this.strengths[this.slot(this.count - 1)] as number) <= strength) this.count -= 1;
    if (this.count < this.strengths.length) {
      this.strengths[this.slot(this.count)] = strength;
      this.count += 1;
    }
    const last = this.slot(this.count - 1);
    this.times[last] = at;
    this.places[last] = this.row;
    return stands ? strength : 0;
  }

  /** Forgets everything. */
  clear(): void {
    this.first = 0;
    this.count = 0;
  }

  write(out: ByteWriter): void {
    out.float64(this.count);
    for (let i = 0; i < this.count; i += 1) {
      const slot = this.slot(i);
      out.float64(this.strengths[slot] as number);
      out.float64(this.times[slot] as number);
      // Rows are told by their age, so that nothing depends on how long the process has run.
      out.float64(this.row - (this.places[slot] as number));
    }
  }

  read(from: ByteReader): void {
    this.clear();
    this.row = 0;
    this.count = countFrom(from, this.strengths.length);
    for (let i = 0; i < this.count; i += 1) {
      this.strengths[i] = from.float64();
      this.times[i] = from.float64();
      this.places[i] = -from.float64();
    }
  }

  private forget(at: number): void {
    while (this.count > 0 && this.row - (this.places[this.first] as number) >= this.rows && at - (this.times[this.first] as number) > this.ms) {
      this.first = this.slot(1);
      this.count -= 1;
    }
  }

  private slot(index: number): number {
    const slot = this.first + index;
    return slot >= this.strengths.length ? slot - this.strengths.length : slot;
  }
}
