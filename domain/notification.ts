import type { IncidentView, NotificationReason } from './incident-view';

/** A notification as it waits in the outbox. `id` is the same on every retry. */
export interface Notification {
  readonly id: string;
  readonly incidentId: string;
  readonly reason: NotificationReason;
  readonly round: number;
  /** ISO 8601. */
  readonly at: string;
  readonly view: IncidentView;
}
