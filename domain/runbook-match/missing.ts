import type { Allowed } from '../actions/allowed';
import { lacking } from '../actions/lacking';
import type { Service } from '../inventory';
import type { Runbook } from '../runbook';
import { missingHands } from '../runbook-needs';

/** What a runbook needs and a service does not have, as in the configuration: parts of its hands, and commands and calls that are allowed for it. */
export function missingFor(runbook: Runbook, service: Service | undefined, allowed: Allowed): string[] {
  if (!service?.hands) return ['hands'];
  return [...missingHands(runbook, service.hands), ...lacking(runbook, allowed, { service: service.name, environment: service.environment })];
}
