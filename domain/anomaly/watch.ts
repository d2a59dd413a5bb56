import type { Band } from './band';
import { ExpectedBand } from './band';
import type { ByteReader } from './byte-io';
import { ByteWriter, readWhole } from './byte-io';
import { SeriesDetector } from './detector';
import { exactLog } from './exact-math';
import type { Anomaly } from './explain';
import { leading } from './explain';
import type { Direction, EffectFloor, MeasureKind } from './kinds';
import { EFFECT_FLOORS, effectOf } from './kinds';
import type { DetectorSettings, Expert } from './presets';
import type { Feedback } from './threshold';
import { kept, SortedWindow } from './sorted-window';
import { AlertBudget } from './threshold';

const DAY_MS = 86_400_000;
/** Seasons that must have been seen. */
const SEASONS = 2;
/** Alerts a week of one series, unless another budget is given. */
export const ALERTS_PER_WEEK = 0.1;
/** A value counts double from the third one in a row that is outside its band by the floor, half as much again at the second: what stays away is no chance. */
const STAYS = [1, 1, 1.5, 2] as const;
/** What lasted for so many values is trouble. */
const LASTED = 3;
/** What it weighs that a value is outside its band by as much as the band is wide, which no repetition makes less. */
const BEYOND = 0.5;
/** More widths of the band than this are as far as can be. */
const MOST_WIDTHS = 1000;
/** An episode is told again when its score, as odds, is this many times what was told. */
const GROWN = 4;
/** So many good values may lie inside one stretch. */
const GOOD_INSIDE = 2;
/** Values that are known before anything can be far outside of them. */
const LEAST_KNOWN = 15;
/** Values inside their band that say what is usual while a series is learnt. */
const CALM_VALUES = 256;
/** What stays outside for so many values is what the series is like now. */
const NEW_NORMAL = 240;
/** A value must be outside for so many rows before it alerts: one row is a blip, and one missing scrape no outage. Where a series is known, what is far outside alerts at once. */
const ROWS_OUTSIDE = 2;

/** How one series is watched. */
export interface WatchSettings {
  readonly detector: DetectorSettings;
  readonly kind: MeasureKind;
  /** Alerts a week; `ALERTS_PER_WEEK` when absent. */
  readonly alertsPerWeek?: number;
  /** How far outside its band a value must be; that of the kind when absent. */
  readonly floor?: EffectFloor;
}

/** What became of one value. */
export interface Judged {
  /** 0 to 1, with what staying outside adds; compare with `threshold`. */
  readonly score: number;
  readonly threshold: number;
  readonly band: Band | undefined;
  /** How far outside the band on the bad side, in multiples of the floor; 1 and more matters, 0 is inside. */
  readonly effect: number;
  /** Given once an episode, at the value that shows it. */
  readonly anomaly: Anomaly | undefined;
}

/** Watches one series: the detector, the threshold from the series' own history, the floor, and one anomaly an episode. Bounded memory; the same values and feedback give the same answers. */
export class SeriesWatch {
  private readonly detector: SeriesDetector;
  private readonly budget: AlertBudget;
  private readonly expected: ExpectedBand;
  private readonly floor: EffectFloor;
  /** Trouble in a short history would soon look usual: its values are kept out. */
  private readonly calm = new SortedWindow(CALM_VALUES);
  /** Values outside their band by the floor in a row, good ones since then, and the first of them. */
  private run = 0;
  private good = 0;
  private since = 0;
  /** Whether the episode under way has been told, as evidence (1) or alerting (2), and quiet values since. */
  private told = 0;
  private toldOdds = 0;
  private peak = 0;
  private longest = 0;
  /** The highest score in the stretch under way that reached the threshold; 0 where none did. */
  private stood = 0;
  private quiet = 0;
  private quietSince = 0;

  constructor(private readonly settings: WatchSettings) {
    const { detector, kind, floor, alertsPerWeek = ALERTS_PER_WEEK } = settings;
    this.detector = new SeriesDetector(detector);
    this.floor = floor ?? EFFECT_FLOORS[kind];
    this.expected = new ExpectedBand(detector.seasonMs, kind);
    this.budget = new AlertBudget(alertsPerWeek, 7 * Math.min(DAY_MS, detector.seasonMs));
  }

  /** Whether it has seen less than two seasons. */
  get learning(): boolean {
    return !(this.seasons >= SEASONS);
  }

  /** Seasons that it has seen; NaN before the first value. */
  private get seasons(): number {
    const { from, to } = this.detector.span;
    return (to - from) / this.settings.detector.seasonMs;
  }

