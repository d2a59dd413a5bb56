import { FallWatch } from './fall';
import { HealingAlone } from './healing-alone';
import { isWord, likenessOf } from './outcome';
import type { ConfidenceOutcome, StandingKey } from './outcome';
import type { ConfidenceSettings } from './settings';
import { Track } from './track';

/** Whose outcomes a bound is from. */
export type BoundFrom = 'own' | 'like services';

/** All that is known of a runbook for one kind of incident on one service, from outcomes in order of time. */
export class ConfidenceRecord {
  readonly own: Track;
  /** The service's outcomes of this version with those of like services, which count in part. A harm on any of them begins it anew. */
  readonly pool: Track;
  readonly alone: HealingAlone;
  /** Like services that have an outcome of this version, each with a watch of its own: one that is seen to differ lends nothing more. */
  private readonly others = new Map<string, { readonly falls: FallWatch; differs: boolean }>();

  constructor(
    readonly key: StandingKey,
    readonly settings: ConfidenceSettings,
  ) {
    this.own = new Track(settings);
    this.pool = new Track(settings);
    this.alone = new HealingAlone(settings);
  }

  /** Takes an outcome in; what is of another kind, environment, likeness or runbook has no bearing and is passed over. */
  add(outcome: ConfidenceOutcome): void {
    const { key, settings } = this;
    if (outcome.cause !== key.cause || outcome.environment !== key.environment || likenessOf(outcome) !== likenessOf(key)) return;
    const here = outcome.service === key.service;
    const weight = here ? 1 : settings.likeWeight;
    if (outcome.actedBy === 'nobody') return this.alone.add(outcome, weight);
    if (outcome.runbook !== key.runbook) return;
    if (here) this.own.add(outcome);
    if (outcome.hash === key.hash && (here || this.lends(outcome))) this.pool.add(outcome, weight);
  }

  /** Whether a like service's outcome counts: decided by what was seen before it, so that its own failure is never left out. */
  private lends(outcome: ConfidenceOutcome): boolean {
    const { service, verdict } = outcome;
    const { needs, fallOdds } = this.settings;
    const other = this.others.get(service) ?? { falls: new FallWatch(needs.auto.bound, fallOdds), differs: false };
    this.others.set(service, other);
    const lends = !other.differs;
    if (isWord(outcome)) return lends;
    if (other.falls.add(verdict === 'recovered') || verdict === 'worse') other.differs = true;
    return lends;
  }

  /** How many like services lend their record. */
  get likeServices(): number {
    return [...this.others.values()].filter(({ differs }) => !differs).length;
  }

  /** Like services may close the way from the own floor to a gate, and only where the service itself has had neither harm nor fall. */
  poolCounts(now: number): boolean {
    const { own, settings } = this;
    return this.likeServices > 0 && own.start.why !== 'harm' && own.start.why !== 'fall' && own.proves(settings.ownFloor, now);
  }

  /** Lower bound of success, and whose record it is. */
  bound(now: number): { readonly bound: number; readonly from: BoundFrom } {
    const own = this.own.bound(now);
    const pool = this.poolCounts(now) ? this.pool.bound(now) : 0;
    return pool > own ? { bound: pool, from: 'like services' } : { bound: own, from: 'own' };
  }

  /** Whether success above a level that the settings name is proven. */
  proves(level: number, now: number): boolean {
    return this.own.proves(level, now) || (this.poolCounts(now) && this.pool.proves(level, now));
  }

  /** Outcomes that count, after decay. */
  effective(now: number): number {
    return this.poolCounts(now) ? Math.max(this.own.effective(now), this.pool.effective(now)) : this.own.effective(now);
  }
}

/** The record from any outcomes, in whatever order they come, for the version that the key names. */
export function recordOf(key: StandingKey, outcomes: readonly ConfidenceOutcome[], settings: ConfidenceSettings, now: number): ConfidenceRecord {
  const record = new ConfidenceRecord(key, settings);
  for (const outcome of [...outcomes].sort((a, b) => a.at - b.at)) record.add(outcome);
  record.own.turnTo(key.hash, now);
  return record;
}
