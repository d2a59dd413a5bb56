import type { ConfidenceOutcome, StandingKey } from '../../domain/confidence/outcome';
import { ConfidenceRecord } from '../../domain/confidence/record';
import { earnedRung } from '../../domain/confidence/rungs';
import type { Danger } from '../../domain/confidence/rungs';
import type { ConfidenceSettings } from '../../domain/confidence/settings';
import type { Rung, Verdict } from '../../domain/names';
import { seededRandom } from '../../domain/seeded-random';

/** A simulated runbook and the incidents that it is for. */
export interface World {
  readonly seed: number;
  /** True probability of recovery at an outcome (1 for the first). */
  readonly success: (outcome: number) => number;
  /** True share of incidents that heal when nobody acts. */
  readonly healsAlone: number;
  /** Outcomes a day. */
  readonly perDay?: number;
  /** Content hash of the runbook at an outcome. */
  readonly hash?: (outcome: number) => string;
  /** True where an outcome is a harm, whatever else. */
  readonly harm?: (outcome: number) => boolean;
}

/** Nobody acts on every tenth incident: a proposal that expired, a time in which it only watched. */
const LEFT_ALONE = 10;
export const DAY_MS = 24 * 3_600_000;
const BEGIN = Date.UTC(2026, 0, 1);
export const KEY: StandingKey = {
  ...{ runbook: 'rollback-release', hash: 'h1', cause: 'bad-release', environment: 'production', service: 'checkout', tier: 'standard' },
};
export const SAFE: Danger = { risk: 'low', reversible: true };

/** An outcome of the simulated runbook. */
export function outcomeOf(at: number, verdict: Verdict, more: Partial<ConfidenceOutcome> = {}): ConfidenceOutcome {
  return {
    ...KEY,
    likeness: 'web',
    version: 1,
    actedBy: 'nightshift',
    mode: 'approve',
    corroborated: true,
    score: 0.9,
    ...more,
    at,
    verdict,
  };
}

/** Plays outcomes one by one and tells the rung and the record after each, as somebody would see it who looks every time; ends where `look` says so, or after `most`. */
export function play(world: World, settings: ConfidenceSettings, most: number, look: (seen: Seen) => boolean): void {
  const random = seededRandom(world.seed);
  const record = new ConfidenceRecord({ ...KEY, likeness: 'web' }, settings);
  const step = DAY_MS / (world.perDay ?? 1);
  for (let n = 1, at = BEGIN; n <= most; n += 1) {
    at += step;
    if (n % LEFT_ALONE === 1) record.add(outcomeOf(at - step / 2, random() < world.healsAlone ? 'recovered' : 'unchanged', { actedBy: 'nobody' }));
    const recovered = random() < world.success(n);
    const verdict = world.harm?.(n) === true ? 'worse' : recovered ? 'recovered' : 'unchanged';
    record.add(outcomeOf(at, verdict, world.hash ? { hash: world.hash(n) } : {}));
    if (look({ n, at, record, verdict, rung: earnedRung(record, SAFE, at) })) return;
  }
}

/** What is seen after an outcome. */
export interface Seen {
  /** Number of the outcome, from 1. */
  readonly n: number;
  readonly at: number;
  readonly verdict: Verdict;
  readonly record: ConfidenceRecord;
  readonly rung: Rung;
}
