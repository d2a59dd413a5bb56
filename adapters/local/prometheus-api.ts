import { z } from 'zod';
import { NightshiftError } from '../../domain/errors';
import type { PrometheusQueries, Service } from '../../domain/inventory';
import { plainText } from '../../domain/plain-text';
import type { Clock } from '../../ports/clock';
import type { MetricHistory, MetricSource } from '../../ports/metrics';
import { readAnswer } from './http';
import type { CallLimits } from './http';
import type { PrometheusSample } from './prometheus-format';
import { samplesFrom, START, unreadable, UP } from './prometheus-samples';

/** Limits of one call, and what is sent as `Authorization`, by `environment/name` of the service. */
export interface PrometheusApiOptions extends CallLimits {
  readonly authorization: Readonly<Record<string, string>>;
}

/** Points that are asked of a series at once; the server gives at most 11,000. */
const MOST_POINTS = 2_000;

const point = z.tuple([z.number(), z.string()]);
const labels = z.record(z.string(), z.string());
const envelope = z.object({ status: z.string(), error: z.string().optional(), warnings: z.array(z.string()).optional(), data: z.unknown().optional() });
const vector = z.object({ resultType: z.literal('vector'), result: z.array(z.object({ metric: labels, value: point.optional() })) });
const matrix = z.object({ resultType: z.literal('matrix'), result: z.array(z.object({ metric: labels, values: z.array(point).optional() })) });

/** One series with its points: epoch milliseconds and value. */
interface Told {
  readonly metric: Readonly<Record<string, string>>;
  readonly points: readonly (readonly [at: number, value: number])[];
}

/**
 * Numbers of services from a Prometheus server or whatever speaks its HTTP API. https://prometheus.io/docs/prometheus/latest/querying/api/
 * A server that does not answer, answers in part (`warnings`) or knows nothing of the service makes the sample `unreadable`: its trouble is not the service's.
 */
export function createPrometheusApi(clock: Clock, options: PrometheusApiOptions): MetricSource & MetricHistory {
  return {
    async scrape(service) {
      const queries = service.metrics?.prometheus;
      if (!service.metrics || !queries) return [];
      const now = clock.now();
      try {
        const { series, at } = await readNow(service, service.metrics.url, queries, now, options);
        return samplesFrom(service, series, { at, instance: service.name, declared: isDown(series) });
      } catch {
        return [unreadable(service, now, service.name)];
      }
    },
    async past(service, from, to, stepMs) {
      const queries = service.metrics?.prometheus;
      if (!service.metrics || !queries || to <= from) return [];
      const step = Math.max(stepMs, Math.ceil((to - from) / MOST_POINTS));
      const params = { start: seconds(from), end: seconds(to), step: seconds(step) };
      const told = await readAll(service, service.metrics.url, queries, 'query_range', params, options);
      return [...byTime(told)].flatMap(([at, series]) => samplesFrom(service, series, { at, instance: service.name, declared: isDown(series) }));
    },
  };
}

/** What is asked of the server about a service now. Throws `unreachable`, with the server's own words. */
export async function askPrometheus(service: Service, now: number, options: PrometheusApiOptions): Promise<readonly PrometheusSample[]> {
  const { metrics } = service;
  if (!metrics?.prometheus) throw new NightshiftError('invalid_input', `${service.name} names no Prometheus server`);
  return (await readNow(service, metrics.url, metrics.prometheus, now, options)).series;
}

/** The series as of now. Their time is that of the newest scrape behind them: asked twice between two scrapes, they are the same sample. */
async function readNow(
  service: Service,
  url: string,
  queries: PrometheusQueries,
  now: number,
  options: PrometheusApiOptions,
): Promise<{ series: readonly PrometheusSample[]; at: number }> {
  const time = { time: seconds(now) };
  const up = queries.expressions.up === undefined ? selector([UP], queries.labels) : undefined;
  const [told, scraped] = await Promise.all([
    readAll(service, url, queries, 'query', time, options),
    up === undefined ? [] : read(service, url, 'query', { query: `timestamp(${up})`, ...time }, options),
  ]);
  const times = scraped.flatMap(({ points }) => points.map(([, value]) => Math.round(value * 1000))).filter(Number.isFinite);
  const series = told.flatMap(({ metric, points }) => points.map(([, value]) => seriesOf(metric, value)));
  return { series, at: times.length > 0 ? times.reduce((a, b) => Math.max(a, b)) : now };
}