  /** Whether an episode is under way that was told as an alert. */
  get alerted(): boolean {
    return this.told === 2;
  }

  /** Time of the last value, epoch milliseconds; -Infinity before any. */
  get lastAt(): number {
    return this.detector.span.to;
  }

  /** What was not scored. */
  get counts(): SeriesDetector['counts'] {
    return this.detector.counts;
  }

  /** Memory of what it keeps, bytes. */
  get bytes(): number {
    return this.detector.bytes + this.budget.bytes + this.expected.bytes + this.calm.bytes;
  }

  /** Takes what became of an alert, by its score. */
  feedback(score: number, what: Feedback): void {
    this.budget.feedback(score, what);
  }

  /**
   * Judges a value at a time (epoch milliseconds), then learns it. What is missing or late is passed over. Where somebody else says how strange the value is, `strengthOf` makes of the
   * strength that our own detector sees (0 to 1) the one that counts.
   */
  push(at: number, value: number | null, strengthOf?: (own: number) => number): Judged {
    const { threshold } = this.budget;
    if (!this.detector.takes(at, value)) {
      this.detector.push(at, value);
      return { score: 0, threshold, band: undefined, effect: 0, anomaly: undefined };
    }
    const changes = this.detector.unitChanges;
    const known = this.expected.at(at);
    const short = known && !this.learning ? undefined : this.shortBand();
    const band = (this.guarded ? short : undefined) ?? known ?? short;
    this.detector.push(at, value);
    if (this.detector.unitChanges !== changes) this.begin();
    const { effect, direction } = band ? effectOf(value, band, this.floor) : { effect: 0, direction: 'above' as const };
    this.follow(at, effect);
    const calm = effect < 1 || this.run > NEW_NORMAL;
    if (this.learning && calm) this.calm.take(kept(value));
    const { strength } = this.detector;
    const { score, bandShare } = this.scoreOf(strengthOf?.(strength) ?? strength, value, band, effect);
    const anomaly = band && this.judge({ at, value, score, threshold, band, effect, direction, short, bandShare });
    if (calm || !this.guarded) this.learn(at, value, band);
    this.remember(at, score);
    this.rest(at, score >= threshold || effect >= 1);
    return { score, threshold, band, effect, anomaly };
  }

  /** Everything it knows, as bytes. */
  snapshot(): Uint8Array {
    const out = new ByteWriter();
    for (const each of [this.run, this.good, this.since, this.told, this.toldOdds, this.quiet, this.quietSince, this.peak, this.longest, this.stood])
      out.float64(each);
    this.budget.write(out);
    this.expected.write(out);
    this.calm.write(out);
    this.detector.write(out);
    return out.done();
  }

  /** The watch that a snapshot was taken of. Throws `invalid_input` where the bytes are no whole snapshot of one with these settings. */
  static restore(settings: WatchSettings, snapshot: Uint8Array): SeriesWatch {
    const watch = new SeriesWatch(settings);
    readWhole(snapshot, (from) => watch.read(from));
    return watch;
  }

  private read(from: ByteReader): void {
    this.run = from.float64();
    this.good = from.float64();
    this.since = from.float64();
    this.told = from.float64();
    this.toldOdds = from.float64();
    this.quiet = from.float64();
    this.quietSince = from.float64();
    this.peak = from.float64();
    this.longest = from.float64();
    this.stood = from.float64();
    this.budget.read(from);
    this.expected.read(from);
    this.calm.read(from);
    this.detector.read(from);
  }

  /** The score with what the band and staying outside add, and the share of the band in it. */
  private scoreOf(strength: number, value: number, band: Band | undefined, effect: number): { readonly score: number; readonly bandShare: number } {
    const strange = strength / (1 - strength);
    const beyond = effect >= 1 && band ? BEYOND * beyondOf(value, band) : 0;
    const odds = (beyond + strange) * (effect >= 1 ? (STAYS[Math.min(this.run, STAYS.length - 1)] as number) : 1);
    return { score: odds / (1 + odds), bandShare: odds > 0 ? beyond / (beyond + strange) : 0 };
  }

  /** Whether a short history alone judges, and an outage in it must teach nothing. */
  private get guarded(): boolean {
    return this.floor.far !== undefined && this.learning;
  }

  private learn(at: number, value: number, band: Band | undefined): void {
    this.expected.learn(at, value, this.told > 0 || (band !== undefined && (value < band.low || value > band.high)));
  }

