import { quantileOf } from '../quantile';
import type { ByteReader, ByteWriter } from './byte-io';
import { countFrom } from './byte-io';
import { exactExp, exactLog } from './exact-math';

/** The scale of a series is taken from so many first values. */
export const FIRST_VALUES = 150;
/** The logarithm bends at this share of the scale: smaller values count in proportion, larger ones by their ratio. */
const BEND = 0.1;

/**
 * The scale of a series: the power of ten nearest to the median size of its first 150 values that are not 0, so rough that another stretch of the series nearly always has the same one. In
 * it values become logarithms that keep their sign and go through 0.
 */
export class SeriesScale {
  /** The scale in the unit of the series; 0 while it is not known. */
  size = 0;
  private first: number[] = [];

  /** Whether it is known. */
  get known(): boolean {
    return this.size > 0;
  }

  /** Takes one of the first values; true for the one with which the scale becomes known. */
  learn(value: number): boolean {
    this.first.push(Math.abs(value));
    if (this.first.length < FIRST_VALUES) return false;
    this.size = powerOfTen(
      quantileOf(
        this.first.filter((size) => size > 0),
        0.5,
      ) ?? 1,
    );
    this.first = [];
    return true;
  }

  /** 1 for a value beyond a factor above the scale, -1 below, 0 between, for 0, and while it is not known. */
  side(value: number, factor: number): -1 | 0 | 1 {
    const size = Math.abs(value);
    if (this.size === 0 || size === 0) return 0;
    return size > this.size * factor ? 1 : size < this.size / factor ? -1 : 0;
  }

  toLog(value: number): number {
    const place = exactLog(1 + Math.abs(value) / (BEND * this.size));
    return value < 0 ? -place : place;
  }

  fromLog(place: number): number {
    const value = BEND * this.size * (exactExp(Math.abs(place)) - 1);
    return place < 0 ? -value : value;
  }

  /** Forgets everything. */
  clear(): void {
    this.size = 0;
    this.first = [];
  }

  write(out: ByteWriter): void {
    out.float64(this.size);
    out.float64(this.first.length);
    for (const each of this.first) out.float64(each);
  }

  read(from: ByteReader): void {
    this.size = from.float64();
    const waiting = countFrom(from, FIRST_VALUES);
    this.first = Array.from({ length: waiting }, () => from.float64());
  }
}

/** The power of ten that is nearest by ratio, from 1e-30 to 1e38. */
function powerOfTen(size: number): number {
  const half = 3.1622776601683795;
  let power = 1;
  while (power < 1e38 && size > power * half) power *= 10;
  while (power > 1e-30 && size < power / half) power /= 10;
  return power;
}
