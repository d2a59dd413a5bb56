import type { ByteReader, ByteWriter } from './byte-io';
import { countFrom } from './byte-io';
import { SeriesScale } from './scale';
import { SeasonProfile } from './season-profile';
import { kept, SortedWindow } from './sorted-window';

/** Beyond this factor from the scale a value is of another unit, or of another thing; as the scale is a power of ten, 1,000 and 1,024 always are. */
const OTHER_UNIT = 100;
/** So many values in a row, over half a season and a whole day, make that sure: a night or a weekend with little to do does not. */
const LEAST_ROWS = 150;
const DAY_MS = 86_400_000;

/** Novelty of what a value is off from the usual one of its place in the season, in logarithms. Also notices that the unit of the series has changed. */
export class SeasonExpert {
  /** What the last value was off, in logarithms; NaN while the scale is not known. */
  residual = NaN;
  private readonly scale = new SeriesScale();
  private readonly profile: SeasonProfile;
  private readonly residuals: SortedWindow;
  private early: { readonly at: number; readonly value: number }[] = [];
  /** Values of another unit in a row, negative for smaller ones, and since when. */
  private strange = 0;
  private strangeSince = 0;

  constructor(
    window: number,
    private readonly seasonMs: number,
  ) {
    this.profile = new SeasonProfile(seasonMs);
    this.residuals = new SortedWindow(window);
  }

  /** Memory, bytes. */
  get bytes(): number {
    return this.profile.bytes + this.residuals.bytes;
  }

  /** Novelty of a value, 0 to 1, before it is learnt; then learns it. 0 for the first 150 values. */
  judge(at: number, value: number): number {
    if (this.scale.known) return this.learn(at, value);
    this.early.push({ at, value });
    if (!this.scale.learn(value)) return 0;
    for (const each of this.early) this.learn(each.at, each.value);
    this.early = [];
    this.residual = NaN;
    return 0;
  }

  /** Whether this value makes it plain that the unit has changed: then everything that knows the old one must be cleared. */
  unitChanged(at: number, value: number): boolean {
    const side = this.scale.side(value, OTHER_UNIT);
    if (side * this.strange <= 0) {
      this.strange = 0;
      this.strangeSince = at;
    }
    this.strange += side;
    return Math.abs(this.strange) >= LEAST_ROWS && at - this.strangeSince >= Math.max(this.seasonMs / 2, Math.min(this.seasonMs, DAY_MS));
  }

  /** Forgets everything. */
  clear(): void {
    this.scale.clear();
    this.profile.clear();
    this.residuals.clear();
    this.early = [];
    this.strange = 0;
    this.residual = NaN;
  }

  write(out: ByteWriter): void {
    for (const each of [this.residual, this.strange, this.strangeSince, this.early.length]) out.float64(each);
    for (const { at, value } of this.early) {
      out.float64(at);
      out.float64(value);
    }
    this.scale.write(out);
    this.profile.write(out);
    this.residuals.write(out);
  }

  read(from: ByteReader): void {
    this.residual = from.float64();
    this.strange = from.float64();
    this.strangeSince = from.float64();
    const waiting = countFrom(from, LEAST_ROWS);
    this.early = Array.from({ length: waiting }, () => ({ at: from.float64(), value: from.float64() }));
    this.scale.read(from);
    this.profile.read(from);
    this.residuals.read(from);
  }

  private learn(at: number, value: number): number {
    const place = this.scale.toLog(value);
    this.residual = kept(place - this.profile.take(at, place));
    return this.residuals.take(this.residual);
  }
}
