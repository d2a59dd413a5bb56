import type { IncidentView } from '../incident-view';
import { OWN_AUTHOR } from '../own-changes';

/** What a person can say of an anomaly. */
export const OPINIONS = ['useful', 'noise'] as const;
/** One of them. */
export type Opinion = (typeof OPINIONS)[number];

/**
 * What the end of an incident says of the anomalies that it is about, without anybody being asked: `acted` where a remedy of ours fixed it, `ignored` where it went by itself and
 * no person answered, acknowledged or wrote anything. `actors` are those of its audit. Undefined where it says nothing, as of one that a person closed: the person can say it.
 */
export function feedbackOfEnd({ status, outcome, acknowledgedBy }: EndedView, actors: readonly string[]): 'acted' | 'ignored' | undefined {
  if (status !== 'resolved') return undefined;
  if (outcome?.kind === 'fixed') return 'acted';
  if (outcome?.kind !== 'recovered-unaided') return undefined;
  return acknowledgedBy !== undefined || actors.some(isPerson) ? undefined : 'ignored';
}

type EndedView = Pick<IncidentView, 'status' | 'outcome' | 'acknowledgedBy'>;

/** Notes in Nightshift's own name come through the same door. */
function isPerson(actor: string): boolean {
  return /^(person|unverified):/.test(actor) && actor !== `person:${OWN_AUTHOR}`;
}
