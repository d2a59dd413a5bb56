import { AwsError } from '../errors';
import { statistics } from './cloudwatch-series';
import type { FakeSeries, Point } from './cloudwatch-series';

/** A query of Metrics Insights, as far as the fake reads it. */
interface Select {
  readonly stat: string;
  readonly metric: string;
  readonly namespace: string;
  /** The exact dimensions of `SCHEMA`, or undefined where only the namespace is named. */
  readonly schema: readonly string[] | undefined;
  readonly where: readonly { readonly name: string; readonly equal: boolean; readonly value: string }[];
  readonly groupBy: readonly string[];
  readonly orderBy: { readonly stat: string; readonly descending: boolean } | undefined;
  readonly limit: number;
}

/** One line of a query's answer. */
export interface InsightsResult {
  readonly label: string;
  readonly points: Point[];
}

const NAME = String.raw`(?:"[^"]+"|[\w.:/-]+)`;
const QUERY = new RegExp(
  String.raw`^\s*SELECT\s+(\w+)\s*\(\s*(${NAME})\s*\)\s+FROM\s+(?:SCHEMA\s*\(\s*(${NAME})((?:\s*,\s*${NAME})*)\s*\)|(${NAME}))` +
    String.raw`(?:\s+WHERE\s+(.+?))?(?:\s+GROUP\s+BY\s+(${NAME}(?:\s*,\s*${NAME})*))?(?:\s+ORDER\s+BY\s+(\w+)\s*\(\s*\)(?:\s+(ASC|DESC))?)?(?:\s+LIMIT\s+(\d+))?\s*$`,
  'is',
);
const CONDITION = new RegExp(String.raw`^\s*(${NAME})\s*(!?=)\s*'([^']*)'\s*$`);
const MOST = 500;

/** Whether an expression is a query rather than metric math. */
export function isInsights(expression: string): boolean {
  return /^\s*SELECT\s/i.test(expression);
}

/** Answers a query over [from, to) in periods of `periodMs` milliseconds. Throws `ValidationError` on what it cannot read. */
export function insights(series: readonly FakeSeries[], expression: string, span: { from: number; to: number; periodMs: number }): InsightsResult[] {
  const query = parse(expression);
  const groups = new Map<string, FakeSeries[]>();
  for (const one of series.filter((each) => belongs(each, query))) {
    const label = query.groupBy.map((name) => one.dimensions[name] ?? 'Other').join(' ');
    groups.set(label, [...(groups.get(label) ?? []), one]);
  }
  const samplesOf = (members: FakeSeries[]): FakeSeries['samples'] => members.flatMap((one) => one.samples.filter(([at]) => at >= span.from && at < span.to));
  const results = [...groups].map(([label, members]) => ({ label, samples: samplesOf(members) }));
  const rank = new Map(results.map(({ label, samples }) => [label, query.orderBy ? total(samples, query.orderBy.stat) : 0]));
  const sign = query.orderBy?.descending === true ? -1 : 1;
  if (query.orderBy) results.sort((a, b) => sign * ((rank.get(a.label) ?? 0) - (rank.get(b.label) ?? 0)));
  return results
    .slice(0, query.limit)
    .map(({ label, samples }) => ({ label: label || query.metric, points: statistics(samples, { ...span, stat: query.stat }) }));
}

function total(samples: FakeSeries['samples'], stat: string): number {
  return statistics(samples, { from: 0, to: Infinity, periodMs: Number.MAX_SAFE_INTEGER, stat })[0]?.value ?? 0;
}

function belongs({ namespace, metric, dimensions }: FakeSeries, query: Select): boolean {
  const names = Object.keys(dimensions);
  if (namespace !== query.namespace || metric !== query.metric) return false;
  if (query.schema && (names.length !== query.schema.length || !query.schema.every((name) => name in dimensions))) return false;
  return query.where.every(({ name, equal, value }) => (dimensions[name] === value) === equal);
}

function parse(expression: string): Select {
  const [whole, stat = '', metric = '', schemaOf, names = '', plain, where, groupBy = '', orderStat, direction = '', limit] = QUERY.exec(expression) ?? [];
  if (whole === undefined) throw unreadable(expression);
  const list = (text: string): string[] =>
    text
      .split(',')
      .map(unquote)
      .filter((name) => name !== '');
  return {
    stat,
    metric: unquote(metric),
    namespace: unquote(schemaOf ?? plain ?? ''),
    schema: schemaOf === undefined ? undefined : list(names),
    where: (where?.split(/\s+AND\s+/i) ?? []).map((each) => condition(each, expression)),
    groupBy: list(groupBy),
    orderBy: orderStat === undefined ? undefined : { stat: orderStat, descending: direction.toUpperCase() === 'DESC' },
    limit: limit === undefined ? MOST : Number(limit),
  };
}

function condition(text: string, expression: string): Select['where'][number] {
  const [whole, name = '', operator, value = ''] = CONDITION.exec(text) ?? [];
  if (whole === undefined) throw unreadable(expression);
  return { name: unquote(name), equal: operator === '=', value };
}

function unquote(text: string): string {
  return text.trim().replace(/^"(.*)"$/, '$1');
}

function unreadable(expression: string): AwsError {
  return new AwsError('ValidationError', `Error in expression: this fake cannot read ${expression}`, 400);
}
