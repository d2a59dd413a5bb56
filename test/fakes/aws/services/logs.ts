import type {
  DescribeLogGroupsRequest,
  DescribeLogGroupsResponse,
  FilteredLogEvent,
  FilterLogEventsRequest,
  FilterLogEventsResponse,
  GetQueryResultsRequest,
  GetQueryResultsResponse,
  LogGroup,
  StartQueryRequest,
  StartQueryResponse,
  StopQueryRequest,
  StopQueryResponse,
} from '@aws-sdk/client-cloudwatch-logs';
import { AwsError } from '../errors';
import type { Call, FakeService } from '../service';
import type { Place } from '../world';
import { logsInsights } from './logs-insights';
import type { InsightsEvent, InsightsRow } from './logs-insights';
import { matcherOf } from './logs-pattern';
import { found, idOf, stateKey } from './support';

interface Query {
  readonly rows: InsightsRow[];
  readonly scanned: number;
  readonly scannedBytes: number;
  readonly startedAt: number;
  readonly doneAt: number;
  stopped: boolean;
}

interface Logs {
  readonly groups: Map<string, { readonly createdAt: number; readonly events: InsightsEvent[] }>;
  readonly queries: Map<string, Query>;
  /** How long a query takes, in milliseconds of the fake's clock, and how many may run. */
  durationMs: number;
  concurrent: number;
}

const LOGS_STATE = stateKey('logs', (): Logs => ({ groups: new Map(), queries: new Map(), durationMs: 0, concurrent: 30 }));
const GROUPS_PAGE = 50;
const EVENTS_PAGE = 10_000;
const RESULTS_PAGE = 10_000;

/** Events as they are put. */
export interface LogEvents {
  readonly group: string;
  readonly stream: string;
  /** Times in milliseconds since the epoch. */
  readonly events: readonly { readonly timestamp: number; readonly message: string }[];
}

/** Adds events to a log stream; its group comes with it. */
export function putLogEvents(place: Place, { group, stream, events }: LogEvents): void {
  const { groups } = place.state(LOGS_STATE);
  const known = groups.get(group) ?? { createdAt: place.world.clock.now(), events: [] };
  groups.set(group, known);
  known.events.push(...events.map(({ timestamp, message }) => ({ at: timestamp, message, stream, group })));
}

/** How long Logs Insights takes for a query (0 ms at first) and how many may run at once (30 at first). */
export function setInsights(place: Place, settings: { readonly durationMs?: number; readonly concurrent?: number }): void {
  Object.assign(place.state(LOGS_STATE), settings);
}

function groupNamed(call: Call, nameOrArn: string | undefined): { readonly events: InsightsEvent[] } {
  const name = nameOrArn?.replace(/^arn:.*:log-group:/, '').replace(/:\*$/, '') ?? '';
  return found(call.place.state(LOGS_STATE).groups.get(name), 'ResourceNotFoundException', 'The specified log group does not exist.');
}

function describeLogGroups(
  { logGroupNamePrefix = '', logGroupNamePattern = '', limit, nextToken }: DescribeLogGroupsRequest,
  call: Call,
): DescribeLogGroupsResponse {
  const { groups } = call.place.state(LOGS_STATE);
  const asked = (name: string): boolean =>
    name.startsWith(logGroupNamePrefix) && name.toLowerCase().includes(logGroupNamePattern.toLowerCase()) && call.visible(name);
  const answer = (name: string): LogGroup => {
    const logGroupArn = call.place.arn('logs', `log-group:${name}`);
    const bytes = groups.get(name)?.events.reduce((sum, { message }) => sum + message.length, 0) ?? 0;
    return {
      logGroupName: name,
      creationTime: groups.get(name)?.createdAt,
      metricFilterCount: 0,
      arn: `${logGroupArn}:*`,
      logGroupArn,
      storedBytes: bytes,
      logGroupClass: 'STANDARD',
    };
  };
  const page = call.page({
    items: () => [...groups.keys()].filter(asked).sort(),
    token: nextToken,
    size: limit,
    max: GROUPS_PAGE,
    badToken: 'InvalidParameterException',
  });
  return { logGroups: page.items.map(answer), nextToken: page.next };
}

