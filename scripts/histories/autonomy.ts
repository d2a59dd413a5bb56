import { moreCautious } from '../../domain/confidence/rungs';
import type { Rung } from '../../domain/names';
import type { Autonomy, AutonomyQuestion } from '../../ports/autonomy';

/** A record that says what `allowed` says, below policy: 0.962 proven over 212 outcomes. */
export function fixedAutonomy(allowed: (question: AutonomyQuestion) => Rung): Autonomy {
  return {
    async verdictOf(question) {
      const mode = moreCautious(question.ceiling, allowed(question));
      const reach = { recoveries: 0, undecayed: 0, capacity: undefined, perVersion: undefined };
      const uplift = { bound: 0.5, healsAloneAtMost: 0.4, untouched: 20, healed: 4 };
      return {
        ...{ mode, confidence: 0.962, reasons: [] },
        standing: {
          ...{ key: question.key, mode, earned: mode, bound: 0.962, boundFrom: 'own', effectiveOutcomes: 212, outcomes: 220, recovered: 219 },
          ...{ harmsHeld: 0, uplift, reach, reasons: ['219 of 220 outcomes recovered; 212 still count.'] },
        },
      };
    },
  };
}

/** Everything may act alone; what is asked of this service falls between diagnosis and action. */
export function fallsOnce(service: string): (question: AutonomyQuestion) => Rung {
  let times = 0;
  return ({ key }) => (key.service === service && (times += 1) > 1 ? 'approve' : 'auto');
}
