import type { ConfidenceOutcome, StandingKey } from '../../../domain/confidence/outcome';
import { ConfidenceRecord } from '../../../domain/confidence/record';
import { CONFIDENCE_DEFAULTS } from '../../../domain/confidence/settings';
import type { ConfidenceSettings } from '../../../domain/confidence/settings';

export const DAY = 24 * 3_600_000;
export const BEGIN = Date.UTC(2026, 0, 1);
export const KEY: StandingKey = { runbook: 'rollback', hash: 'h1', cause: 'bad-release', environment: 'prod', service: 'shop', tier: 'standard' };

/** A record that is told one outcome a day. */
export class Told {
  now = BEGIN;
  readonly record: ConfidenceRecord;

  constructor(key: Partial<StandingKey> = {}, settings: Partial<ConfidenceSettings> = {}) {
    this.record = new ConfidenceRecord({ ...KEY, ...key }, { ...CONFIDENCE_DEFAULTS, ...settings });
  }

  /** The same outcome so many times. */
  tell(times: number, more: Partial<ConfidenceOutcome> = {}): this {
    for (let n = 0; n < times; n += 1) {
      this.now += DAY;
      this.record.add(outcome(this.now, more));
    }
    return this;
  }

  /** So many incidents that nobody acted on. */
  leave(times: number, verdict: 'recovered' | 'unchanged' = 'unchanged'): this {
    for (let n = 0; n < times; n += 1) this.record.add(outcome(this.now, { actedBy: 'nobody', verdict }));
    return this;
  }
}

/** A verified, corroborated recovery by Nightshift, unless told otherwise. */
export function outcome(at: number, more: Partial<ConfidenceOutcome> = {}): ConfidenceOutcome {
  return { ...KEY, version: 1, actedBy: 'nightshift', mode: 'approve', verdict: 'recovered', corroborated: true, score: 0.9, ...more, at } as ConfidenceOutcome;
}
