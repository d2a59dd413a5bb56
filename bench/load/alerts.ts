/** Forms in which the same alerts are sent: ours, our source of Alertmanager's webhooks, and Alertmanager itself. */
export const FORMS = ['alerts', 'webhook', 'alertmanager'] as const;
/** One of them. */
export type Form = (typeof FORMS)[number];

/** One alert of the load, whatever its form. */
export interface LoadAlert {
  readonly id: string;
  readonly service: string;
  readonly environment: string;
  readonly startsAt: string;
}

interface Shape {
  readonly path: string;
  readonly one: (alert: LoadAlert) => object;
  readonly body: (alerts: readonly object[]) => unknown;
}

const SUMMARY = '7 % of the requests for /checkout fail';
const REGION = 'eu-central-1';

const SHAPES: Readonly<Record<Form, Shape>> = {
  alerts: {
    path: '/v1/alerts',
    one: ({ id, service, environment, startsAt }) => ({
      ...{ id, service, environment, startsAt, name: 'ErrorShareHigh', severity: 'error', summary: SUMMARY },
      labels: { instance: id, region: REGION, route: '/checkout' },
    }),
    body: (alerts) => (alerts.length === 1 ? alerts[0] : { alerts }),
  },
  webhook: {
    path: '/v1/sources/alertmanager',
    one: (alert) => ({ status: 'firing', ...prometheusAlert(alert), endsAt: '0001-01-01T00:00:00Z', fingerprint: alert.id }),
    body: (alerts) => ({
      ...{ version: '4', groupKey: '{}:{}', truncatedAlerts: 0, status: 'firing', receiver: 'nightshift', externalURL: 'http://alertmanager.example:9093' },
      ...{ groupLabels: {}, commonLabels: {}, commonAnnotations: {}, alerts },
    }),
  },
  alertmanager: { path: '/api/v2/alerts', one: prometheusAlert, body: (alerts) => alerts },
};

function prometheusAlert({ id, service, environment, startsAt }: LoadAlert): object {
  const labels = { alertname: 'ErrorShareHigh', service, environment, severity: 'error', instance: id, region: REGION, route: '/checkout' };
  return { labels, annotations: { summary: SUMMARY }, startsAt, generatorURL: 'http://prometheus.example:9090/graph' };
}

/** Whom alerts are sent to: `host:port`, and a bearer key where one is needed. */
export interface Receiver {
  readonly host: string;
  readonly key?: string | undefined;
}

/** A whole HTTP/1.1 request with some alerts. */
export function requestOf(form: Form, { host, key }: Receiver, alerts: readonly LoadAlert[]): string {
  const body = bodyOf(form, alerts);
  const authorization = key === undefined ? '' : `authorization: Bearer ${key}\r\n`;
  const length = String(Buffer.byteLength(body));
  return `POST ${SHAPES[form].path} HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\n${authorization}content-length: ${length}\r\n\r\n${body}`;
}

function bodyOf(form: Form, alerts: readonly LoadAlert[]): string {
  const { one, body } = SHAPES[form];
  return JSON.stringify(body(alerts.map(one)));
}
