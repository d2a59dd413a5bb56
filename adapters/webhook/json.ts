import type { Notification } from '../../domain/notification';
import { messageLines } from '../../domain/notification-text';
import type { Message } from '../../domain/message';

/** Body of the format `json`: the message in words and the whole incident (or alerts that are in none), under a version of its own. */
export function jsonBody(notification: Notification, message: Message): Readonly<Record<string, unknown>> {
  const { id, reason, at } = notification;
  return {
    ...{ type: 'nightshift.notification', version: 1, id, reason, at },
    ...('view' in notification ? { incidentId: notification.incidentId, round: notification.round, incident: notification.view } : {}),
    ...('anomalies' in notification ? { anomalies: notification.anomalies } : {}),
    ...('alerts' in notification ? { alerts: notification.alerts, why: notification.why } : {}),
    title: message.title,
    text: messageLines(message).join('\n'),
  };
}
