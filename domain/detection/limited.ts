import type { ServiceLimits } from '../inventory';

/** Measures that a declared limit judges in place of the detector: what a team has drawn itself is not drawn twice. */
export function limitedMeasures(limits: ServiceLimits | undefined): readonly string[] {
  if (!limits) return [];
  return [...(limits.errorShare ? ['errorShare'] : []), ...(limits.latencyP95Ms ? ['latencyP95Ms'] : []), ...(limits.silence ? ['up', 'rate'] : [])];
}
