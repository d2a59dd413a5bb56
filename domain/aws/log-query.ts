import { cleanText } from '../outside-text';
import type { MetricPoint } from '../telemetry';
import type { AwsPlace } from './place';

/** A query of Logs Insights whose numbers are series. Durations in milliseconds. */
export interface LogQuery extends AwsPlace {
  /** Name of the series; with several columns of numbers each is named `<name>_<column>`. */
  readonly name: string;
  readonly groups: readonly string[];
  readonly query: string;
  readonly service: string;
  /** Each window of so long is asked for once. */
  readonly everyMs: number;
  /** What belongs to a window is there so long after its end. */
  readonly delayMs: number;
  /** GB that its groups take in a day, by estimate of who configured it. */
  readonly expectedGbPerDay: number;
}

/** Flow logs of a VPC, in a log group. */
export type FlowLog = Omit<LogQuery, 'name' | 'groups' | 'query'> & { readonly group: string };

/** Source of the points in the archive. */
export const LOG_QUERY_SOURCE = 'aws-logs-insights';

const FLOWS = 'vpc_flow';
/** Bytes, packets and records by minute and by whether they were let through; of lines without a flow (NODATA, SKIPDATA) there is none. */
const FLOW_QUERY =
  'filter action in ["ACCEPT", "REJECT"] | stats sum(bytes) as vpc_flow_bytes, sum(packets) as vpc_flow_packets, count(*) as vpc_flow_records by bin(1m), action';

/** The query of flow logs. */
export function flowQuery({ group, ...rest }: FlowLog): LogQuery {
  return { ...rest, name: FLOWS, groups: [group], query: FLOW_QUERY };
}

/** Longest value of a label, and most labels of a series. */
const LONGEST_LABEL = 200;
const MOST_LABELS = 8;
/** As Logs Insights writes moments, in UTC. */
const MOMENT = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(?:\.\d{1,3})?$/;
const NUMBER = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/**
 * Lines of an answer as points. The column that holds moments (`bin(1m)`) says when; without one a line is about its whole window, and stands at its begin. Columns of numbers are the
 * values, all others are labels. Sums of flows count what came in their minute; of other queries nobody knows, and their values are gauges.
 */
export function queryPoints(query: LogQuery, environment: string, rows: readonly Readonly<Record<string, string>>[], from: number): MetricPoint[] {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter((name) => name !== '@ptr');
  const holds = (name: string, form: RegExp): boolean =>
    rows.some((row) => row[name] !== undefined) && rows.every((row) => row[name] === undefined || form.test(row[name] ?? ''));
  const moment = columns.find((name) => holds(name, MOMENT));
  const numbers = columns.filter((name) => holds(name, NUMBER));
  const labelled = columns.filter((name) => name !== moment && !numbers.includes(name)).slice(0, MOST_LABELS);
  return rows.flatMap((row) => {
    const at = moment === undefined ? from : Date.parse(`${row[moment]?.replace(' ', 'T') ?? ''}Z`);
    if (Number.isNaN(at)) return [];
    const labels = Object.fromEntries(
      labelled.flatMap((name) => (row[name] === undefined ? [] : [[cleanText(name, 64), cleanText(row[name], LONGEST_LABEL)]])),
    );
    return numbers.flatMap((column) => {
      const value = Number(row[column]);
      if (row[column] === undefined || !Number.isFinite(value)) return [];
      return [{ ...pointOf(query, column, numbers.length > 1), environment, at: new Date(at).toISOString(), value, labels }];
    });
  });
}

function pointOf({ name, service }: LogQuery, column: string, several: boolean): Pick<MetricPoint, 'source' | 'service' | 'metric' | 'kind'> {
  const flow = column.startsWith(`${FLOWS}_`) && name === FLOWS;
  const metric = flow ? column : several ? `${name}_${column.replace(/[^A-Za-z0-9_]+/g, '_').replace(/^_+|_+$/g, '')}` : name;
  return { source: LOG_QUERY_SOURCE, service, metric, kind: flow ? 'delta' : 'gauge' };
}
