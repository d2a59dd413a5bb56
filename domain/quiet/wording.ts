import { formatDuration } from '../duration';
import { humanDuration } from '../human-time';
import type { IncidentView } from '../incident-view';
import type { IncidentNotification } from '../notification';
import type { Condition } from './condition';
import type { FlappingRule } from './flapping';

/** What people are told of an alert that flaps. */
export function flappingText({ name, flapping }: Condition, { calmMs }: FlappingRule): string {
  if (!flapping) return `${name} flaps.`;
  const within = humanDuration(flapping.changedAt - flapping.since);
  return `${name} flaps: ${String(flapping.changes)} changes within ${within}. They are folded, and nothing is proposed, until it is calm for ${formatDuration(calmMs)}.`;
}

/** What people are told when it is calm again. */
export function calmText({ name, flapping }: Condition, still: boolean): string {
  const folded = flapping ? `; ${String(flapping.folded)} messages were folded` : '';
  return `${name} flaps no more${folded}. It ${still ? 'still fires' : 'has ended'}.`;
}

/** The one message about an alert that flaps, or that is calm again; since when it flapped makes its id. */
export function flappingMessage(view: IncidentView, reason: 'flapping' | 'calm', since: number, text: string, now: number): IncidentNotification {
  const { incidentId, round } = view;
  const { outcome: _outcome, ...rest } = view;
  return { id: `${incidentId}/${reason}/${String(since)}`, incidentId, reason, round, at: new Date(now).toISOString(), view: { ...rest, reason: text } };
}
