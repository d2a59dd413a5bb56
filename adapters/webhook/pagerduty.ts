import { consoleLink } from '../../domain/console-link';
import type { Message } from '../../domain/message';
import type { Severity } from '../../domain/names';
import type { Notification } from '../../domain/notification';
import { worstOf } from '../../domain/notification-message';
import { clip } from '../../domain/plain-text';

const SUMMARY_LIMIT = 1024;

const SEVERITY: Readonly<Record<Severity, 'critical' | 'error' | 'warning' | 'info'>> = { sev1: 'critical', sev2: 'error', sev3: 'warning', sev4: 'info' };

/** A person who has answered need not be called again: those reasons acknowledge. All others call, under one key, so that they join the alert that is open. */
const ACTION: Partial<Readonly<Record<Notification['reason'], 'acknowledge' | 'resolve'>>> = {
  approved: 'acknowledge',
  verified: 'acknowledge',
  'handed-over': 'acknowledge',
  resolved: 'resolve',
};

/** Body for PagerDuty's Events API v2. The deduplication key is the incident id, so that one incident is one alert there; the brake, and alerts that are in no incident, are their own. */
export function pagerdutyBody(notification: Notification, message: Message, routingKey: string, apiUrl?: string): Readonly<Record<string, unknown>> {
  const action = ACTION[notification.reason] ?? 'trigger';
  const own = notification.reason === 'brake' || !('view' in notification);
  const head = { routing_key: routingKey, event_action: action, dedup_key: own ? notification.id : notification.incidentId };
  if (action !== 'trigger') return head;
  const link = 'view' in notification && apiUrl !== undefined ? consoleLink(apiUrl, notification.incidentId) : undefined;
  return {
    ...head,
    payload: {
      summary: clip(`${message.title}: ${message.sections.find((s) => s.label === 'What')?.lines[0] ?? ''}`, SUMMARY_LIMIT),
      ...placeOf(notification),
      timestamp: notification.at,
      class: notification.reason,
      custom_details: detailsOf(notification, message),
    },
    client: 'Nightshift',
    ...(link === undefined ? {} : { client_url: link, links: [{ href: link, text: 'Incident in Nightshift' }] }),
  };
}

function placeOf(notification: Notification): Readonly<Record<string, string>> {
  if (!('view' in notification)) return { source: 'nightshift', severity: SEVERITY['alerts' in notification ? worstOf(notification.alerts) : 'sev4'] };
  const { service, environment, severity } = notification.view;
  return { source: `${environment}/${service}`, severity: SEVERITY[severity], component: service, group: environment };
}

function detailsOf(notification: Notification, message: Message): Readonly<Record<string, unknown>> {
  const details = Object.fromEntries(message.sections.map(({ label, lines }) => [label, lines.join('\n')]));
  return {
    ...('view' in notification ? { incident: notification.incidentId } : {}),
    ...details,
    ...('alerts' in notification ? { alerts: notification.alerts } : {}),
  };
}
