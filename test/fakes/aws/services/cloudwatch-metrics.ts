import type {
  DimensionFilter,
  GetMetricDataInput,
  GetMetricDataOutput,
  ListMetricsInput,
  ListMetricsOutput,
  Metric,
  MetricDataQuery,
  MetricDataResult,
} from '@aws-sdk/client-cloudwatch';
import { AwsError, invalid } from '../errors';
import type { Call } from '../service';
import { insights, isInsights } from './cloudwatch-insights';
import { dimensionsOf, seriesAt, seriesOf, statistics } from './cloudwatch-series';
import type { FakeSeries, Point } from './cloudwatch-series';

const METRICS_PAGE = 500;
const QUERIES = 500;
const POINTS = 100_800;
const RECENT_MS = 3 * 3_600_000;
const MINUTE_S = 60;

/** `ListMetrics`: 500 a page. */
export function listMetrics({ Namespace, MetricName, Dimensions = [], RecentlyActive, NextToken }: ListMetricsInput, call: Call): ListMetricsOutput {
  const asked = (series: FakeSeries): boolean =>
    (Namespace === undefined || series.namespace === Namespace) &&
    (MetricName === undefined || series.metric === MetricName) &&
    Dimensions.every((filter) => hasDimension(series, filter)) &&
    (RecentlyActive === undefined || series.samples.some(([at]) => at >= call.now - RECENT_MS));
  const items = (): Metric[] =>
    seriesOf(call.place)
      .filter(asked)
      .map((series) => ({ Namespace: series.namespace, MetricName: series.metric, Dimensions: dimensionsOf(series) }));
  const page = call.page({ items, token: NextToken, max: METRICS_PAGE, badToken: 'InvalidParameterValueException' });
  return { Metrics: page.items, NextToken: page.next };
}

function hasDimension({ dimensions }: FakeSeries, { Name = '', Value }: DimensionFilter): boolean {
  return Name in dimensions && (Value === undefined || dimensions[Name] === Value);
}

interface Line {
  readonly id: string;
  readonly label: string;
  readonly points: readonly Point[];
  readonly refused?: FakeSeries['refused'];
}

/** `GetMetricData`: pages count points, as in AWS; one without points stands on the first page. */
export function getMetricData(input: GetMetricDataInput, call: Call): GetMetricDataOutput {
  const { MetricDataQueries = [], StartTime, EndTime, ScanBy, MaxDatapoints, NextToken } = input;
  if (!StartTime || !EndTime || StartTime >= EndTime) throw invalid('The parameter StartTime must be less than the parameter EndTime.');
  if (MetricDataQueries.length > QUERIES) throw invalid(`The collection MetricDataQueries must not have a size greater than ${String(QUERIES)}.`);
  const ascending = ScanBy === 'TimestampAscending';
  const lines = MetricDataQueries.filter(({ ReturnData }) => ReturnData !== false).flatMap((query) =>
    linesOf(query, call, StartTime.getTime(), EndTime.getTime()),
  );
  const points = (): { line: number; point: Point | undefined }[] =>
    lines.flatMap(({ points: all }, line) => inOrder(all, ascending).map((point) => ({ line, point })));
  const page = call.page({ items: points, token: NextToken, size: MaxDatapoints, max: POINTS, badToken: 'InvalidNextToken', many: true });
  const chosen = lines.map((line, i) => ({ line, mine: page.items.filter((each) => each.line === i) })).filter(({ mine }) => mine.length > 0);
  const last = page.next === undefined ? undefined : chosen.at(-1)?.line;
  return { MetricDataResults: chosen.map(({ line, mine }) => resultOf(line, mine, line === last)), Messages: [], NextToken: page.next };
}

function resultOf({ id, label, refused }: Line, mine: readonly { point: Point | undefined }[], partial: boolean): MetricDataResult {
  const points = mine.flatMap(({ point }) => point ?? []);
  return {
    Id: id,
    Label: label,
    Timestamps: points.map(({ at }) => new Date(at)),
    Values: points.map(({ value }) => value),
    StatusCode: refused ?? (partial ? 'PartialData' : 'Complete'),
  };
}

function inOrder(points: readonly Point[], ascending: boolean): (Point | undefined)[] {
  if (points.length === 0) return [undefined];
  return ascending ? [...points] : [...points].reverse();
}

function linesOf(query: MetricDataQuery, call: Call, from: number, to: number): Line[] {
  const { Id: id = '', MetricStat, Expression, Label } = query;
  if (!/^[a-z]\w*$/.test(id))
    throw invalid(`The value ${id} for parameter MetricDataQueries.member.1.Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$.`);
  if (MetricStat) {
    const span = { from, to, periodMs: periodMs(MetricStat.Period) };
    const metric = MetricStat.Metric ?? {};
    const { samples = [], refused } = seriesAt(call.place, metric) ?? {};
    if (refused) return [{ id, label: Label ?? metric.MetricName ?? '', points: [], refused }];
    const points = statistics(samples, { ...span, stat: MetricStat.Stat ?? '' });
    return [{ id, label: Label ?? metric.MetricName ?? '', points }];
  }
  if (Expression === undefined || !isInsights(Expression))
    throw new AwsError('ValidationError', `Error in expression '${id}': this fake does no metric math`, 400);
  const results = insights(seriesOf(call.place), Expression, { from, to, periodMs: periodMs(query.Period) });
  return results.map(({ label, points }) => ({ id, label: Label === undefined ? label : `${Label} ${label}`, points }));
}

function periodMs(seconds: number | undefined): number {
  const fine = seconds !== undefined && ([1, 5, 10, 20, 30].includes(seconds) || (seconds >= MINUTE_S && seconds % MINUTE_S === 0));
  if (!fine) throw invalid(`Period must be 1, 5, 10, 20, 30 or a multiple of 60, not ${String(seconds)}.`);
  return seconds * 1000;
}
