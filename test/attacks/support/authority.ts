import { randomBytes } from 'node:crypto';
import type { Authority } from '../../../activities/unasked';
import { canonicalJson } from '../../../domain/canonical-json';
import type { ConfidenceOutcome } from '../../../domain/confidence/outcome';
import { recordOf } from '../../../domain/confidence/record';
import { CONFIDENCE_DEFAULTS } from '../../../domain/confidence/settings';
import { modeForIncident, standing } from '../../../domain/confidence/standing';
import type { Standing } from '../../../domain/confidence/standing';
import { T0 } from '../../fakes/bookshop-series';

const DAY = 86_400_000;
/** Diagnoses with a lower score led to recovery more seldom than it takes to act alone. */
const PROVEN_SCORE = 0.65;
const CALIBRATED = { strong: 0.97, weak: 0.6 } as const;

/**
 * Lets every runbook act alone: 150 incidents in a row recovered with it, and twenty that nobody acted on did not heal. What is left to stand against an attack is what is asked of the
 * one incident at hand: whether its cause is corroborated, how such a score fared, and what a model has against it.
 */
export function provenAuthority(): Authority {
  const known = new Map<string, Standing>();
  const secret = randomBytes(32);
  return {
    doorKey: { secret: async () => secret },
    autonomy: {
      async verdictOf({ key, danger, ceiling, score, corroborated }) {
        const { likeness: _likeness, ...place } = key;
        const usual = { ...place, version: 1, mode: 'approve', corroborated: true, score: 0.9 } as const;
        const acted = Array.from({ length: 150 }, (_, i): ConfidenceOutcome => ({
          ...{ ...usual, actedBy: 'nightshift', verdict: 'recovered', at: T0 - (151 - i) * DAY },
        }));
        const alone = Array.from({ length: 20 }, (_, i): ConfidenceOutcome => ({
          ...usual,
          actedBy: 'nobody',
          verdict: 'unchanged',
          at: T0 - (180 - i) * DAY,
        }));
        const name = canonicalJson({ key, danger, ceiling });
        const found = known.get(name) ?? standing(recordOf(key, [...acted, ...alone], CONFIDENCE_DEFAULTS, T0), { danger, ceiling, now: T0 });
        known.set(name, found);
        const calibrated = score >= PROVEN_SCORE ? CALIBRATED.strong : CALIBRATED.weak;
        return { ...modeForIncident(found, { corroborated, calibrated }, CONFIDENCE_DEFAULTS.leastScore), standing: found };
      },
    },
  };
}
