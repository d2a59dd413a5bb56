import type { AwsHandsDeps } from './carrier';
import type { Scalable, ScalableOn } from './scalable';
import { scalableGroups } from './scalable-group';
import { scalableTargets } from './scalable-target';

/** Finds what of a service is scaled. */
export function createScalables(deps: AwsHandsDeps): (on: ScalableOn) => Scalable {
  const groups = scalableGroups(deps);
  const targets = scalableTargets(deps);
  return ({ part, hands }) => ('group' in part ? groups(hands, part) : targets(hands, part));
}
