import type { Notification } from '../../domain/notification';
import { messageLines } from '../../domain/notification-text';
import type { Message } from '../../domain/message';

/** Body of the format `json`: the message in words and the whole incident, under a version of its own. */
export function jsonBody(notification: Notification, message: Message): Readonly<Record<string, unknown>> {
  const { id, incidentId, reason, round, at, view } = notification;
  return {
    type: 'nightshift.notification',
    version: 1,
    id,
    incidentId,
    reason,
    round,
    at,
    title: message.title,
    text: messageLines(message).join('\n'),
    incident: view,
  };
}