function filterLogEvents(input: FilterLogEventsRequest, call: Call): FilterLogEventsResponse {
  const { logStreamNames, logStreamNamePrefix = '', startTime = 0, endTime = Infinity, filterPattern = '', limit, nextToken } = input;
  const { events } = groupNamed(call, input.logGroupName ?? input.logGroupIdentifier);
  const fits = matcherOf(filterPattern);
  const asked = ({ at, stream, message }: InsightsEvent): boolean =>
    at >= startTime && at <= endTime && (logStreamNames?.includes(stream) ?? stream.startsWith(logStreamNamePrefix)) && fits(message);
  const items = (): FilteredLogEvent[] =>
    events
      .map((event, i) => ({ event, eventId: String(i).padStart(56, '0') }))
      .filter(({ event }) => asked(event))
      .sort((a, b) => a.event.at - b.event.at)
      .map(({ event: { at, stream, message }, eventId }) => ({ logStreamName: stream, timestamp: at, ingestionTime: at, message, eventId }));
  const page = call.page({ items, token: nextToken, size: limit, max: EVENTS_PAGE, badToken: 'InvalidParameterException' });
  return { events: page.items, searchedLogStreams: [], nextToken: page.next };
}

function startQuery(input: StartQueryRequest, call: Call): StartQueryResponse {
  const { startTime = 0, endTime = 0, queryString = '', logGroupName, logGroupNames = [], logGroupIdentifiers = [], limit = EVENTS_PAGE } = input;
  const state = call.place.state(LOGS_STATE);
  const running = [...state.queries.values()].filter((query) => statusOf(query, call.now) === 'Running').length;
  if (running >= state.concurrent) throw new AwsError('LimitExceededException', 'Account maximum query concurrency limit reached.');
  const names = [...(logGroupName === undefined ? [] : [logGroupName]), ...logGroupNames, ...logGroupIdentifiers];
  if (names.length === 0) throw new AwsError('InvalidParameterException', 'Name a log group.');
  // The service takes seconds here, and the milliseconds of other operations too.
  const ms = (time: number): number => (time < 1e11 ? time * 1000 : time);
  const events = names.flatMap((name) => groupNamed(call, name).events).filter(({ at }) => at >= ms(startTime) && at <= ms(endTime));
  const queryId = idOf(call.place);
  state.queries.set(queryId, {
    rows: logsInsights(events, queryString).slice(0, limit),
    scanned: events.length,
    scannedBytes: events.reduce((sum, { message }) => sum + message.length, 0),
    startedAt: call.now,
    doneAt: call.now + state.durationMs,
    stopped: false,
  });
  return { queryId };
}

function statusOf({ stopped, doneAt }: Query, now: number): 'Cancelled' | 'Complete' | 'Running' {
  return stopped ? 'Cancelled' : now >= doneAt ? 'Complete' : 'Running';
}

function queryNamed(call: Call, id = ''): Query {
  return found(call.place.state(LOGS_STATE).queries.get(id), 'ResourceNotFoundException', `Query ${id} does not exist.`);
}

function getQueryResults({ queryId, nextToken, maxItems }: GetQueryResultsRequest, call: Call): GetQueryResultsResponse {
  const query = queryNamed(call, queryId);
  const status = statusOf(query, call.now);
  const items = (): InsightsRow[] => (status === 'Complete' ? query.rows : []);
  const page = call.page({ items, token: nextToken, size: maxItems, max: RESULTS_PAGE, badToken: 'InvalidParameterException' });
  return {
    queryLanguage: 'CWLI',
    status,
    results: page.items,
    statistics: { recordsMatched: query.rows.length, recordsScanned: query.scanned, bytesScanned: query.scannedBytes },
    nextToken: page.next,
  };
}

function stopQuery({ queryId }: StopQueryRequest, call: Call): StopQueryResponse {
  const query = queryNamed(call, queryId);
  if (statusOf(query, call.now) !== 'Running') throw new AwsError('InvalidParameterException', `Query ${queryId ?? ''} is not running.`);
  query.stopped = true;
  return { success: true };
}

/** CloudWatch Logs. */
export const LOGS: FakeService = {
  signedAs: 'logs',
  target: 'Logs_20140328',
  load: () => import('@aws-sdk/client-cloudwatch-logs'),
  operations: {
    DescribeLogGroups: describeLogGroups,
    FilterLogEvents: filterLogEvents,
    StartQuery: startQuery,
    GetQueryResults: getQueryResults,
    StopQuery: stopQuery,
  },
  facts: { events: { put: putLogEvents }, insights: { put: setInsights } },
};
