import type { Alert } from './alert';
import { digestOf } from './digest';
import { formatDuration } from './duration';
import { HEARTBEAT_SOURCE } from './heartbeat';
import type { IncidentView } from './incident-view';
import type { AlertsNotification, IncidentNotification } from './notification';
import { endsBy } from './prediction/foretold';
import type { IncidentSettings } from './settings';

/** When the watcher tells people; milliseconds. */
export interface WatchRule {
  /** An accepted alert is in no incident for so long. */
  readonly undeliveredAfterMs: number;
  /** An incident that should move has not moved for so long beyond the time that its state may take. */
  readonly stalledAfterMs: number;
}

/** An accepted alert that was not yet seen in an incident. */
export interface WatchedAlert {
  readonly position: number;
  readonly alert: Alert;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
  /** Temporal has it. */
  readonly inWorkflow: boolean;
  /** An incident of its service is open, or was after it came. */
  readonly inIncident: boolean;
}

/** Alerts of one notification; each is told whole. */
const ALERTS_A_MESSAGE = 10;

/** Those that need no watching any more: an incident has them, or there is nothing that one would be opened for. */
export function isSettled({ alert, inWorkflow, inIncident }: WatchedAlert): boolean {
  return inIncident || (inWorkflow && (alert.status === 'resolved' || alert.source === HEARTBEAT_SOURCE));
}

/** Those that people must be told of. A heartbeat that is late is told by its absence. */
export function isLost(watched: WatchedAlert, { undeliveredAfterMs }: WatchRule, now: number): boolean {
  return !isSettled(watched) && watched.alert.source !== HEARTBEAT_SOURCE && now - watched.receivedAt >= undeliveredAfterMs;
}

/** Notifications that hold alerts whole, a few in each; `why` is a sentence. */
export function lostNotifications(
  lost: readonly WatchedAlert[],
  why: string,
  now: number,
): readonly { readonly positions: readonly number[]; readonly notification: AlertsNotification }[] {
  return chunks(lost, ALERTS_A_MESSAGE).map((some) => ({
    positions: some.map((item) => item.position),
    notification: {
      // The same ones have the same id, also where no store gave them a position.
      id: `undelivered/${digestOf(some.map((item) => item.alert.id)).slice(0, 16)}`,
      reason: 'undelivered',
      at: new Date(now).toISOString(),
      alerts: some.map((item) => item.alert),
      why,
    },
  }));
}

/** Why alerts are in no incident, by what is known of them. */
export function lostReason(lost: readonly WatchedAlert[], { undeliveredAfterMs }: WatchRule): string {
  const waiting = lost.filter((item) => !item.inWorkflow).length;
  const taken = lost.length - waiting;
  const after = formatDuration(undeliveredAfterMs);
  const parts = [
    ...(waiting > 0 ? [`Temporal has not taken ${count(waiting)} within ${after}: does its server answer, and does a worker run?`] : []),
    ...(taken > 0 ? [`No incident shows ${count(taken)} within ${after}, though Temporal has ${taken === 1 ? 'it' : 'them'}: does a worker run?`] : []),
  ];
  return parts.join(' ');
}

/** Why an incident stalls, as a sentence; undefined while it moves, or waits for people as it should. */
export function stallOf(view: IncidentView, settings: IncidentSettings, { stalledAfterMs }: WatchRule, now: number): string | undefined {
  const due = dueAt(view, settings);
  if (due === undefined || now - due < stalledAfterMs) return undefined;
  return `Nothing has happened in this incident since ${view.updatedAt}, though it is ${view.status}. Look at its workflow ${view.workflowId} in the Temporal UI: does it fail, and does a worker run?`;
}

/** What people are told of an incident that stalls, once for each of its states. */
export function stalledNotification(view: IncidentView, reason: string, now: number): IncidentNotification {
  const { outcome: _outcome, remediation: _remediation, ...rest } = view;
  return {
    ...{ id: `${view.incidentId}/stalled/${view.version}`, incidentId: view.incidentId, reason: 'stalled', round: view.round },
    at: new Date(now).toISOString(),
    view: { ...rest, reason },
  };
}

/** When an incident should have moved on at the latest, epoch milliseconds; undefined where it waits for a person, or for the service itself. */
function dueAt(view: IncidentView, { activity, verification, watchMs, conditionEndsMs = 0 }: IncidentSettings): number | undefined {
  const since = Date.parse(view.updatedAt);
  switch (view.status) {
    case 'open':
    case 'triaged':
      return since;
    case 'awaiting-approval':
      return view.proposal ? Date.parse(view.proposal.expiresAt) : since;
    case 'remediating':
      // It may wait for another remediation of the same target.
      return since + activity.effect.timeoutMs + verification.timeoutMs;
    case 'verifying':
      return since + verification.settleMs + verification.timeoutMs;
    case 'watching':
      // Without an outcome the end of a prediction is awaited.
      return view.outcome ? since + Math.max(watchMs, conditionEndsMs) : endsBy(view.alerts, since);
    case 'diagnosed':
    case 'escalated':
    case 'handed-over':
    case 'resolved':
      return undefined;
  }
}

function count(alerts: number): string {
  return alerts === 1 ? 'an alert' : `${alerts} alerts`;
}

function chunks<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}
