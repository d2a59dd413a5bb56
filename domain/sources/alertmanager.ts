import { z } from 'zod';
import { ENVIRONMENT_LABELS, environmentOf, SERVICE_LABELS, serviceOf, valuesOf } from './names';
import type { Normalised, Source, SourceContext } from './source';
import { toAlert } from './to-alert';
import { hasMembers, readAs } from './wire';

const texts = z.record(z.string(), z.string());

/** One alert of a webhook of version 4; what is left out by the senders of old is optional. */
const alert = z.looseObject({
  status: z.enum(['firing', 'resolved']),
  labels: texts,
  annotations: texts.default({}),
  startsAt: z.string(),
  endsAt: z.string().optional(),
  generatorURL: z.string().optional(),
  fingerprint: z.string().optional(),
});
type Told = z.output<typeof alert>;

const webhook = z.looseObject({
  version: z.literal('4'),
  groupKey: z.string(),
  truncatedAlerts: z.number().optional(),
  alerts: z.array(alert),
});

/** Webhooks of Alertmanager, version 4. https://prometheus.io/docs/alerting/latest/configuration/#webhook_config */
export const alertmanager: Source = {
  name: 'alertmanager',
  title: 'Prometheus Alertmanager, webhook version 4',
  gives: ['alert'],
  // Grafana sends the same and the number of an organisation.
  recognises: ({ json }) => hasMembers(json, 'version', 'groupKey', 'alerts') && json['version'] === '4' && !hasMembers(json, 'orgId'),
  read(message, context) {
    const { alerts, truncatedAlerts = 0 } = readAs(message, webhook);
    const cut = truncatedAlerts > 0 ? [`${String(truncatedAlerts)} alerts that Alertmanager left out (\`max_alerts\` of its webhook)`] : [];
    return { objects: alerts.map((told) => read(told, context)), passedOver: alerts.length + cut.length === 0 ? ['a group without alerts'] : cut };
  },
};

function read({ status, labels, annotations, startsAt, endsAt, generatorURL, fingerprint }: Told, context: SourceContext): Normalised {
  const { alertname = '', severity, ...others } = labels;
  return toAlert(
    {
      ...{ source: 'alertmanager', status, name: alertname, severity, labels: others, link: generatorURL },
      environment: environmentOf(valuesOf(labels, ENVIRONMENT_LABELS), context),
      service: serviceOf(valuesOf(labels, SERVICE_LABELS), context),
      summary: annotations['summary'] ?? annotations['description'] ?? annotations['message'],
      fingerprint: fingerprint === undefined ? undefined : `alertmanager:${fingerprint}`,
      startsAt: Date.parse(startsAt),
      // While an alert fires its end is the zero time.
      endsAt: status === 'resolved' && endsAt !== undefined ? Date.parse(endsAt) : undefined,
    },
    context,
  );
}
