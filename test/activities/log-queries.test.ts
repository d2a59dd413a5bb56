import { logQueryPolls } from '../../activities/log-queries';
import { Poller } from '../../activities/polls';
import { scanBudget } from '../../activities/scan-budget';
import { logsInsights } from '../../adapters/aws/log-queries';
import { flowQuery } from '../../domain/aws/log-query';
import type { LogQuery } from '../../domain/aws/log-query';
import { NightshiftError } from '../../domain/errors';
import type { MetricPoint } from '../../domain/telemetry';
import type { LogQueries } from '../../ports/log-queries';
import type { StateStore } from '../../ports/store';
import { ACCOUNT, ACCOUNTS, accessTo, HERE, THERE } from '../adapters/aws/places';
import { testClock } from '../fakes/aws/clock';
import { startFakeAws } from '../fakes/aws/server';
import type { FakeAws } from '../fakes/aws/server';
import { putLogEvents, setInsights } from '../fakes/aws/services/logs';
import { MemoryArchive } from '../fakes/memory-archive';
import { MemoryStore } from '../fakes/memory-store';

const MINUTE = 60_000;
const NOON = Date.parse('2026-03-01T12:00:00Z');
const TIMES = { everyMs: 15 * MINUTE, delayMs: 15 * MINUTE, expectedGbPerDay: 1 };
const FLOWS = flowQuery({ account: ACCOUNT, region: HERE, service: 'checkout', group: '/vpc/shop', ...TIMES });

let aws: FakeAws;
let clock: ReturnType<typeof testClock>;
let archive: MemoryArchive;
let state: StateStore;
let warned: { readonly error?: string }[];
let waits: number[];
let stopping: AbortController;
/** US dollars a month that may be used up. */
let mostUsd: number;
/** What happens while a query is waited for. */
let meanwhile: () => void;
beforeEach(async () => {
  clock = testClock(NOON);
  aws = await startFakeAws({ clock });
  archive = new MemoryArchive();
  state = new MemoryStore().state;
  [warned, waits, stopping] = [[], [], new AbortController()];
  meanwhile = () => undefined;
  mostUsd = 50;
});
afterEach(() => aws.close());

function put(at: number, message: string, region: string = HERE): void {
  putLogEvents(aws.place(region, ACCOUNT), { group: '/vpc/shop', stream: 'eni-1', events: [{ timestamp: at, message }] });
}

function flow(at: number, action: string, packets: number, bytes: number, region: string = HERE): void {
  put(at, `2 ${ACCOUNT} eni-1 10.0.0.1 10.0.0.2 49152 443 6 ${String(packets)} ${String(bytes)} 1 2 ${action} OK`, region);
}

/** As a process that is started: one turn of each query. */
async function turn(queries: readonly LogQuery[] = [FLOWS], saved = state): Promise<number[]> {
  const wait = async (ms: number): Promise<void> => {
    waits.push(ms);
    clock.advance(ms);
    meanwhile();
  };
  return turnOf(queries, saved, logsInsights({ access: accessTo(aws), wait }));
}

async function turnOf(queries: readonly LogQuery[], saved: StateStore, logs: LogQueries): Promise<number[]> {
  const log = { info: () => undefined, warn: (fields: object) => void warned.push(fields) };
  const budget = scanBudget({ state: saved, clock, mostUsd });
  const polls = logQueryPolls({ accounts: ACCOUNTS, queries, logs, writer: archive.writer, budget, clock, log });
  return Promise.all(polls.map((poll) => new Poller(poll, { state: saved, log }).turn(stopping.signal)));
}

/** As the archive holds points: one for each series and time. */
function points(): string[] {
  const told = archive.batches.flatMap((batch) => batch.points ?? []);
  const line = ({ at, metric, labels, value }: MetricPoint): string => `${at.slice(11, 16)} ${metric} ${Object.values(labels).join(' ')} ${String(value)}`;
  return [...new Set(told.map(line))].sort();
}

