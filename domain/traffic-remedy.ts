import type { Diagnosis, Hypothesis } from './diagnosis';
import type { Service } from './inventory';
import { BUILT_IN } from './runbook';
import type { RunbookSnapshot } from './runbook';
import { canScale } from './runbook-needs';

/** Whether traffic is among the causes, so that what the service can do about it matters. */
export function isOfTraffic({ hypotheses }: Diagnosis): boolean {
  return hypotheses.some(({ cause }) => cause === 'traffic-surge');
}

/** A diagnosis that offers a remedy for traffic only where there is one: hands that can run more of the service, or a runbook of the team's own. Elsewhere there is nothing of ours to act on. */
export function withinReach(found: Diagnosis, service: Service | undefined, catalogue: readonly RunbookSnapshot[]): Diagnosis {
  const own = catalogue.some(({ runbook, origin }) => origin !== BUILT_IN && runbook.causes.includes('traffic-surge'));
  if (own || canScale(service?.hands)) return found;
  return { ...found, hypotheses: found.hypotheses.map((each) => (each.cause === 'traffic-surge' ? withoutRemedy(each) : each)) };
}

function withoutRemedy({ suspect: _suspect, runbook: _runbook, parameters: _parameters, ...rest }: Hypothesis): Hypothesis {
  return rest;
}
