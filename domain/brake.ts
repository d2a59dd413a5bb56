import { formatDuration } from './duration';
import type { IncidentView } from './incident-view';
import type { IncidentNotification } from './notification';

/** The brake on many incidents at once: more than `incidents` that open within `withinMs` stop all acting until a person releases it. */
export interface BrakeRule {
  readonly incidents: number;
  readonly withinMs: number;
}

/** From when on incidents count (epoch milliseconds): those from before a person last turned the switch off are answered for. */
export function countedSince(rule: BrakeRule, now: number, releasedAt: string | undefined): number {
  const released = releasedAt === undefined ? NaN : Date.parse(releasedAt);
  return Math.max(now - rule.withinMs, Number.isNaN(released) ? -Infinity : released);
}

/** Why the brake was put on, as a sentence; undefined while it need not be. */
export function brakeReason(rule: BrakeRule, opened: number): string | undefined {
  if (opened <= rule.incidents) return undefined;
  return `Brake: ${String(opened)} incidents opened within ${formatDuration(rule.withinMs)}, more than ${String(rule.incidents)}. So much at once has a cause that no remedy of one service reaches.`;
}

/** What is told once, with the newest incident as the example. Its `reason` says why. */
export function brakeNotification(view: IncidentView, reason: string, at: string): IncidentNotification {
  const { outcome: _outcome, remediation: _remediation, ...rest } = view;
  return { id: `brake/${at}`, incidentId: view.incidentId, reason: 'brake', round: view.round, at, view: { ...rest, reason } };
}