test('flow logs are bytes, packets and records by minute and by what became of them; lines without a flow are none', async () => {
  flow(NOON - 20 * MINUTE, 'ACCEPT', 2, 100);
  flow(NOON - 20 * MINUTE + 5000, 'ACCEPT', 1, 50);
  flow(NOON - 20 * MINUTE, 'REJECT', 3, 120);
  flow(NOON - 19 * MINUTE, 'ACCEPT', 1, 10);
  put(NOON - 19 * MINUTE, `2 ${ACCOUNT} eni-1 - - - - - - - 1 2 - NODATA`);
  await turn();
  expect(points()).toEqual([
    ...['11:40 vpc_flow_bytes ACCEPT 150', '11:40 vpc_flow_bytes REJECT 120', '11:40 vpc_flow_packets ACCEPT 3', '11:40 vpc_flow_packets REJECT 3'],
    ...['11:40 vpc_flow_records ACCEPT 2', '11:40 vpc_flow_records REJECT 1'],
    ...['11:41 vpc_flow_bytes ACCEPT 10', '11:41 vpc_flow_packets ACCEPT 1', '11:41 vpc_flow_records ACCEPT 1'],
  ]);
  expect(archive.batches[0]?.points?.[0]).toMatchObject({ source: 'aws-logs-insights', environment: 'production', service: 'checkout', kind: 'delta' });
});

test('the numbers of a declared query are series: of one column by its name, with other columns as labels, at the begin of a window without minutes', async () => {
  for (const [ms, route] of [
    [10, 'pay'],
    [30, 'pay'],
    [7, 'cart'],
  ] as const)
    put(NOON - 6 * MINUTE, JSON.stringify({ route, ms }));
  const query = { ...FLOWS, name: 'slowest', query: 'stats max(ms) by route', everyMs: 5 * MINUTE, delayMs: 2 * MINUTE };
  await turn([query, { ...query, name: 'routes', query: 'stats max(ms) as most, count(*) as calls by route' }]);
  expect(points()).toEqual([
    ...['11:50 routes_calls cart 1', '11:50 routes_calls pay 2', '11:50 routes_most cart 7', '11:50 routes_most pay 30'],
    ...['11:50 slowest cart 7', '11:50 slowest pay 30'],
  ]);
});

test('an answer of several pages is read whole, and a query that takes its time is waited for', async () => {
  setInsights(aws.place(HERE, ACCOUNT), { durationMs: 4000 });
  for (const minute of [29, 28, 27, 26, 25, 24, 23]) flow(NOON - minute * MINUTE, 'ACCEPT', 1, minute);
  await turn();
  expect(points().filter((line) => line.includes('bytes'))).toHaveLength(7);
  expect(waits).toEqual([500, 1000, 2000, 4000]);
});

test('while as many queries run as may, one is waited with, and then asked', async () => {
  flow(NOON - 20 * MINUTE, 'ACCEPT', 1, 100);
  const lift = aws.fault({
    effect: 'error',
    operation: 'StartQuery',
    error: { name: 'LimitExceededException', message: 'too many queries run', status: 400 },
  });
  meanwhile = lift;
  await turn();
  expect([warned, waits, points().length]).toEqual([[], [5000], 3]);
});

test('of two queries in a place one runs at a time', async () => {
  setInsights(aws.place(HERE, ACCOUNT), { durationMs: 400, concurrent: 1 });
  flow(NOON - 20 * MINUTE, 'ACCEPT', 1, 100);
  await turn([FLOWS, { ...FLOWS, name: 'lines', query: 'stats count(*) by bin(1m)' }]);
  expect([warned, points().length]).toEqual([[], 4]);
});

test('a query that is under way when it is stopped is stopped there, and is asked again by the next process', async () => {
  setInsights(aws.place(HERE, ACCOUNT), { durationMs: 60 * MINUTE });
  flow(NOON - 20 * MINUTE, 'ACCEPT', 1, 100);
  meanwhile = () => stopping.abort();
  await turn();
  expect(aws.ledger.of('logs.StopQuery').map(({ outcome }) => outcome)).toEqual(['ok']);
  expect([warned, points()]).toEqual([[], []]);
  setInsights(aws.place(HERE, ACCOUNT), { durationMs: 0 });
  stopping = new AbortController();
  await turn();
  expect(points()).toHaveLength(3);
});

