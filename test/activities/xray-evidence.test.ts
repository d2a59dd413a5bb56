import { Poller } from '../../activities/polls';
import { serviceGraphPolls } from '../../activities/service-graph';
import { xrayGraph } from '../../adapters/aws/service-graph';
import { ACCOUNT, ACCOUNTS, accessTo, HERE } from '../adapters/aws/places';
import { testClock } from '../fakes/aws/clock';
import { startFakeAws } from '../fakes/aws/server';
import type { FakeAws } from '../fakes/aws/server';
import { putGraphService } from '../fakes/aws/services/xray';
import { MemoryArchive } from '../fakes/memory-archive';
import { MemoryStore } from '../fakes/memory-store';
import { BY_MINUTE, gathered, plainService } from './support/gathered';

const MINUTE = 60_000;
const NOON = Date.parse('2026-03-01T12:00:00Z');
/** Trouble begins so long before noon. */
const SINCE = 10 * MINUTE;

let aws: FakeAws;
beforeEach(async () => void (aws = await startFakeAws({ clock: testClock(NOON) })));
afterEach(() => aws.close());

/** What X-Ray traced in a minute: the shop calls the cart, which calls a table of DynamoDB. */
function traced(minute: number, index: number): void {
  const at = new Date(minute + 1000);
  const failed = minute >= NOON - SINCE ? 30 : 0;
  const summary = { TotalCount: 100, FaultStatistics: { TotalCount: failed }, TotalResponseTime: 5 };
  const node = (id: number, Name: string, Type: string, ...on: number[]) =>
    putGraphService(aws.place(HERE, ACCOUNT), {
      ...{ ReferenceId: 10 * index + id, Name, Type, StartTime: at, EndTime: at, SummaryStatistics: summary },
      Edges: on.map((to) => ({ ReferenceId: 10 * index + to, StartTime: at, EndTime: at, SummaryStatistics: summary })),
    });
  node(1, 'shop', 'AWS::ECS::Container', 2);
  node(2, 'cart', 'AWS::ECS::Container', 3);
  node(3, 'orders-table', 'AWS::DynamoDB::Table');
}

test('what X-Ray traced stands in the evidence as calls and as numbers of services that nobody configured as dependencies', async () => {
  // X-Ray is asked for what is at least three minutes old.
  for (let i = 0; i < 27; i += 1) traced(NOON - (30 - i) * MINUTE, i);
  const archive = new MemoryArchive();
  const services = [plainService('shop', 'production'), plainService('cart', 'production')];
  const accounts = ACCOUNTS.map((account) => ({ ...account, regions: [HERE] }));
  const clock = testClock(NOON);
  const [poll] = serviceGraphPolls({ accounts, everyMs: 5 * MINUTE, graph: xrayGraph(accessTo(aws)), inventory: { services }, writer: archive.writer, clock });
  const log = { info: () => undefined, warn: (fields: object) => expect(fields).toBeUndefined() };
  if (poll) await new Poller(poll, { state: new MemoryStore().state, log }).turn(new AbortController().signal);

  const items = await gathered({ services, now: NOON, firedMs: SINCE, settings: BY_MINUTE, archive });
  expect(items.find((item) => item.kind === 'graph')).toMatchObject({
    ...{ service: 'shop', source: 'calls:shop', trust: 'measured' },
    places: [
      { service: 'cart', way: 'callee', hops: 1 },
      { service: 'orders-table', way: 'callee', hops: 2 },
    ],
    calls: [
      { caller: 'shop', callee: 'cart', from: ['traces'], requests: 2700 },
      { caller: 'cart', callee: 'orders-table', from: ['traces'], requests: 2700 },
    ],
    title: 'Calls around shop: it calls cart. 2 calls: all seen in traces',
  });
  const windows = items.filter((item) => item.kind === 'window');
  expect(windows.map(({ service, seenBy, healthy, source }) => [service, seenBy, healthy, source])).toEqual([
    ['cart', 'traces', false, 'traces:cart'],
    ['orders-table', 'callers', false, 'traces:orders-table'],
  ]);
});
