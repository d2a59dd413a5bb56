import type { ByteReader, ByteWriter } from './byte-io';
import { SeasonBins } from './season-bins';

/** Share by which a new value moves the place in the season that it belongs to. */
const LEARNS = 0.2;
/** The same for the mean of all values, which stands in for places that were never seen. */
const LEARNS_MEAN = 0.01;

/** What is usual at each place of a season: an exponentially weighted mean. It follows at once, so that trouble is strange when it comes and not all the while. */
export class SeasonProfile {
  private readonly places: SeasonBins;
  private readonly bins: Float32Array;
  private mean = 0;
  private seen = 0;

  constructor(seasonMs: number) {
    this.places = new SeasonBins(seasonMs);
    this.bins = new Float32Array(this.places.count).fill(NaN);
  }

  /** Memory, bytes. */
  get bytes(): number {
    return this.bins.byteLength;
  }

  /** What is usual at a time (epoch milliseconds): the mean of all values where nothing is known of that place, 0 before the first. Then learns the value of that time. */
  take(at: number, value: number): number {
    const bin = this.places.of(at);
    const known = this.bins[bin] as number;
    const usual = known === known ? known : this.mean;
    this.bins[bin] = known === known ? known + LEARNS * (value - known) : value;
    this.seen += 1;
    this.mean = Math.fround(this.mean + Math.max(LEARNS_MEAN, 1 / this.seen) * (value - this.mean));
    return usual;
  }

  /** Forgets everything. */
  clear(): void {
    this.bins.fill(NaN);
    this.mean = 0;
    this.seen = 0;
  }

  write(out: ByteWriter): void {
    out.float64(this.mean);
    out.float64(this.seen);
    out.floats(this.bins);
  }

  read(from: ByteReader): void {
    this.mean = from.float64();
    this.seen = from.float64();
    from.floats(this.bins);
  }
}
