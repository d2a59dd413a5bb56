import { FallWatch } from './fall';
import { isWord } from './outcome';
import type { ConfidenceOutcome } from './outcome';
import { leftAfter } from './settings';
import type { ConfidenceSettings } from './settings';
import { levelsWith, Wagers } from './wagers';

/** Why the present stretch of a record began. */
export interface StretchStart {
  readonly why: 'first' | 'version' | 'harm' | 'fall';
  /** Epoch milliseconds. */
  readonly at: number;
}

/** What of an outcome a record counts. */
export type Counted = Pick<ConfidenceOutcome, 'hash' | 'verdict' | 'corroborated' | 'at' | 'actedBy'>;

/**
 * The record of one runbook on one service. It goes in stretches: a harm, a fall that is believed, and a new version begin a new one, with nothing proven. The nth stretch of a version has the
 * share 1/(n(n+1)) of the risk, so that all of them together keep it, however often autonomy was lost and earned again.
 */
export class Track {
  private wagers: Wagers;
  private falls: FallWatch;
  private number = 1;
  private counted = 0;
  private hash: string | undefined;
  private lastAt = 0;
  /** Times of all harms of this version, epoch milliseconds. */
  readonly harms: number[] = [];
  start: StretchStart = { why: 'first', at: 0 };
  /** Recoveries since the last failure of the stretch; undefined where there was none. */
  sinceFailure: number | undefined;
  /** The latest outcomes of the stretch, oldest first: true where it recovered. */
  private latest: boolean[] = [];
  outcomes = 0;
  /** Versions so far, the present one with them. */
  versions = 1;
  recovered = 0;
  firstAt: number | undefined;

  constructor(private readonly settings: ConfidenceSettings) {
    this.wagers = new Wagers(levelsWith([settings.ownFloor, ...Object.values(settings.needs).map(({ bound }) => bound)]));
    this.falls = this.newWatch();
  }

  /** Share of the risk that this stretch may use. */
  get risk(): number {
    return this.settings.risk / (this.number * (this.number + 1));
  }

  /**
   * Takes an outcome in, as so much of one (0 to 1); they come in order of time. A recovery that nothing confirms is left out; whatever else did not recover is a failure. A recovery of which a
   * person told moves the bound in part (less for a recovery than for a failure keeps the bound one), and ends neither a probation nor a row of failures, as nothing measured it.
   */
  add(outcome: Counted, weight = 1): void {
    this.turnTo(outcome.hash, outcome.at);
    const success = outcome.verdict === 'recovered';
    if (success && !outcome.corroborated) return;
    const left = this.left(outcome.at);
    this.wagers.add(success, isWord(outcome) ? weight * this.settings.wordWeight : weight, left);
    this.counted = this.counted * left + weight;
    this.lastAt = Math.max(this.lastAt, outcome.at);
    this.firstAt ??= outcome.at;
    this.outcomes += 1;
    if (success) this.recovered += 1;
    if (isWord(outcome)) return;
    this.sinceFailure = success ? (this.sinceFailure === undefined ? undefined : this.sinceFailure + 1) : 0;
    this.latest = [...this.latest.slice(1 - this.settings.lately.outcomes), success];
    const fell = this.falls.add(success);
    if (outcome.verdict === 'worse') this.harms.push(outcome.at);
    if (outcome.verdict === 'worse') this.beginAgain('harm', outcome.at);
    else if (fell) this.beginAgain('fall', outcome.at);
  }

  /** Makes a content hash the present one; an earlier one's evidence goes on in part. */
  turnTo(hash: string, at: number): void {
    const before = this.hash;
    this.hash = hash;
    if (before === undefined || before === hash) return;
    const { versionCarry, risk } = this.settings;
    this.number = 1;
    this.versions += 1;
    this.wagers = this.wagers.carried(versionCarry, risk / 2);
    this.counted *= versionCarry;
    this.harms.length = 0;
    this.open('version', at);
  }

  /** Lower bound of success at a time. */
  bound(now: number): number {
    return this.wagers.bound(this.risk, this.left(now));
  }

  /** Whether success above a level that the settings name is proven at a time. */
  proves(level: number, now: number): boolean {
    return level === 0 || this.wagers.proves(level, this.risk, this.left(now));
  }

  /** Outcomes that count at a time, after decay. */
  effective(now: number): number {
    return this.counted * this.left(now);
  }

  /** Failures among the latest outcomes. */
  get failuresLately(): number {
    return this.latest.filter((recovered) => !recovered).length;
  }

  /** The wager on one level as it stands at a time, to try what would come of more outcomes. */
  wagerOn(level: number, now: number): Wagers {
    return this.wagers.only(level, this.left(now));
  }

  private beginAgain(why: StretchStart['why'], at: number): void {
    this.number += 1;
    this.wagers = new Wagers(this.wagers.levels);
    this.counted = 0;
    this.open(why, at);
  }

  private open(why: StretchStart['why'], at: number): void {
    this.start = { why, at };
    this.falls = this.newWatch();
    this.sinceFailure = undefined;
    this.latest = [];
  }

  private newWatch(): FallWatch {
    return new FallWatch(this.settings.needs.auto.bound, this.settings.fallOdds);
  }

  private left(now: number): number {
    return leftAfter(now - this.lastAt, this.settings.halfLifeMs);
  }
}
