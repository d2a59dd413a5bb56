import type { CallCount } from '../call-counts';
import type { Inventory } from '../inventory';
import type { SourceContext } from '../sources/source';
import { serviceOf } from '../sources/names';
import type { ToldCall } from './graph';

/** Counter of calls between two services that the service graph connector of the OpenTelemetry collector, Tempo and others keep, with the labels `client` and `server`. */
export const SERVICE_GRAPH_METRIC = 'traces_service_graph_request_total';
const ENDS = ['client', 'server'] as const;
/** What cannot be told apart is kept under a name of this form, and is no service. */
const NO_SERVICE = /^(?:<.*>|unknown|user|)$/;

/** Calls that the configuration declares by `dependsOn`. */
export function configuredCalls({ services }: Inventory, environment: string): readonly ToldCall[] {
  return services
    .filter((service) => service.environment === environment)
    .flatMap(({ name, dependsOn }) => dependsOn.map((callee): ToldCall => ({ caller: name, callee, from: 'configuration' })));
}

/** Calls that were seen in traces. */
export function tracedCalls(calls: readonly CallCount[]): readonly ToldCall[] {
  return calls.flatMap(({ caller, callee, requests }): readonly ToldCall[] =>
    caller === undefined || [caller, callee].some((name) => NO_SERVICE.test(name)) ? [] : [{ caller, callee, from: 'traces', requests }],
  );
}

/** Calls of which a counter is kept. How much it counted is not asked: that there is one is enough. */
export function countedCalls(series: readonly { readonly labels: Readonly<Record<string, string>> }[], context: SourceContext): readonly ToldCall[] {
  return series.flatMap(({ labels }): readonly ToldCall[] => {
    const [client = '', server = ''] = ENDS.map((end) => labels[end] ?? '');
    if (NO_SERVICE.test(client) || NO_SERVICE.test(server)) return [];
    return [{ caller: serviceOf([client], context), callee: serviceOf([server], context), from: 'counts' }];
  });
}