test('killed before its progress was saved, and away for hours: each point is there once, and none is left out', async () => {
  flow(NOON - 20 * MINUTE, 'ACCEPT', 1, 100);
  await turn([FLOWS], { ...state, save: () => Promise.reject(new Error('killed')) });
  await turn();
  expect(points()).toHaveLength(3);
  const times = [0, 14, 15, 100, 179, 225].map((minute) => NOON + minute * MINUTE);
  for (const at of times) flow(at, 'ACCEPT', 1, 100);
  clock.advance(4 * 60 * MINUTE + 15 * MINUTE);
  expect(await turn()).toEqual([1000]);
  await turn();
  expect(points().filter((line) => line.includes('bytes'))).toHaveLength(7);
});

test('a region that does not answer, or throttles, keeps nothing from the other', async () => {
  flow(NOON - 20 * MINUTE, 'ACCEPT', 1, 100, THERE);
  aws.fault({ effect: 'hang', region: HERE });
  aws.fault({ effect: 'throttle', region: THERE, operation: 'GetQueryResults', times: 1 });
  await turn([FLOWS, { ...FLOWS, region: THERE }]);
  expect(points()).toHaveLength(3);
  expect(warned).toMatchObject([{ error: expect.stringContaining(`logs:StartQuery in ${ACCOUNT}/${HERE}`) }]);
});

test.each(['too_large', 'unreadable'] as const)('a window whose answer is refused as %s is told and not asked for again', async (code) => {
  let asked = 0;
  const logs: LogQueries = {
    rows: () => {
      asked += 1;
      return Promise.reject(new NightshiftError(code, 'refused'));
    },
  };
  expect(await turnOf([FLOWS], state, logs)).toEqual([FLOWS.everyMs]);
  await turnOf([FLOWS], state, logs);
  expect([asked, warned]).toEqual([1, [expect.objectContaining({ query: FLOWS.name, error: 'refused' })]]);
});

test('a query that takes longer than ten minutes is given up and stopped, so that others get their turn', async () => {
  setInsights(aws.place(HERE, ACCOUNT), { durationMs: 60 * MINUTE });
  flow(NOON - 20 * MINUTE, 'ACCEPT', 1, 100);
  await turn();
  expect(warned).toMatchObject([{ error: expect.stringContaining('took longer than ten minutes') }]);
  expect(aws.ledger.of('logs.StopQuery')).toHaveLength(1);
});

test('no query is asked beyond what the month may cost by what was really scanned, which is told once; the next month they go on', async () => {
  const gb = 1024 ** 3;
  const asked: string[] = [];
  const logs: LogQueries = {
    rows: (_place, _query, { to }, _signal, scanned) => {
      asked.push(new Date(to).toISOString().slice(5, 16));
      scanned(100 * gb);
      return Promise.reject(new NightshiftError('unreadable', 'it failed, and is billed all the same'));
    },
  };
  mostUsd = 1;
  await turnOf([FLOWS], state, logs);
  clock.advance(60 * MINUTE);
  await turnOf([FLOWS], state, logs);
  expect(asked).toEqual(['03-01T11:45', '03-01T12:00']);
  expect(warned.filter(({ error }) => error === undefined)).toHaveLength(1);
  clock.advance(31 * 24 * 60 * MINUTE);
  await turnOf([FLOWS], state, logs);
  expect(asked.slice(2).every((at) => at.startsWith('03-31') || at.startsWith('04-01'))).toBe(true);
  expect(asked).toHaveLength(4);
});

test('what the answer says was scanned counts', async () => {
  flow(NOON - 20 * MINUTE, 'ACCEPT', 2, 100);
  await turn();
  const line = `2 ${ACCOUNT} eni-1 10.0.0.1 10.0.0.2 49152 443 6 2 100 1 2 ACCEPT OK`;
  expect(await state.load('log-queries:scanned')).toEqual({ month: '2026-03', bytes: line.length });
});