/** Series by their names in one query, and each expression in one of its own under the name that it stands for. */
async function readAll(
  service: Service,
  url: string,
  queries: PrometheusQueries,
  kind: 'query' | 'query_range',
  params: Readonly<Record<string, string>>,
  options: PrometheusApiOptions,
): Promise<readonly Told[]> {
  const asked = queriesOf(service, queries);
  const answers = await Promise.all(
    asked.map(async ({ name, query }) => {
      const told = await read(service, url, kind, { query, ...params }, options);
      return name === undefined ? told : told.map((each) => ({ ...each, metric: { ...each.metric, __name__: name } }));
    }),
  );
  return answers.flat();
}

function queriesOf({ metrics }: Service, { labels: own, expressions }: PrometheusQueries): readonly { readonly name?: string; readonly query: string }[] {
  if (!metrics) return [];
  const { names, saturation } = metrics;
  const meant: readonly (readonly [string | undefined, string | undefined])[] = [
    [names.requests, expressions.requests],
    [names.errors, expressions.errors],
    [`${names.latency}_bucket`, expressions.latency],
    [UP, expressions.up],
  ];
  const byName = meant.flatMap(([name, query]) => (name === undefined || query !== undefined ? [] : [name]));
  const gauges = saturation.flatMap(({ used, limit }) => (typeof limit === 'string' ? [used, limit] : [used]));
  const written = meant.flatMap(([name, query]) => (name === undefined || query === undefined ? [] : [{ name, query }]));
  return [{ query: selector([...new Set([...byName, ...gauges, START])], own, '.+_build_info') }, ...written];
}

/** A selector of series by names, which hold no character that means something in a pattern, and labels. */
function selector(names: readonly string[], own: Readonly<Record<string, string>>, ...patterns: readonly string[]): string {
  const text = (value: string): string => `"${value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n')}"`;
  const matchers = Object.entries(own).map(([name, value]) => `${name}=${text(value)}`);
  return `{${[`__name__=~${text([...names, ...patterns].join('|'))}`, ...matchers].join(',')}}`;
}

async function read(
  service: Service,
  url: string,
  kind: 'query' | 'query_range',
  params: Readonly<Record<string, string>>,
  options: PrometheusApiOptions,
): Promise<readonly Told[]> {
  const authorization = options.authorization[`${service.environment}/${service.name}`];
  const address = `${url.replace(/\/+$/, '')}/api/v1/${kind}?${new URLSearchParams(params).toString()}`;
  const { status, text } = await readAnswer(address, { ...options, ...(authorization !== undefined && { headers: { authorization } }) });
  const answer = envelope.safeParse(parsed(text));
  if (!answer.success) throw trouble(url, `answered ${String(status)}, and not as a Prometheus server does`);
  if (status !== 200 || answer.data.status !== 'success') throw trouble(url, `answered ${String(status)}: ${answer.data.error ?? 'no reason given'}`);
  // Sums over a part of the instances would look like counters that began anew.
  if (answer.data.warnings !== undefined && answer.data.warnings.length > 0) throw trouble(url, `answered in part: ${answer.data.warnings.join('; ')}`);
  return kind === 'query' ? instants(url, answer.data.data) : ranges(url, answer.data.data);
}

function instants(url: string, data: unknown): readonly Told[] {
  const found = vector.safeParse(data);
  if (!found.success) throw trouble(url, 'answered with something else than an instant vector; an expression must give one');
  // A native histogram has no `value`, and no buckets that are understood here.
  return found.data.result.map(({ metric, value }) => ({ metric, points: value ? [pointOf(value)] : [] }));
}

function ranges(url: string, data: unknown): readonly Told[] {
  const found = matrix.safeParse(data);
  if (!found.success) throw trouble(url, 'answered with something else than a matrix');
  return found.data.result.map(({ metric, values = [] }) => ({ metric, points: values.map(pointOf) }));
}

function pointOf([at, value]: z.output<typeof point>): readonly [number, number] {
  return [Math.round(at * 1000), value === '+Inf' ? Infinity : value === '-Inf' ? -Infinity : Number(value)];
}

function seriesOf(metric: Readonly<Record<string, string>>, value: number): PrometheusSample {
  const { __name__: name = '', ...rest } = metric;
  return { name, labels: rest, value };
}

function byTime(told: readonly Told[]): ReadonlyMap<number, readonly PrometheusSample[]> {
  const times = new Map<number, PrometheusSample[]>();
  for (const { metric, points } of told)
    for (const [at, value] of points) {
      const there = times.get(at);
      if (there) there.push(seriesOf(metric, value));
      else times.set(at, [seriesOf(metric, value)]);
    }
  return new Map([...times].sort(([a], [b]) => a - b));
}

/** Of an instance that is down Prometheus knows nothing but that. */
function isDown(series: readonly PrometheusSample[]): boolean {
  return series.some(({ name, value }) => name === UP && value === 0);
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function trouble(url: string, what: string): NightshiftError {
  return new NightshiftError('unreachable', `${url} ${plainText(what).slice(0, 300)}`);
}
