import { Poller } from '../../activities/polls';
import { serviceGraphPolls } from '../../activities/service-graph';
import { xrayGraph } from '../../adapters/aws/service-graph';
import type { CallCount } from '../../domain/call-counts';
import type { StateStore } from '../../ports/store';
import { ACCOUNT, ACCOUNTS, accessTo, HERE, THERE } from '../adapters/aws/places';
import { testClock } from '../fakes/aws/clock';
import { startFakeAws } from '../fakes/aws/server';
import type { FakeAws } from '../fakes/aws/server';
import { putGraphService } from '../fakes/aws/services/xray';
import { MemoryArchive } from '../fakes/memory-archive';
import { MemoryStore } from '../fakes/memory-store';

const MINUTE = 60_000;
const NOON = Date.parse('2026-03-01T12:00:00Z');

let aws: FakeAws;
let archive: MemoryArchive;
let clock: ReturnType<typeof testClock>;
let region: string;
let warned: object[];
let state: StateStore;

beforeEach(async () => {
  clock = testClock(NOON);
  aws = await startFakeAws({ clock });
  archive = new MemoryArchive();
  warned = [];
  state = new MemoryStore().state;
  region = HERE;
});
afterEach(() => aws.close());

/** So many requests to the cart in that minute, as X-Ray has them. */
function requests(minute: number, count: number, id = Math.random()): void {
  const at = new Date(minute + 1000);
  const summary = { TotalCount: count, FaultStatistics: { TotalCount: 1 }, TotalResponseTime: count * 0.05 };
  const ReferenceId = Math.floor(id * 1e9);
  putGraphService(aws.place(region, ACCOUNT), {
    ...{ ReferenceId, Name: 'Cart', Type: 'AWS::ECS::Container', StartTime: at, EndTime: at, SummaryStatistics: summary },
    ResponseTimeHistogram: [
      { Value: 0.04, Count: 1 },
      { Value: 0.12, Count: 1 },
    ],
  });
}

/** As a process that is started: one turn of each region's poll. */
async function turn(regions: readonly string[] = [HERE], saved = state): Promise<number[]> {
  const accounts = ACCOUNTS.map((account) => ({ ...account, regions }));
  const deps = { accounts, everyMs: 5 * MINUTE, graph: xrayGraph(accessTo(aws)), inventory: { services: [] }, writer: archive.writer, clock };
  const log = { info: () => undefined, warn: (fields: object) => void warned.push(fields) };
  return Promise.all(serviceGraphPolls(deps).map((poll) => new Poller(poll, { state: saved, log }).turn(new AbortController().signal)));
}

/** As the archive counts: what came under the same delivery before does not count again. */
function calls(): readonly CallCount[] {
  const deliveries = new Map<string, readonly CallCount[]>();
  for (const { delivery = '', calls: told = [] } of archive.batches) if (!deliveries.has(delivery)) deliveries.set(delivery, told);
  return [...deliveries.values()].flat();
}

const counted = (): number[] => calls().map((call) => call.requests);

test('requests of all pages are counted at their minutes, with faults and durations', async () => {
  for (const minute of [30, 20, 10, 5, 4]) requests(NOON - minute * MINUTE, minute);
  await turn();
  expect(counted()).toEqual([30, 20, 10, 5, 4]);
  expect(calls()[0]).toEqual({ environment: 'production', callee: 'cart', at: NOON - 30 * MINUTE, requests: 30, failed: 1, durationMs: 1500, longestMs: 120 });
});

test('after an hour and more without us nothing is left out, though it takes more than one turn', async () => {
  await turn();
  const minutes = [1, 40, 59, 61, 66].map((minute) => NOON + minute * MINUTE);
  for (const minute of minutes) requests(minute, 7);
  clock.advance(70 * MINUTE);
  const [soon, later] = [await turn(), await turn()];
  expect(soon).toEqual([1000]);
  expect(later).toEqual([5 * MINUTE]);
  expect(calls().map(({ at }) => at)).toEqual(minutes);
});

test('killed after a minute was kept and before that was written down, it is not counted again', async () => {
  for (const minute of [6, 5]) requests(NOON - minute * MINUTE, 10);
  const end = NOON - 5 * MINUTE;
  const dying: StateStore = {
    ...state,
    save: (name, value) => (JSON.stringify(value).includes(String(end)) ? Promise.reject(new Error('killed')) : state.save(name, value)),
  };
  await turn([HERE], dying);
  expect(counted()).toEqual([10]);
  await turn();
  expect(counted()).toEqual([10, 10]);
  // It was kept twice, under one identity.
  expect(archive.batches).toHaveLength(3);
});

test('throttling is waited for, and nothing is lost by it', async () => {
  requests(NOON - 5 * MINUTE, 10);
  aws.fault({ effect: 'throttle', operation: 'GetServiceGraph', times: 2 });
  await turn();
  expect([warned, counted()]).toEqual([[], [10]]);
});

test('a region that does not answer is told, is read from where it was later, and does not stop the other', async () => {
  requests(NOON - 5 * MINUTE, 10);
  region = THERE;
  requests(NOON - 5 * MINUTE, 3);
  const lift = aws.fault({ effect: 'hang', region: HERE });
  await turn([HERE, THERE]);
  expect(counted()).toEqual([3]);
  expect(warned).toMatchObject([{ poll: `service-graph:${ACCOUNT}/${HERE}`, error: expect.stringContaining('xray:GetServiceGraph') }]);
  lift();
  await turn([HERE, THERE]);
  expect(counted()).toEqual([3, 10]);
});