  private remember(at: number, score: number): void {
    const trouble = this.told > 0;
    // While an episode is under way its values are kept out of the history: they are not what the series is usually like. In the first season everything is new, which says nothing of later ones.
    if (this.seasons >= 1) this.budget.observe(at, trouble ? 0 : score);
    if (!trouble) return;
    this.peak = Math.max(this.peak, score);
    this.longest = Math.max(this.longest, this.run);
  }

  private begin(): void {
    this.budget.clear();
    this.expected.clear();
    this.calm.clear();
    this.run = 0;
    this.stood = 0;
    this.told = 0;
  }

  /** The band of the calm values themselves, for a series whose season is not known yet. */
  private shortBand(): Band | undefined {
    if (this.calm.size < LEAST_KNOWN) return undefined;
    const [low, middle, high] = [this.calm.quantile(0.05), this.calm.quantile(0.5), this.calm.quantile(0.95)];
    return { low: middle - 2 * (middle - low), expected: middle, high: middle + 2 * (high - middle) };
  }

  private follow(at: number, effect: number): void {
    if (effect >= 1) {
      if (this.run === 0) this.since = at;
      this.run += 1;
      this.good = 0;
    } else if (this.run > 0 && ++this.good > GOOD_INSIDE) this.run = 0;
  }

  private judge(seen: Seen): Anomaly | undefined {
    const learning = this.learning;
    const stands = seen.score >= seen.threshold && seen.effect >= 1;
    this.stood = Math.max(stands ? seen.score : 0, this.run > 0 ? this.stood : 0);
    const alerting = learning ? this.farWhileLearning(seen) : this.stood > 0 && this.opens(seen);
    const level = alerting ? 2 : stands ? 1 : 0;
    const score = Math.max(seen.score, this.stood);
    const odds = score / Math.max(1e-9, 1 - score);
    if (level === 0 || level < this.told || (level === this.told && odds < GROWN * this.toldOdds)) return undefined;
    this.told = level;
    this.toldOdds = odds;
    const { at, value, threshold, band, direction } = seen;
    const experts = this.detector.shares();
    const share = (expert: Expert): number => experts[expert] * (1 - seen.bandShare);
    const shares = { value: share('value'), season: share('season'), spread: share('spread'), level: share('level'), band: seen.bandShare };
    const rarity = this.budget.rarity(score);
    const what = { at, value, score, threshold, kind: this.settings.kind, sign: leading(shares), shares, band, direction };
    return { ...what, since: this.run > 0 ? this.since : at, rarity, learning, alerting };
  }

  /** Whether a value is outside by what opens an incident, and either far or not for the first time. */
  private opens({ value, band, effect }: Seen): boolean {
    const enough = effect >= 1 && (this.floor.opens === undefined || effectOf(value, band, { ...this.floor, ...this.floor.opens }).effect >= 1);
    return enough && (this.run >= ROWS_OUTSIDE || this.isFar(value, band));
  }

  private isFar(value: number, band: Band): boolean {
    const { far } = this.floor;
    return far !== undefined && effectOf(value, band, { ...this.floor, absolute: far }).effect >= 1;
  }

  /** An error share or missing answers far outside the short history: no season makes that usual. */
  private farWhileLearning({ value, short }: Seen): boolean {
    return short !== undefined && this.isFar(value, short) && this.run >= ROWS_OUTSIDE;
  }

  /** An episode ends when rows and time of the hold have passed quietly. */
  private rest(at: number, loud: boolean): void {
    if (this.told === 0) return;
    if (loud || this.quiet === 0) this.quietSince = at;
    this.quiet = loud ? 0 : this.quiet + 1;
    const { holdRows, holdMs } = this.settings.detector;
    if (this.quiet < holdRows || at - this.quietSince < holdMs) return;
    // What lasted was trouble, and what was seen in the first season says little: neither counts until somebody says that it was noise. What came and went is what the series does.
    if (this.longest < LASTED && this.seasons >= 1) this.budget.observe(at, this.peak);
    this.told = this.quiet = this.peak = this.longest = 0;
  }
}

interface Seen {
  readonly at: number;
  readonly value: number;
  readonly score: number;
  readonly threshold: number;
  readonly band: Band;
  readonly effect: number;
  readonly direction: Direction;
  readonly short: Band | undefined;
  readonly bandShare: number;
}

/** How far a value is outside its band in widths of the band, as a logarithm: 0 at its edge, 0.7 at one width, 2.4 at ten. */
function beyondOf(value: number, band: Band): number {
  const distance = Math.max(value - band.high, band.low - value, 0);
  return distance === 0 ? 0 : exactLog(1 + Math.min(MOST_WIDTHS, distance / (band.high - band.low)));
}
