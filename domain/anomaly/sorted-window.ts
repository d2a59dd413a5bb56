import type { ByteReader, ByteWriter } from './byte-io';
import { countFrom } from './byte-io';

/** Values that a window has room for at first; it doubles up to its length, so that a short series costs little. */
const FIRST_ROOM = 64;
/** With fewer values nothing is new, as nothing is known. */
const LEAST_KNOWN = 30;
/** A range of values counts as at least this share of the largest of them: on a flat line any change would be infinitely new. */
const LEAST_RANGE = 0.01;
/** Largest number that is kept; larger ones count as this one. */
const LARGEST = 1e38;

/** A number as windows keep it: about 7 digits, finite, and nothing finer than 1e-38. */
export function kept(value: number): number {
  // Adding 0 makes of -0 a plain 0.
  return Math.fround(Math.max(-LARGEST, Math.min(LARGEST, value))) + 0;
}

/** The last `length` values of a series, also in order of size, so that the nearest one and any quantile are found at once. Numbers must come through `kept`. */
export class SortedWindow {
  private ring = new Float32Array(FIRST_ROOM);
  private sorted = new Float32Array(FIRST_ROOM);
  private count = 0;
  /** Where the oldest value stands, once the window is full. */
  private head = 0;

  constructor(private readonly length: number) {}

  /** Number of values. */
  get size(): number {
    return this.count;
  }

  /** Memory of the values, bytes. */
  get bytes(): number {
    return this.ring.byteLength + this.sorted.byteLength;
  }

  /**
   * Takes a value in, forgets the oldest where the window is full, and says how new the value was, 0 to 1: its distance to the nearest value d, against the range r of all, as
   * d / (d + r). 1/2 is as far from all of them as they are from one another.
   */
  take(value: number): number {
    const place = this.place(value);
    const novelty = this.count < LEAST_KNOWN ? 0 : this.novelty(value, place);
    if (this.count < this.length) this.append(value, place);
    else this.replace(value, place);
    return novelty;
  }

  /** The value at a quantile, 0 to 1, the nearest rank; NaN without values. */
  quantile(quantile: number): number {
    return this.count === 0 ? NaN : (this.sorted[Math.min(this.count - 1, Math.floor(quantile * this.count))] as number);
  }

  /** Share of the values that are smaller, 0 to 1; NaN without values. */
  rank(value: number): number {
    return this.place(value) / this.count;
  }

  /** Forgets everything. */
  clear(): void {
    this.count = 0;
    this.head = 0;
  }

  write(out: ByteWriter): void {
    out.float64(this.count);
    // Oldest first: then a full window begins at its head again, whatever that was.
    const oldestFirst = new Float32Array(this.count);
    for (let i = 0; i < this.count; i += 1) oldestFirst[i] = this.ring[(this.head + i) % this.count] as number;
    out.floats(oldestFirst);
  }

  read(from: ByteReader): void {
    this.clear();
    const count = countFrom(from, this.length);
    while (this.ring.length < count) this.grow();
    from.floats(this.ring, count);
    this.count = count;
    this.sorted.set(this.ring.subarray(0, count));
    this.sorted.subarray(0, count).sort();
  }

  private novelty(value: number, place: number): number {
    const n = this.count;
    const sorted = this.sorted;
    const above = place < n ? (sorted[place] as number) - value : Infinity;
    const below = place > 0 ? value - (sorted[place - 1] as number) : Infinity;
    const distance = above < below ? above : below;
    if (distance === 0) return 0;
    const low = sorted[0] as number;
    const high = sorted[n - 1] as number;
    const range = Math.max(high - low, LEAST_RANGE * Math.max(high, -low));
    return distance / (distance + range);
  }

  private append(value: number, place: number): void {
    if (this.count === this.ring.length) this.grow();
    this.sorted.copyWithin(place + 1, place, this.count);
    this.sorted[place] = value;
    this.ring[this.count] = value;
    this.count += 1;
  }

  private replace(value: number, place: number): void {
    const oldest = this.ring[this.head] as number;
    this.ring[this.head] = value;
    this.head = this.head + 1 === this.length ? 0 : this.head + 1;
    const gone = this.place(oldest);
    if (place > gone) {
      this.sorted.copyWithin(gone, gone + 1, place);
      this.sorted[place - 1] = value;
    } else {
      this.sorted.copyWithin(place + 1, place, gone);
      this.sorted[place] = value;
    }
  }

  /** Index of the first value that is not smaller. */
  private place(value: number): number {
    const sorted = this.sorted;
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((sorted[middle] as number) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private grow(): void {
    const room = Math.min(this.length, this.ring.length * 2);
    const [ring, sorted] = [new Float32Array(room), new Float32Array(room)];
    ring.set(this.ring);
    sorted.set(this.sorted);
    this.ring = ring;
    this.sorted = sorted;
  }
}
