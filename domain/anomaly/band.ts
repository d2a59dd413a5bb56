import { quantileOf } from '../quantile';
import type { ByteReader, ByteWriter } from './byte-io';
import { countFrom } from './byte-io';
import type { MeasureKind } from './kinds';
import { FIRST_VALUES, SeriesScale } from './scale';
import { SeasonBins } from './season-bins';

/** What is usual at a time: the expected value, and the band that nearly all values lie in, in the unit of the series. */
export interface Band {
  readonly low: number;
  readonly expected: number;
  readonly high: number;
}

/** Share by which one visit moves the place of the season. */
const LEARNS = 0.3;
/** The band reaches from the middle so many times as far as the outer quantiles: in a normal distribution 3.3 standard deviations, and trouble in a tenth of the time does not widen it. */
const OUTER = 0.1;
const TIMES = 2.6;
/** Width of the band at the least, as a share of the value, or of the scale where that is larger. */
const LEAST_WIDTH = 0.05;
/** A quantile moves by this share (at first by more) of the width, and of how far the value is from it. */
const STEP = 0.005;
const STEP_FAR = 0.002;
/** A place that was never seen counts as the mean of all, learnt by this share. */
const LEARNS_MEAN = 0.01;

/**
 * The band in which a series is expected: per place of the season what its visits taught, and around it quantiles that follow the values in small steps (stochastic approximation of Robbins
 * and Monro, 1951). A visit counts when it is over, and one that was trouble only when the next one is too. Shares are judged as they are, all else by ratio.
 */
export class ExpectedBand {
  private readonly places: SeasonBins;
  private readonly bins: Float32Array;
  private readonly scale = new SeriesScale();
  private readonly byRatio: boolean;
  /** Quantiles 0.1, 0.5 and 0.9 of what values are off. */
  private low = 0;
  private middle = 0;
  private high = 0;
  private mean = 0;
  private seen = 0;
  private settled = 0;
  private early: number[] = [];
  private open = -1;
  private visit = 0;
  private values = 0;
  /** Values of the visit that were trouble, and the places whose last visit was. */
  private troubled = 0;
  private readonly doubted: Float32Array;

  constructor(seasonMs: number, kind: MeasureKind) {
    this.places = new SeasonBins(seasonMs);
    this.bins = new Float32Array(this.places.count).fill(NaN);
    this.doubted = new Float32Array(this.places.count);
    this.byRatio = kind === 'latency' || kind === 'rate' || kind === 'other';
  }

  /** Memory, bytes. */
  get bytes(): number {
    return this.bins.byteLength + this.doubted.byteLength;
  }

  /** The band for a time (epoch milliseconds) from what is known so far; undefined for the first 150 values. */
  at(at: number): Band | undefined {
    if (!this.scale.known) return undefined;
    const usual = this.usual(at) + this.middle;
    const expected = this.value(usual);
    // A band without width, as of a flat line, would make any change infinitely far outside.
    const least = LEAST_WIDTH * Math.max(this.scale.size, Math.abs(expected));
    const low = Math.min(this.value(usual - TIMES * (this.middle - this.low)), expected - least / 2);
    const high = Math.max(this.value(usual + TIMES * (this.high - this.middle)), expected + least / 2);
    return { low, expected, high };
  }

  /** Learns a value. A visit that was `trouble` for a quarter teaches its place nothing; a second one in a row does, as that is no chance. */
  learn(at: number, value: number, trouble: boolean): void {
    if (!this.scale.known) {
      this.early.push(value);
      if (this.scale.learn(value)) this.begin();
      return;
    }
    const place = this.place(value);
    // What is off from a mean of all values says little once the places are known: then the width is learnt anew.
    const known = !Number.isNaN(this.bins[this.places.of(at)]);
    if (known) this.settled += 1;
    this.follow(place - this.usual(at), Math.max(STEP, 1 / (20 + (known ? this.settled : this.seen) / 10)));
    this.teach(at, place);
    if (trouble) this.troubled += 1;
  }

