import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import type { IncidentStart } from '../adapters/temporal/client';
import type { NightshiftConfig } from '../config/types';
import type { Alert } from '../domain/alert';
import { escapeMarkdown } from '../domain/markdown';
import { SEVERITIES } from '../domain/names';
import { ATTRIBUTES } from '../domain/search-attributes';
import type { IncidentInput } from '../domain/steps';

const key = (name: string): ReturnType<typeof defineSearchAttributeKey<typeof SearchAttributeType.KEYWORD>> =>
  defineSearchAttributeKey(name, SearchAttributeType.KEYWORD);

/** How an incident is started: limits are frozen here, and the first search attributes cost nothing when they are given at the start. */
export function incidentStart(config: Pick<NightshiftConfig, 'incidents'>) {
  return (_workflowId: string, environment: string, service: string, alerts: readonly Alert[]): IncidentStart => {
    const input: IncidentInput = { schemaVersion: 1, environment, service, settings: config.incidents };
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
  };
}
