import { configChangePolls } from '../../activities/config-changes';
import { Poller } from '../../activities/polls';
import { configHistory } from '../../adapters/aws/resource-history';
import type { Change } from '../../domain/change';
import type { Service } from '../../domain/inventory';
import type { StateStore } from '../../ports/store';
import { ACCOUNT, ACCOUNTS, accessTo, HERE, THERE } from '../adapters/aws/places';
import { testClock } from '../fakes/aws/clock';
import { startFakeAws } from '../fakes/aws/server';
import type { FakeAws } from '../fakes/aws/server';
import { putConfigItem } from '../fakes/aws/services/config';
import { MemoryStore } from '../fakes/memory-store';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOON = Date.parse('2026-03-01T12:00:00Z');
const GROUP = 'AWS::EC2::SecurityGroup';

let aws: FakeAws;
let clock: ReturnType<typeof testClock>;
let state: StateStore;
let kept: Map<string, Change>;
let warned: object[];
beforeEach(async () => {
  clock = testClock(NOON);
  aws = await startFakeAws({ clock });
  state = new MemoryStore().state;
  kept = new Map();
  warned = [];
});
afterEach(() => aws.close());

/** A security group as it was recorded at a time; by and by it gets more ports. */
function group(
  at: number,
  ports: readonly number[],
  { id = 'sg-1', region = HERE, ...over }: { id?: string; region?: string } & Record<string, unknown> = {},
): void {
  putConfigItem(aws.place(region, ACCOUNT), {
    ...{
      resourceType: GROUP,
      resourceId: id,
      resourceName: 'checkout-web',
      configurationItemCaptureTime: new Date(at),
      tags: { 'aws:cloudformation:stack-name': 'shop' },
    },
    configuration: JSON.stringify({ groupId: id, ipPermissions: ports, description: 'web' }),
    ...over,
  });
}

/** A process that polls these regions: each call is one turn. */
function process(regions: readonly string[] = [HERE], saved = state): () => Promise<unknown> {
  const services = [{ name: 'checkout' } as Service];
  const changes = { record: async (told: readonly Change[]) => told.forEach((change) => kept.has(change.id) || kept.set(change.id, change)) };
  const accounts = ACCOUNTS.map((account) => ({ ...account, regions }));
  const polls = configChangePolls({
    accounts,
    everyMs: MINUTE,
    types: [GROUP, 'AWS::ECS::TaskDefinition'],
    history: configHistory(accessTo(aws)),
    inventory: { services },
    changes,
    clock,
  });
  const log = { info: () => undefined, warn: (fields: object) => void warned.push(fields) };
  const pollers = polls.map((poll) => new Poller(poll, { state: saved, log }));
  return () => Promise.all(pollers.map((poller) => poller.turn(new AbortController().signal)));
}

const summaries = (): string[] => [...kept.values()].map(({ at, summary }) => `${at.slice(11, 16)} ${summary.replace(/^.*? in \S+ /, '')}`);

test('a change of a security group says what, where, when, of which service, and where it can be looked at', async () => {
  group(NOON - 3 * HOUR, [443]);
  group(NOON - HOUR, [443, 22]);
  await process()();
  expect([...kept.values()].at(-1)).toEqual({
    ...{ id: expect.stringMatching(/^ch-/), kind: 'infrastructure', environment: 'production', service: 'checkout', author: 'unknown' },
    at: '2026-03-01T11:00:00.000Z',
    summary: `${GROUP} checkout-web (sg-1) in ${ACCOUNT}/${HERE} changed in ipPermissions; it belongs to the stack shop`,
    link: `https://console.aws.amazon.com/config/home?region=${HERE}#/resources/details?resourceId=sg-1&resourceType=AWS%3A%3AEC2%3A%3ASecurityGroup`,
  });
});

test('every record since the last look is a change, over pages of resources and of their histories', async () => {
  for (let i = 0; i < 5; i += 1) group(NOON - 40 * HOUR, [443], { id: `sg-${String(i)}` });
  for (let i = 1; i <= 5; i += 1) group(NOON - i * HOUR, [443, i], { id: 'sg-4' });
  for (let i = 0; i < 4; i += 1) group(NOON - 30 * MINUTE, [443, 80], { id: `sg-${String(i)}` });
  await process()();
  expect(kept.size).toBe(9);
});

test('what only began to be recorded is no change; what was created is one', async () => {
  group(NOON - HOUR, [443], { id: 'sg-old', configurationItemStatus: 'ResourceDiscovered', resourceCreationTime: new Date(NOON - 90 * 24 * HOUR) });
  group(NOON - HOUR, [443], { id: 'sg-new', configurationItemStatus: 'ResourceDiscovered', resourceCreationTime: new Date(NOON - HOUR) });
  await process()();
  expect(summaries()).toEqual(['11:00 was created; it belongs to the stack shop']);
});

test('how a resource does is no change of it, and no value of a member is told', async () => {
  const item = (at: number, told: object): void =>
    group(at, [], {
      id: 'arn:aws:ecs:eu-central-1:1:task-definition/checkout:7',
      resourceType: 'AWS::ECS::TaskDefinition',
      configuration: JSON.stringify(told),
    });
  item(NOON - 30 * HOUR, { status: 'ACTIVE', revision: 7, environment: { PASSWORD: 'swordfish' } });
  item(NOON - 2 * HOUR, { status: 'INACTIVE', revision: 7, environment: { PASSWORD: 'swordfish' } });
  item(NOON - HOUR, { status: 'INACTIVE', revision: 8, environment: { PASSWORD: 'marlin' } });
  await process()();
  expect([...kept.values()]).toEqual([expect.objectContaining({ from: '7', to: '8', at: '2026-03-01T11:00:00.000Z' })]);
  expect(JSON.stringify([...kept.values()])).not.toMatch(/swordfish|marlin/);
});

test('a history is asked for again only when something new was recorded', async () => {
  group(NOON - 2 * HOUR, [443]);
  group(NOON - 5 * MINUTE, [443, 22]);
  const turn = process();
  await turn();
  aws.ledger.clear();
  clock.advance(MINUTE);
  await turn();
  expect(aws.ledger.of('config.GetResourceConfigHistory')).toEqual([]);
  group(NOON + MINUTE, [443]);
  clock.advance(MINUTE);
  await turn();
  expect(summaries()).toHaveLength(3);
});

test('killed before its progress was saved, and away for days: each change is there once', async () => {
  group(NOON - 30 * HOUR, [443]);
  group(NOON - HOUR, [443, 22]);
  await process([HERE], { ...state, save: () => Promise.reject(new Error('killed')) })();
  expect(warned).toHaveLength(1);
  await process()();
  expect(kept.size).toBe(1);
  // The record that bears the oldest time comes late.
  group(NOON - 10 * MINUTE, [443]);
  group(NOON + 20 * HOUR, [443, 80]);
  clock.advance(70 * HOUR);
  await process()();
  expect(summaries().map((text) => text.slice(0, 5))).toEqual(['11:00', '11:50', '08:00']);
});

test('a region that does not answer does not stop the other', async () => {
  group(NOON - 30 * HOUR, [443], { region: THERE });
  group(NOON - HOUR, [443, 22], { region: THERE });
  const lift = aws.fault({ effect: 'hang', region: HERE });
  aws.fault({ effect: 'throttle', region: THERE, times: 1 });
  await process([HERE, THERE])();
  expect(summaries()).toEqual(['11:00 changed in ipPermissions; it belongs to the stack shop']);
  expect(warned).toMatchObject([{ poll: `configuration:${ACCOUNT}/${HERE}` }]);
  lift();
});