  /** Forgets everything. */
  clear(): void {
    this.scale.clear();
    this.early = [];
    this.bins.fill(NaN);
    this.doubted.fill(0);
    this.low = this.middle = this.high = this.mean = this.settled = this.seen = this.visit = this.values = 0;
    this.open = -1;
    this.troubled = 0;
  }

  write(out: ByteWriter): void {
    for (const each of [this.low, this.middle, this.high, this.mean, this.seen, this.settled, this.open, this.visit, this.values, this.troubled])
      out.float64(each);
    this.scale.write(out);
    out.float64(this.early.length);
    for (const each of this.early) out.float64(each);
    out.floats(this.bins);
    out.floats(this.doubted);
  }

  read(from: ByteReader): void {
    this.low = from.float64();
    this.middle = from.float64();
    this.high = from.float64();
    this.mean = from.float64();
    this.seen = from.float64();
    this.settled = from.float64();
    this.open = from.float64();
    this.visit = from.float64();
    this.values = from.float64();
    this.troubled = from.float64();
    this.scale.read(from);
    const waiting = countFrom(from, FIRST_VALUES);
    this.early = Array.from({ length: waiting }, () => from.float64());
    from.floats(this.bins);
    from.floats(this.doubted);
  }

  private usual(at: number): number {
    const usual = this.bins[this.places.of(at)] as number;
    return usual === usual ? usual : this.mean;
  }

  private value(place: number): number {
    return this.byRatio ? this.scale.fromLog(place) : place;
  }

  private place(value: number): number {
    return this.byRatio ? this.scale.toLog(value) : value;
  }

  /** The first values say how wide the band is at first. */
  private begin(): void {
    const places = this.early.map((value) => this.place(value));
    this.seen = places.length;
    this.mean = places.reduce((sum, place) => sum + place, 0) / places.length;
    const off = (quantile: number): number => (quantileOf(places, quantile) ?? 0) - this.mean;
    [this.low, this.middle, this.high] = [off(OUTER), off(0.5), off(1 - OUTER)];
    this.early = [];
  }

  private follow(off: number, step: number): void {
    const width = this.high - this.low;
    this.low += stepOf(off, this.low, width, OUTER, step);
    this.middle += stepOf(off, this.middle, width, 0.5, step);
    this.high += stepOf(off, this.high, width, 1 - OUTER, step);
    this.low = Math.min(this.low, this.middle);
    this.high = Math.max(this.high, this.middle);
  }

  private teach(at: number, place: number): void {
    const bin = this.places.of(at);
    if (bin !== this.open) this.close(bin);
    this.values += 1;
    this.visit += (place - this.visit) / this.values;
    this.seen += 1;
    this.mean += Math.max(LEARNS_MEAN, 1 / this.seen) * (place - this.mean);
  }

  private doubts(bin: number): boolean {
    const doubted = 4 * this.troubled > this.values && this.doubted[bin] === 0 && !Number.isNaN(this.bins[bin]);
    this.doubted[bin] = Number(doubted);
    return doubted;
  }

  private close(next: number): void {
    if (this.open >= 0 && !this.doubts(this.open)) {
      const usual = this.bins[this.open] as number;
      // A visit teaches no more than the width of the band: an outage must not become the usual. What shifts for good is followed by the quantiles.
      const most = TIMES * (this.high - this.low);
      const off = Math.max(-most, Math.min(most, this.visit - usual - this.middle));
      this.bins[this.open] = usual === usual ? usual + LEARNS * off : this.visit - this.middle;
    }
    this.open = next;
    this.visit = 0;
    this.values = 0;
    this.troubled = 0;
  }
}

/** How far a quantile moves for a value: up in proportion to the quantile where the value is above, else down in proportion to the rest. */
function stepOf(off: number, at: number, width: number, quantile: number, step: number): number {
  if (off === at) return 0;
  const size = Math.max(step * width, STEP_FAR * Math.abs(off - at));
  return size * (off > at ? quantile : quantile - 1);
}
