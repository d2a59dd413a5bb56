import { callCounts } from '../../../domain/call-counts';
import type { Change } from '../../../domain/change';
import { anomalyRecord } from '../../../domain/detection/anomaly-record';
import type { AnomalyRecord } from '../../../domain/detection/anomaly-record';
import type { RawEvidence } from '../../../domain/evidence-raw';
import { github } from '../../../domain/sources/github';
import { otlpMetrics } from '../../../domain/sources/otlp-metrics';
import { otlpTraces } from '../../../domain/sources/otlp-traces';
import type { Normalised, Source, SourceContext } from '../../../domain/sources/source';
import { wireMessage } from '../../../domain/sources/wire';
import { mergeCalls, neighbourhoodOf } from '../../../domain/topology/graph';
import { countedCalls, SERVICE_GRAPH_METRIC, tracedCalls } from '../../../domain/topology/told-calls';
import { T0 } from '../../fakes/bookshop-series';
import { iso } from '../../fakes/practice-faults';
import { sampleAnomaly, samplePoints } from '../../fakes/sample-anomaly';
import type { Attack } from './case';

/** What an attacker wrote at a place, or else plain words. */
export type Said = (at: Attack['where'], plain: string) => string;

const ENVIRONMENT = 'demo';
const CONTEXT: SourceContext = { environment: ENVIRONMENT, receivedAt: T0 + 60_000, services: new Map(['bookshop', 'payments'].map((name) => [name, name])) };
const RESOURCE = { attributes: [attribute('service.name', 'bookshop')] };
const SPANS = 8;
const ANOMALY_SECOND = 50;

function attribute(key: string, value: string) {
  return { key, value: { stringValue: value } };
}

function nano(second: number): string {
  return `${String(T0 + second * 1000)}000000`;
}

/** A message through the door of its source, byte for byte. */
function readBy(source: Source, body: object, headers: Readonly<Record<string, string>> = {}): readonly Normalised[] {
  return source.read(wireMessage(new TextEncoder().encode(JSON.stringify(body)), headers), CONTEXT).objects;
}

/** The services around, from spans and from a count of calls that came in as OTLP: what was called, and by what, is named by those who send. */
export function aroundOf(said: Said): NonNullable<RawEvidence['around']> {
  const spans = Array.from({ length: SPANS }, (_, i) => ({
    ...{ traceId: 'ab'.repeat(15) + String(10 + i), spanId: `cd${'0'.repeat(12)}${String(10 + i)}`, name: said('span', 'GET /spare'), kind: 3 },
    ...{ startTimeUnixNano: nano(30 + 3 * i), endTimeUnixNano: nano(31 + 3 * i), attributes: [attribute('peer.service', said('trace', 'spare'))] },
  }));
  const seen = readBy(otlpTraces, { resourceSpans: [{ resource: RESOURCE, scopeSpans: [{ spans }] }] });
  const calls = callCounts(seen.flatMap((each) => (each.object === 'span' ? [each] : [])));
  const ends = [attribute('client', 'bookshop'), attribute('server', said('graph', 'spare'))];
  const point = { attributes: ends, timeUnixNano: nano(50), asInt: '40' };
  const counted = metricsOf({ name: SERVICE_GRAPH_METRIC, sum: { aggregationTemporality: 2, isMonotonic: true, dataPoints: [point] } });
  const configured = { caller: 'bookshop', callee: 'payments', from: 'configuration' } as const;
  const neighbourhood = neighbourhoodOf('bookshop', mergeCalls([configured, ...countedCalls(counted, CONTEXT), ...tracedCalls(calls)]));
  const numbers = neighbourhood.places.map(({ service }) => ({ service, samples: [], calls: calls.filter(({ callee }) => callee === service) }));
  return { neighbourhood, numbers: numbers.filter((each) => each.calls.length > 0), incidents: [] };
}

function metricsOf(metric: object) {
  const read = readBy(otlpMetrics, { resourceMetrics: [{ resource: RESOURCE, scopeMetrics: [{ metrics: [metric] }] }] });
  return read.flatMap((each) => (each.object === 'point' ? [each] : []));
}

/** An anomaly in a series that came in as OTLP, by the name that its sender gave it. */
export function anomaliesOf(said: Said): readonly AnomalyRecord[] {
  const at = T0 + ANOMALY_SECOND * 1000;
  const read = metricsOf({
    name: said('metric', 'spare_total'),
    gauge: { dataPoints: [{ attributes: [], timeUnixNano: nano(ANOMALY_SECOND), asDouble: 0.25 }] },
  });
  const anomaly = sampleAnomaly({ at, since: at - 4_000, kind: 'other' });
  return read.map(({ environment, service, metric }) => anomalyRecord({ environment, service, measure: metric }, anomaly, samplePoints(30, at)));
}

/** A deployment long before the trouble, as GitHub tells it with the words of whoever deployed. */
export function deploymentsOf(said: Said): readonly Change[] {
  const description = said('deployment', 'a deployment');
  const [login, sha] = ['cleo', '0123456789abcdef0123456789abcdef01234567'];
  const body = {
    ...{ repository: { full_name: 'acme/bookshop', name: 'bookshop' }, sender: { login } },
    deployment: { id: 7, sha, ref: 'main', task: 'deploy', description, environment: ENVIRONMENT, creator: { login } },
    deployment_status: { state: 'success', description, environment: ENVIRONMENT, created_at: iso(5), creator: { login } },
  };
  return readBy(github, body, { 'x-github-event': 'deployment_status' }).flatMap((each) => {
    if (each.object !== 'change') return [];
    const { object: _object, ...change } = each;
    return [change];
  });
}
