import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import type { AlertedStart } from '../adapters/temporal/client';
import type { NightshiftConfig } from '../config/types';
import type { Alert } from '../domain/alert';
import { escapeMarkdown } from '../domain/markdown';
import { SEVERITIES } from '../domain/names';
import type { AlertRoute } from '../domain/routing';
import { ATTRIBUTES } from '../domain/search-attributes';
import type { HeartbeatInput, IncidentInput } from '../domain/steps';
import { WORKFLOW_VERSIONS } from '../domain/workflow-versions';

const key = (name: string): ReturnType<typeof defineSearchAttributeKey<typeof SearchAttributeType.KEYWORD>> =>
  defineSearchAttributeKey(name, SearchAttributeType.KEYWORD);

/** How the workflow of a route is started. */
export function alertedStart(config: Pick<NightshiftConfig, 'incidents'>): (route: AlertRoute, alerts: readonly Alert[]) => AlertedStart {
  return (route, alerts) => (route.workflow === 'heartbeat' ? heartbeatStart(config) : incidentStart(config, route, alerts));
}

function heartbeatStart({ incidents }: Pick<NightshiftConfig, 'incidents'>): AlertedStart {
  const input: HeartbeatInput = { schemaVersion: WORKFLOW_VERSIONS.heartbeat.written, retry: incidents.activity.quick };
  return { input, staticSummary: 'Heartbeat', staticDetails: 'A synthetic alert on its way from the inbox to a notification.' };
}

/** How an incident is started: limits are frozen here, and the first search attributes cost nothing when they are given at the start. */
function incidentStart(config: Pick<NightshiftConfig, 'incidents'>, { environment, service }: AlertRoute, alerts: readonly Alert[]): AlertedStart {
  const input: IncidentInput = { schemaVersion: WORKFLOW_VERSIONS.incident.written, environment, service, settings: config.incidents };
  const severity = SEVERITIES.find((s) => alerts.some((a) => a.severity === s)) ?? 'sev4';
  return {
    input,
    staticSummary: escapeMarkdown(`${service} (${environment})`),
    staticDetails: `One incident of ${escapeMarkdown(service)} in ${escapeMarkdown(environment)}. Answer with the update \`decide\`, or with \`npx nightshift incident list\`.`,
    typedSearchAttributes: [
      { key: key(ATTRIBUTES.service), value: service },
      { key: key(ATTRIBUTES.environment), value: environment },
      { key: key(ATTRIBUTES.severity), value: severity },
      { key: key(ATTRIBUTES.status), value: 'open' },
    ],
  };
}
