import { percent } from '../wording';
import type { StandingView } from './standing-view';

/** What a standing is about, in one line. */
export function standingTitle({ runbook, cause, service, environment }: StandingView): string {
  return `${runbook.id} v${String(runbook.version)} for ${cause} on ${service} in ${environment}`;
}

/** The numbers of a standing, a few words each: lower bound, outcomes, harms, uplift, and how far the gate is. */
export function standingNumbers({ bound, boundFrom, effectiveOutcomes, outcomes, harmsHeld, uplift, gate }: StandingView): string[] {
  const way = gate.recoveries === 0 ? 'proven' : gate.recoveries === undefined ? 'cannot be reached' : `${String(gate.recoveries)} recoveries away`;
  return [
    `bound ${percent(bound)}${boundFrom === 'own' ? '' : ' with like services'}`,
    `outcomes ${String(Math.round(effectiveOutcomes))} of ${String(outcomes)} count`,
    `harms ${String(harmsHeld)}`,
    `uplift ${uplift.untouched === 0 ? 'unknown' : percent(uplift.bound)}`,
    `gate ${percent(gate.bound)} ${way}`,
  ];
}
