import type { Alert } from './alert';
import { utcTime } from './human-time';
import type { Message, MessageContext } from './message';
import { SEVERITIES } from './names';
import type { Severity } from './names';
import type { AlertsNotification, Notification } from './notification';
import { composeMessage } from './notification-text';
import { clip, plainText } from './plain-text';

const TITLE_WIDTH = 120;

/** Any notification in words. */
export function composeNotification(notification: Notification, context: MessageContext): Message {
  switch (notification.reason) {
    case 'undelivered':
      return alertsMessage(notification);
    case 'heartbeat':
      return { title: 'Nightshift: heartbeat', sections: [] };
    default:
      return composeMessage(notification.view, notification.reason, { ...context, anomalies: notification.anomalies?.map(({ text }) => text) ?? [] });
  }
}

/** The worst severity of some alerts. */
export function worstOf(alerts: readonly Alert[]): Severity {
  return SEVERITIES.find((severity) => alerts.some((alert) => alert.severity === severity)) ?? 'sev4';
}

/** Each alert stands there whole, as there may be no other place to read it. */
function alertsMessage({ alerts, why }: AlertsNotification): Message {
  const what = alerts.length === 1 ? 'an accepted alert is' : `${alerts.length} accepted alerts are`;
  const services = [...new Set(alerts.map((alert) => `${alert.service} (${alert.environment})`))].join(', ');
  return {
    title: clip(plainText(`[${worstOf(alerts).toUpperCase()}] Nightshift: ${what} in no incident: ${services}`), TITLE_WIDTH),
    sections: [
      {
        label: 'What',
        lines: [plainText(`${why} Nightshift keeps trying; until it says otherwise, look after ${alerts.length === 1 ? 'it' : 'them'} yourself.`)],
      },
      ...alerts.map((alert, i) => ({ label: `Alert ${i + 1}`, lines: [alertLine(alert), plainText(JSON.stringify(alert))] })),
      { label: 'Look', code: true, lines: ['npx nightshift doctor', 'npx nightshift incident list'] },
    ],
  };
}

function alertLine({ startsAt, severity, service, environment, name, status, summary, source }: Alert): string {
  return plainText(`${utcTime(startsAt)} ${severity} ${service} (${environment}): ${name} ${status}: ${summary} [${source}]`);
}
