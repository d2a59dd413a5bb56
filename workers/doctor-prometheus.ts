import { askPrometheus } from '../adapters/local/prometheus-api';
import type { PrometheusApiOptions } from '../adapters/local/prometheus-api';
import { samplesFrom } from '../adapters/local/prometheus-samples';
import { errorMessage } from '../domain/errors';
import type { Service } from '../domain/inventory';
import type { Finding } from './doctor-services';

/** Asks the Prometheus server of a service for its numbers, as the running system would. `now` is epoch milliseconds. */
export async function prometheusFinding(service: Service, now: number, options: PrometheusApiOptions): Promise<Finding> {
  const check = `${service.name} metrics`;
  const url = service.metrics?.url ?? '';
  const names = service.metrics?.names;
  const asked = Object.entries(service.metrics?.prometheus?.labels ?? {}).map(([name, value]) => `${name}="${value}"`);
  try {
    const series = await askPrometheus(service, now, options);
    const samples = samplesFrom(service, series, { at: now, instance: service.name, declared: false }).filter((sample) => sample.up);
    const requests = samples.flatMap((sample) => Object.values(sample.routes)).reduce((sum, route) => sum + route.requests, 0);
    if (samples.length > 0)
      return { check, ok: true, detail: `${url} counts ${String(requests)} requests of ${String(samples.length)} instance(s) in ${names?.requests ?? ''}` };
    const detail =
      series.length === 0
        ? `${url} has no series with ${asked.join(', ')}`
        : `${url} has series with ${asked.join(', ')}, but neither ${names?.requests ?? ''} nor ${names?.latency ?? ''} of an instance that is up`;
    return {
      check,
      ok: false,
      detail,
      mend: 'Set metrics.prometheus.labels to labels of its series, and metrics.names to what it counts requests in; or write metrics.prometheus.query.',
    };
  } catch (error) {
    return { check, ok: false, detail: errorMessage(error), mend: 'Is this the address of the server as seen from here, and does it want a token?' };
  }
}
