import { NightshiftError } from '../errors';
import type { ByteReader, ByteWriter } from './byte-io';
import { exactLog } from './exact-math';

const WEEK_MS = 7 * 86_400_000;
/** The score that is an anomaly while a series has told too little of its own. */
const FIRST = 0.2;
/** Thresholds stay between these, whatever the history. */
const LEAST = 0.2;
const MOST = 0.95;
const BINS = 128;
/** Blocks of a week, hours of a real one. The highest score of each is kept. */
const BLOCKS_PER_WEEK = 168;
/** The tail begins where so many of the highest blocks are left. */
const TAIL = 8;
/** What a week ago was counts half after four weeks. */
const KEEPS_PER_WEEK = 0.8408964152537145;
/** How far what people say may move the budget. */
const LEAST_FACTOR = 1 / 8;
const MOST_FACTOR = 4;

/** What became of an alert: what a person said, or whether anyone acted on it. */
export const FEEDBACK = ['useful', 'noise', 'acted', 'ignored'] as const;
export type Feedback = (typeof FEEDBACK)[number];
/** How often a score counts in the history of the series for what became of its alert. */
const COUNTS: Readonly<Record<Feedback, number>> = { useful: 0, acted: 0, ignored: 1, noise: 2 };
/** What the budget is multiplied by. */
const MOVES: Readonly<Record<Feedback, number>> = { useful: 1.5, acted: 1.25, ignored: 0.8, noise: 0.5 };

/** How rare a score is: about once in so many days of this series; `never`: not once in so many days. */
export interface Rarity {
  readonly days: number;
  readonly never: boolean;
}

/**
 * The threshold of one series: the score that its own history reaches about as often as its budget of alerts allows. Keeps the distribution of the highest score of each hour in 128 bins
 * that forget (half in four weeks), and goes on beyond the highest ones by an exponential tail, the peaks over threshold of Pickands (Ann. Statist. 3, 1975) with shape 0. Stays within 0.2 and 0.95.
 */
export class AlertBudget {
  private readonly bins = new Float32Array(BINS);
  private weeks = 0;
  private factor = 1;
  private block = NaN;
  private highest = 0;
  private current = FIRST;

  /** `perWeek`: alerts per week of this series. `weekMs`: what counts as a week, shorter where a season is. Throws `invalid_input` for a budget that is not above 0. */
  constructor(
    private readonly perWeek: number,
    private readonly weekMs: number = WEEK_MS,
  ) {
    if (!(perWeek > 0) || !Number.isFinite(perWeek)) throw new NightshiftError('invalid_input', 'A budget of alerts is a number above 0 a week, such as 0.1.');
  }

  /** Memory, bytes. */
  get bytes(): number {
    return this.bins.byteLength;
  }

  /** The score at which an alert is due. */
  get threshold(): number {
    return this.current;
  }

  /** Alerts a week that are allowed now, after what people said. */
  get allowed(): number {
    return this.perWeek * this.factor;
  }

  /** Takes in a score at a time (epoch milliseconds, rising). */
  observe(at: number, score: number): void {
    const block = Math.floor((at / this.weekMs) * BLOCKS_PER_WEEK);
    if (block !== this.block) this.close(block);
    if (score > this.highest) this.highest = score;
  }

  /** What became of an alert with a score. A good one lets the budget grow; one that was ignored, and twice as much noise, counts as what the series is usually like, and the budget shrinks. */
  feedback(score: number, what: Feedback): void {
    const bin = binOf(score);
    this.bins[bin] = (this.bins[bin] as number) + COUNTS[what];
    this.factor = Math.max(LEAST_FACTOR, Math.min(MOST_FACTOR, this.factor * MOVES[what]));
    this.current = this.compute();
  }

  /** How often this series reached a score. */
  rarity(score: number): Rarity {
    let count = 0;
    for (let i = binOf(score); i < BINS; i += 1) count += this.bins[i] as number;
    const days = (this.weeks * this.weekMs) / 86_400_000;
    return count < 0.5 ? { days, never: true } : { days: days / count, never: false };
  }

  /** Forgets the scores, as of a series whose unit changed, but not what people said. */
  clear(): void {
    this.bins.fill(0);
    this.weeks = 0;
    this.block = NaN;
    this.highest = 0;
    this.current = FIRST;
  }

  write(out: ByteWriter): void {
    for (const each of [this.weeks, this.factor, this.block, this.highest, this.current]) out.float64(each);
    out.floats(this.bins);
  }

  read(from: ByteReader): void {
    this.weeks = from.float64();
    this.factor = from.float64();
    this.block = from.float64();
    this.highest = from.float64();
    this.current = from.float64();
    from.floats(this.bins);
  }

  private close(block: number): void {
    if (!Number.isNaN(this.block)) {
      const bin = binOf(this.highest);
      this.bins[bin] = (this.bins[bin] as number) + 1;
      this.weeks += 1 / BLOCKS_PER_WEEK;
      const week = Math.floor(block / BLOCKS_PER_WEEK);
      // A series that was away for long has forgotten all the same after a year.
      for (let i = Math.min(52, week - Math.floor(this.block / BLOCKS_PER_WEEK)); i > 0; i -= 1) this.forget();
      this.current = this.compute();
    }
    this.block = block;
    this.highest = 0;
  }

  private forget(): void {
    for (let i = 0; i < BINS; i += 1) this.bins[i] = (this.bins[i] as number) * KEEPS_PER_WEEK;
    this.weeks *= KEEPS_PER_WEEK;
  }

  private compute(): number {
    let count = 0;
    let bin = BINS;
    while (bin > 0 && count < TAIL) {
      bin -= 1;
      count += this.bins[bin] as number;
    }
    if (count < TAIL || this.weeks < 0.9) return FIRST;
    let excess = 0;
    for (let i = bin; i < BINS; i += 1) excess += (this.bins[i] as number) * ((i - bin + 0.5) / BINS);
    const allowed = this.allowed * this.weeks;
    const threshold = bin / BINS + (excess / count) * exactLog(Math.max(1, count / allowed));
    return Math.max(LEAST, Math.min(MOST, threshold));
  }
}

function binOf(score: number): number {
  return Math.max(0, Math.min(BINS - 1, Math.floor(score * BINS)));
}
