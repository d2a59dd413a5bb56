import type { NotificationReason } from '../../domain/incident-view';
import type { Message } from '../../domain/message';
import type { Severity } from '../../domain/names';
import type { Notification } from '../../domain/notification';
import { clip } from '../../domain/plain-text';

const SUMMARY_LIMIT = 1024;

const SEVERITY: Readonly<Record<Severity, 'critical' | 'error' | 'warning' | 'info'>> = { sev1: 'critical', sev2: 'error', sev3: 'warning', sev4: 'info' };

/** A person who has answered need not be called again: those reasons acknowledge. All others call, under one key, so that they join the alert that is open. */
const ACTION: Partial<Readonly<Record<NotificationReason, 'acknowledge' | 'resolve'>>> = {
  approved: 'acknowledge',
  verified: 'acknowledge',
  'handed-over': 'acknowledge',
  resolved: 'resolve',
};

/** Body for PagerDuty's Events API v2. The deduplication key is the incident id, so that one incident is one alert there. */
export function pagerdutyBody(notification: Notification, message: Message, routingKey: string, apiUrl?: string): Readonly<Record<string, unknown>> {
  const action = ACTION[notification.reason] ?? 'trigger';
  const head = { routing_key: routingKey, event_action: action, dedup_key: notification.incidentId };
  if (action !== 'trigger') return head;
  const { view } = notification;
  const details = Object.fromEntries(message.sections.map(({ label, lines }) => [label, lines.join('\n')]));
  return {
    ...head,
    payload: {
      summary: clip(`${message.title}: ${message.sections.find((s) => s.label === 'What')?.lines[0] ?? ''}`, SUMMARY_LIMIT),
      source: `${view.environment}/${view.service}`,
      severity: SEVERITY[view.severity],
      timestamp: notification.at,
      component: view.service,
      group: view.environment,
      class: notification.reason,
      custom_details: { incident: notification.incidentId, ...details },
    },
    client: 'Nightshift',
    ...(apiUrl === undefined
      ? {}
      : { client_url: incidentUrl(apiUrl, view.incidentId), links: [{ href: incidentUrl(apiUrl, view.incidentId), text: 'Incident in Nightshift' }] }),
  };
}

function incidentUrl(apiUrl: string, incidentId: string): string {
  return `${apiUrl}/v1/incidents/${encodeURIComponent(incidentId)}`;
}
