import { jsonBody } from '../../../adapters/webhook/json';
import { pagerdutyBody } from '../../../adapters/webhook/pagerduty';
import { slackBody } from '../../../adapters/webhook/slack';
import type { Alert } from '../../../domain/alert';
import type { EvidenceBundle } from '../../../domain/evidence';
import { incidentDetails } from '../../../domain/incident-details';
import { joinAlerts } from '../../../domain/incident-alerts';
import { applyAssessment } from '../../../domain/incident-moves';
import { viewOf } from '../../../domain/incident-record';
import { newIncidentState } from '../../../domain/incident-state';
import type { IncidentState } from '../../../domain/incident-state';
import { incidentDocument } from '../../../domain/knowledge/document';
import type { Notification } from '../../../domain/notification';
import { composeNotification } from '../../../domain/notification-message';
import { messageLines } from '../../../domain/notification-text';
import type { Assessment } from '../../../domain/steps';

const AT = '2026-11-20T10:01:00.000Z';
const NOW = Date.parse(AT);

/** An incident into which its alerts were taken. */
export function opened(bundle: EvidenceBundle, alerts: readonly Alert[]): IncidentState {
  const { incidentId, environment, service } = bundle;
  const state = newIncidentState({ incidentId, workflowId: 'w', runId: 'r', environment, service, now: NOW });
  joinAlerts(state, alerts, 100);
  return state;
}

/** Everything that leaves the house or stays of an assessment, by the form in which people or machines read it. */
export interface Told {
  readonly slack: Readonly<Record<string, unknown>>;
  readonly markdown: string;
  readonly lines: string;
  /** All forms, and what the history and the audit hold. */
  readonly all: string;
}

/** What is told of an assessment. */
export function toldOf(state: IncidentState, bundle: EvidenceBundle, found: Assessment): Told {
  applyAssessment(state, NOW, found, 1000);
  const view = viewOf(state, NOW);
  const notification = { id: 'n1', reason: state.pendingNotify ?? 'escalated', at: AT, incidentId: state.incidentId, round: 1, view } as Notification;
  const message = composeNotification(notification, { now: NOW });
  const whole = composeNotification(notification, { now: NOW, whole: true });
  const slack = slackBody(notification, message);
  const markdown = [incidentDetails(state), incidentDocument({ view, entries: state.pending, outcomes: [], bundle })].join('\n');
  const lines = [...messageLines(message), ...messageLines(whole)].join('\n');
  const bodies = [slack, jsonBody(notification, message), pagerdutyBody(notification, message, 'k'), view, state.pending, found, bundle];
  return { slack, markdown, lines, all: [markdown, lines, ...bodies.map((each) => JSON.stringify(each))].join('\n') };
}
