import type { ByteReader } from './byte-io';
import { ByteWriter, readWhole } from './byte-io';
import { raised } from './exact-math';
import { LevelExpert } from './expert-level';
import { SeasonExpert } from './expert-season';
import { SpreadExpert } from './expert-spread';
import { PeakHold } from './peak-hold';
import type { DetectorSettings, Expert } from './presets';
import { EXPERTS } from './presets';
import { kept, SortedWindow } from './sorted-window';

/** Of which make a snapshot is; an older one is refused, and the archive is replayed instead. */
const SNAPSHOT_VERSION = 1;

/** What was not scored, and how often everything was learnt anew. */
export interface DetectorCounts {
  readonly scored: number;
  /** No number: null, NaN or infinite. */
  readonly missing: number;
  /** Not later than the value before: out of order, or twice at one time. */
  readonly late: number;
  readonly unitChanges: number;
}

/**
 * Scores one series, one value at a time, without looking ahead, in bounded memory. The same values give the same scores to the last bit, on every engine, and after `snapshot` and
 * `restore` as if nothing had happened in between; a replay of all values does the same. After a replay of only the last N values, N at least the window and 10 more, the novelty of value and level
 * is the same to the last bit, while season and spread, which forget slowly and never wholly, come ever nearer.
 */
export class SeriesDetector {
  /** Score of the last value before the hold, 0 to below 1: how strange it is, even within an episode. */
  strength = 0;
  /** How often everything was learnt anew, as the unit had changed. */
  unitChanges = 0;
  private readonly values: SortedWindow;
  private readonly season: SeasonExpert;
  private readonly spread = new SpreadExpert();
  private readonly level: LevelExpert;
  private readonly hold: PeakHold;
  private readonly parts = new Float64Array(EXPERTS.length);
  private lastAt = -Infinity;
  private firstAt = NaN;
  private scored = 0;
  private missing = 0;
  private late = 0;

  constructor(private readonly settings: DetectorSettings) {
    this.values = new SortedWindow(settings.window);
    this.season = new SeasonExpert(settings.window, settings.seasonMs);
    this.level = new LevelExpert(settings.window);
    this.hold = new PeakHold(settings.holdRows, settings.holdMs);
  }

  /** Times of the first value since the detector learns, and of the last, epoch milliseconds; NaN and -Infinity before any. */
  get span(): { readonly from: number; readonly to: number } {
    return { from: this.firstAt, to: this.lastAt };
  }

  get counts(): DetectorCounts {
    const { scored, missing, late, unitChanges } = this;
    return { scored, missing, late, unitChanges };
  }

  /** Whether a value at a time would be scored: it is a number, and later than the one before. */
  takes(at: number, value: number | null): value is number {
    return value !== null && Number.isFinite(value) && Number.isFinite(at) && at > this.lastAt;
  }

  /**
   * Scores a value at a time (epoch milliseconds), then learns it: from 0 to below 1, and 0 where nothing stands out against the time of the hold. What is missing or late counts as that,
   * scores 0, and changes nothing.
   */
  push(at: number, value: number | null): number {
    if (!this.takes(at, value)) {
      if (value === null || !Number.isFinite(value) || !Number.isFinite(at)) this.missing += 1;
      else this.late += 1;
      this.strength = 0;
      return 0;
    }
    this.lastAt = at;
    this.scored += 1;
    if (this.season.unitChanged(at, value)) this.learnAnew();
    if (Number.isNaN(this.firstAt)) this.firstAt = at;
    this.judge(at, kept(value));
    const sum = (this.parts[0] as number) + (this.parts[1] as number) + (this.parts[2] as number) + (this.parts[3] as number);
    const held = this.hold.pass(at, sum);
    this.strength = sum / (1 + sum);
    return held / (1 + held);
  }

  /** What each expert has in the strength of the last value, as shares of 1; all 0 where nothing is strange. */
  shares(): Record<Expert, number> {
    const sum = this.parts.reduce((all, part) => all + part, 0);
    const share = (i: number): number => (sum > 0 ? (this.parts[i] as number) / sum : 0);
    return { value: share(0), season: share(1), spread: share(2), level: share(3) };
  }

  /** Memory of what it keeps, bytes. */
  get bytes(): number {
    return this.values.bytes + this.season.bytes + (this.settings.weights.level > 0 ? this.level.bytes : 0) + this.hold.bytes + this.parts.byteLength;
  }

  /** Everything it knows: about 12 bytes for each value of the window. */
  snapshot(): Uint8Array {
    const out = new ByteWriter();
    this.write(out);
    return out.done();
  }

  /** The detector that a snapshot was taken of. Throws `invalid_input` where the bytes are no whole snapshot of one with these settings. */
  static restore(settings: DetectorSettings, snapshot: Uint8Array): SeriesDetector {
    const detector = new SeriesDetector(settings);
    readWhole(snapshot, (from) => detector.read(from));
    return detector;
  }

  write(out: ByteWriter): void {
    for (const each of [SNAPSHOT_VERSION, ...settingNumbers(this.settings), this.strength, this.lastAt, this.firstAt]) out.float64(each);
    for (const each of [this.scored, this.missing, this.late, this.unitChanges, ...this.parts]) out.float64(each);
    for (const part of [this.values, this.season, this.spread, this.level, this.hold]) part.write(out);
  }

  /** Throws RangeError for a snapshot of other settings. */
  read(from: ByteReader): void {
    if (![SNAPSHOT_VERSION, ...settingNumbers(this.settings)].every((each) => from.float64() === each)) throw new RangeError('Other settings.');
    this.strength = from.float64();
    this.lastAt = from.float64();
    this.firstAt = from.float64();
    this.scored = from.float64();
    this.missing = from.float64();
    this.late = from.float64();
    this.unitChanges = from.float64();
    for (let i = 0; i < this.parts.length; i += 1) this.parts[i] = from.float64();
    for (const part of [this.values, this.season, this.spread, this.level, this.hold]) part.read(from);
  }

  private judge(at: number, value: number): void {
    const { weights } = this.settings;
    const { parts } = this;
    parts[0] = weights.value * raised(this.values.take(value));
    parts[1] = weights.season * raised(this.season.judge(at, value));
    const { residual } = this.season;
    parts[2] = weights.spread > 0 && residual === residual ? weights.spread * this.spread.judge(residual) : 0;
    parts[3] = weights.level > 0 ? weights.level * raised(this.level.judge(value)) : 0;
  }

  private learnAnew(): void {
    this.unitChanges += 1;
    this.firstAt = NaN;
    for (const part of [this.values, this.season, this.spread, this.level, this.hold]) part.clear();
  }
}

/** The most memory, bytes, that a detector with these settings comes to keep: for planning how many series fit. With a watch it is about 2 KB more. */
export function mostBytes({ window, weights, holdRows }: DetectorSettings): number {
  const windows = weights.level > 0 ? 3 : 2;
  return windows * 2 * Float32Array.BYTES_PER_ELEMENT * window + 3 * Float64Array.BYTES_PER_ELEMENT * (holdRows + 1) + 1024;
}

function settingNumbers({ window, seasonMs, weights, holdRows, holdMs }: DetectorSettings): number[] {
  return [window, seasonMs, holdRows, holdMs, ...EXPERTS.map((expert) => weights[expert])];
}
