import { z } from 'zod';
import { readLegacy } from './grafana-legacy';
import { epochOf } from './instants';
import { ENVIRONMENT_LABELS, environmentOf, SERVICE_LABELS, serviceOf, valuesOf } from './names';
import type { Normalised, Source, SourceContext } from './source';
import { toAlert } from './to-alert';
import { hasMembers, readAs } from './wire';

const texts = z.record(z.string(), z.string());

const alert = z.looseObject({
  status: z.enum(['firing', 'resolved']),
  labels: texts,
  annotations: texts.nullish(),
  startsAt: z.string(),
  endsAt: z.string().nullish(),
  generatorURL: z.string().nullish(),
  dashboardURL: z.string().nullish(),
  panelURL: z.string().nullish(),
  fingerprint: z.string().nullish(),
  /** Values of the rule's queries and expressions by their letters; some are null where there is no data. */
  values: z.record(z.string(), z.number().nullable()).nullish(),
});
type Told = z.output<typeof alert>;

const webhook = z.looseObject({
  orgId: z.number().nullish(),
  truncatedAlerts: z.number().nullish(),
  alerts: z.array(alert),
});

/**
 * Webhooks of Grafana: unified alerting (Alertmanager's format and more) and the legacy alerting of Grafana 10 and before.
 * https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/
 */
export const grafana: Source = {
  name: 'grafana',
  title: 'Grafana alerting, webhook (unified and legacy)',
  gives: ['alert'],
  recognises: ({ json }) => isUnified(json) || isLegacy(json),
  read(message, context) {
    if (isLegacy(message.json)) return readLegacy(message, context);
    const { alerts, orgId, truncatedAlerts } = readAs(message, webhook);
    const left = truncatedAlerts ?? 0;
    const cut = left > 0 ? [`${String(left)} alerts that Grafana left out (maximum of its contact point)`] : [];
    return { objects: alerts.map((told) => read(told, orgId ?? 1, context)), passedOver: alerts.length + cut.length === 0 ? ['a group without alerts'] : cut };
  },
};

function isUnified(json: unknown): boolean {
  return hasMembers(json, 'orgId', 'groupKey', 'alerts');
}

function isLegacy(json: unknown): boolean {
  return hasMembers(json, 'ruleId', 'ruleName', 'state') && !hasMembers(json, 'alerts');
}

function read(told: Told, orgId: number, context: SourceContext): Normalised {
  const { status, labels, fingerprint } = told;
  const { alertname = '', severity, ...others } = labels;
  const annotations = told.annotations ?? {};
  return toAlert(
    {
      ...{ source: 'grafana', status, name: alertname, severity, labels: others },
      environment: environmentOf(valuesOf(labels, ENVIRONMENT_LABELS), context),
      service: serviceOf(valuesOf(labels, SERVICE_LABELS), context),
      summary: annotations['summary'] ?? annotations['description'] ?? annotations['message'],
      // Labels, which the fingerprint is made of, are unique in an organisation only.
      fingerprint: fingerprint ? `grafana:${String(orgId)}:${fingerprint}` : undefined,
      startsAt: epochOf(told.startsAt),
      // While an alert fires its end is the zero time.
      endsAt: status === 'resolved' ? epochOf(told.endsAt) : undefined,
      value: measured(told.values),
      link: [told.panelURL, told.dashboardURL, told.generatorURL].find((url) => url) ?? undefined,
    },
    context,
  );
}

/** The value that was measured. A threshold expression stands beside it as 0 or 1; where more than one is left, nothing tells which is meant. */
function measured(values: Told['values']): number | undefined {
  const all = [...new Set(Object.values(values ?? {}).filter((value) => value !== null))];
  const left = all.length === 1 ? all : all.filter((value) => value !== 0 && value !== 1);
  return left.length === 1 ? left[0] : undefined;
}
