import fc from 'fast-check';
import { createDispatcher, type Dispatcher, type DispatcherSettings } from '../../activities/intake';
import { ArrivalRate } from '../../activities/arrival-rate';
import { chunksOf, lanesBy, lanesOf } from '../../activities/intake-lanes';
import type { Alert } from '../../domain/alert';
import type { Inventory } from '../../domain/inventory';
import type { AlertRoute } from '../../domain/routing';
import type { IncidentStarter } from '../../ports/incidents';
import { eventually } from '../fakes/eventually';
import { MemoryInbox } from '../fakes/memory-store';
import { sampleAlert } from '../fakes/sample-incident';

const INVENTORY: Inventory = {
  services: ['bookshop', 'payments'].map((name) => ({ name, environment: 'prod', tier: 'standard', dependsOn: [] })),
};
const QUICK = { retry: { firstMs: 1, maxMs: 4 }, pollMs: 60_000, storm: { alerts: 4, pauseMs: 5 }, breath: { alerts: 200, ms: 1, leastMs: 0, times: 0 } };
const QUIET = { info: () => undefined, warn: () => undefined };

/** A Temporal that keeps what it was given; `before` may fail or wait first. */
class FakeStarter implements IncidentStarter {
  readonly got = new Map<string, string[]>();
  readonly calls: { workflowId: string; service: string; alerts: readonly Alert[] }[] = [];
  before: (workflowId: string) => Promise<void> = () => Promise.resolve();

  async deliver({ workflowId, service }: AlertRoute, alerts: readonly Alert[]): Promise<void> {
    this.calls.push({ workflowId, service, alerts });
    await this.before(workflowId);
    this.got.set(workflowId, [...(this.got.get(workflowId) ?? []), ...alerts.map((alert) => alert.id)]);
  }
}

function start(inbox: MemoryInbox, starter: IncidentStarter, settings: Partial<DispatcherSettings> = QUICK, log = QUIET): Dispatcher {
  return createDispatcher({ inbox, starter, inventory: INVENTORY, clock: { now: () => Date.now() }, log, settings });
}

const accept = (inbox: MemoryInbox, alerts: readonly Alert[]) => inbox.accept(alerts, Date.now(), 100_000);
const drained = (inbox: MemoryInbox) => eventually(() => inbox.waiting.length === 0, 'the inbox is empty');

test('alerts go to the workflow of their service, those of unknown services to the unrouted one of their source', async () => {
  const [inbox, starter] = [new MemoryInbox(), new FakeStarter()];
  await accept(inbox, [sampleAlert('a'), sampleAlert('b', { service: 'ghost', source: 'grafana' }), sampleAlert('c', { environment: 'test' })]);
  const dispatcher = start(inbox, starter);
  await drained(inbox);
  await dispatcher.stop();
  expect(Object.fromEntries(starter.got)).toEqual({
    'incident:prod:bookshop': ['a'],
    'incident:prod:unrouted:grafana': ['b'],
    'incident:test:unrouted:generic': ['c'],
  });
  expect(starter.calls.map((call) => call.service)).toEqual(['bookshop', 'unrouted', 'unrouted']);
});

test('a kick delivers at once, though the next look of its own is a minute away', async () => {
  const [inbox, starter] = [new MemoryInbox(), new FakeStarter()];
  const dispatcher = start(inbox, starter);
  await accept(inbox, [sampleAlert('a')]);
  dispatcher.kick();
  await drained(inbox);
  await dispatcher.stop();
  expect(starter.got.get('incident:prod:bookshop')).toEqual(['a']);
});

test('nothing is lost and each workflow keeps its order when deliveries and the store fail at random', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('bookshop', 'payments', 'ghost'), { minLength: 1, maxLength: 60 }),
      fc.infiniteStream(fc.constantFrom('ok', 'ok', 'refused', 'taken but the answer was lost')),
      fc.infiniteStream(fc.constantFrom(true, true, true, false)),
      async (services, fates, storeWorks) => {
        const [inbox, starter] = [new MemoryInbox(), new FakeStarter()];
        const honest = starter.deliver.bind(starter);
        starter.deliver = async (...args) => {
          const fate = fates.next().value;
          if (fate === 'refused') throw new Error('unavailable');
          await honest(...args);
          if (fate !== 'ok') throw new Error('deadline exceeded');
        };
        const [read, mark] = [inbox.undelivered.bind(inbox), inbox.markDelivered.bind(inbox)];
        inbox.undelivered = async (limit) => (storeWorks.next().value ? read(limit) : Promise.reject(new Error('store down')));
        inbox.markDelivered = async (...args) => (storeWorks.next().value ? mark(...args) : Promise.reject(new Error('store down')));

        const dispatcher = start(inbox, starter, { ...QUICK, window: 7, lanes: 2, chunk: { alerts: 3, bytes: 32_768 } });
        for (const [i, service] of services.entries()) {
          await accept(inbox, [sampleAlert(`${service}-${String(i)}`, { service })]);
          dispatcher.kick();
        }
        await drained(inbox);
        await dispatcher.stop();
        for (const service of new Set(services)) {
          const sent = services.map((name, i) => (name === service ? `${name}-${String(i)}` : '')).filter((id) => id !== '');
          const got = [...starter.got.values()].find((ids) => ids.some((id) => id.startsWith(`${service}-`))) ?? [];
          // A workflow forgets what it has seen before; in what is left nothing may be missing or early.
          expect([...new Set(got)]).toEqual(sent);
        }
      },
    ),
    { numRuns: 40 },
  );
});

test('one signal holds at most 100 alerts and 32 KiB; one that is larger goes alone', () => {
  const limits = { alerts: 100, bytes: 32 * 1024 };
  const items = (n: number, summary: string) =>
    Array.from({ length: n }, (_, i) => ({ position: i + 1, alert: sampleAlert(`a${String(i)}`, { summary }), receivedAt: 0 }));
  expect(chunksOf(items(250, 'x'), limits).map((chunk) => chunk.length)).toEqual([100, 100, 50]);
  const wide = chunksOf(items(20, 'é'.repeat(4_000)), limits);
  expect(wide.flat()).toHaveLength(20);
  for (const chunk of wide) expect(Buffer.byteLength(JSON.stringify(chunk.map((item) => item.alert)))).toBeLessThanOrEqual(32 * 1024);
  expect(chunksOf(items(2, 'y'.repeat(40_000)), limits).map((chunk) => chunk.length)).toEqual([1, 1]);
  expect(lanesOf(INVENTORY, items(3, 'x'))).toHaveLength(1);
});

test('a workflow that cannot be reached holds up nobody else, even when its alerts fill the window', async () => {
  const [inbox, starter] = [new MemoryInbox(), new FakeStarter()];
  starter.before = (workflowId) => (workflowId === 'incident:prod:bookshop' ? Promise.reject(new Error('no')) : Promise.resolve());
  await accept(inbox, [...Array.from({ length: 30 }, (_, i) => sampleAlert(`b${String(i)}`)), sampleAlert('p', { service: 'payments' })]);
  const dispatcher = start(inbox, starter, { ...QUICK, retry: { firstMs: 60_000, maxMs: 60_000 }, window: 4, chunk: { alerts: 1, bytes: 1 } });
  await eventually(() => starter.got.has('incident:prod:payments'), 'payments got its alert');
  await dispatcher.stop();
  expect(inbox.waiting).toHaveLength(30);
});

test('while one delivery hangs, a kick brings alerts of other workflows through, and its own are not sent twice', async () => {
  const [inbox, starter] = [new MemoryInbox(), new FakeStarter()];
  let release: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (release = resolve));
  starter.before = (workflowId) => (workflowId === 'incident:prod:bookshop' ? gate : Promise.resolve());
  await accept(inbox, [sampleAlert('a')]);
  const dispatcher = start(inbox, starter);
  await eventually(() => starter.calls.length === 1, 'the first delivery began');
  await accept(inbox, [sampleAlert('b'), sampleAlert('p', { service: 'payments' })]);
  dispatcher.kick();
  await eventually(() => starter.got.has('incident:prod:payments'), 'payments got its alert');
  release();
  await drained(inbox);
  await dispatcher.stop();
  expect(starter.got.get('incident:prod:bookshop')).toEqual(['a', 'b']);
  expect(starter.calls).toHaveLength(3);
});

test('while Temporal is down the pauses double up to the longest, spread by chance, and it is told once', async () => {
  const [inbox, starter] = [new MemoryInbox(), new FakeStarter()];
  let now = 0;
  const at: number[] = [];
  const told: string[] = [];
  let down = true;
  starter.before = () => {
    at.push(now);
    return down ? Promise.reject(new Error('down')) : Promise.resolve();
  };
  const log = { info: (_f: object, m: string) => told.push(m), warn: (_f: object, m: string) => told.push(m) };
  await accept(inbox, [sampleAlert('a')]);
  const settings = { retry: { firstMs: 100, maxMs: 400 } };
  const dispatcher = createDispatcher({ inbox, starter, inventory: INVENTORY, clock: { now: () => now }, log, random: () => 1, settings });
  await eventually(() => at.length === 1, 'the first try');
  for (const [i, pause] of [100, 200, 400, 400].entries()) {
    now += pause - 1;
    dispatcher.kick();
    await new Promise((resolve) => setImmediate(resolve));
    expect(at).toHaveLength(i + 1);
    if (i === 3) down = false;
    now += 1;
    dispatcher.kick();
    await eventually(() => at.length === i + 2, `try ${String(i + 2)}`);
  }
  await drained(inbox);
  await dispatcher.stop();
  expect(at).toEqual([0, 100, 300, 700, 1100]);
  expect(told).toEqual(['alerts could not be delivered; they wait in the inbox', 'alerts are delivered again']);
});

test('while many alerts come in, those of a storm gather for longer, and a workflow that is quiet has its own at once', async () => {
  const [inbox, starter] = [new MemoryInbox(), new FakeStarter()];
  let now = 0;
  const [clock, settings] = [{ now: () => now }, { storm: { alerts: 4, pauseMs: 1_000 }, busy: { perSecond: 100, pauseMs: 9_000 }, breath: QUICK.breath }];
  const arrivals = new ArrivalRate(clock);
  const dispatcher = createDispatcher({ inbox, starter, inventory: INVENTORY, clock, log: QUIET, settings, arrivals });
  const come = async (...alerts: readonly Alert[]): Promise<void> => {
    arrivals.note(600);
    await accept(inbox, alerts);
    dispatcher.kick();
  };
  await come(...['a', 'b', 'c', 'd'].map((id) => sampleAlert(id)));
  await eventually(() => starter.got.get('incident:prod:bookshop')?.length === 4, 'the first of the storm');
  now = 8_000;
  await come(sampleAlert('e'), sampleAlert('p', { service: 'payments' }));
  await eventually(() => starter.got.has('incident:prod:payments'), 'payments got its alert');
  expect(starter.got.get('incident:prod:bookshop')).toHaveLength(4);
  now = 9_000;
  dispatcher.kick();
  await drained(inbox);
  await dispatcher.stop();
  expect(starter.got.get('incident:prod:bookshop')).toEqual(['a', 'b', 'c', 'd', 'e']);
});

test('what gathered while a look took longer than the rest of its storm is looked for again', async () => {
  const [inbox, starter] = [new MemoryInbox(), new FakeStarter()];
  let [now, lookMs, looks] = [0, 0, 0];
  const undelivered = inbox.undelivered.bind(inbox);
  inbox.undelivered = (...asked) => {
    [now, looks] = [now + lookMs, looks + 1];
    return undelivered(...asked);
  };
  const dispatcher = createDispatcher({ inbox, starter, inventory: INVENTORY, clock: { now: () => now }, log: QUIET, settings: QUICK });
  await accept(
    inbox,
    ['a', 'b', 'c', 'd'].map((id) => sampleAlert(id)),
  );
  dispatcher.kick();
  await eventually(() => starter.got.get('incident:prod:bookshop')?.length === 4 && looks > 1, 'the first of the storm');
  [now, lookMs] = [1, 1_000];
  await accept(inbox, [sampleAlert('e')]);
  dispatcher.kick();
  await drained(inbox);
  await dispatcher.stop();
  expect(starter.got.get('incident:prod:bookshop')).toEqual(['a', 'b', 'c', 'd', 'e']);
});

test('a look that took long is not repeated at once, however often it is asked for', async () => {
  const [inbox, looks] = [new MemoryInbox(), [] as number[]];
  let now = 0;
  let kick: () => void = () => undefined;
  const undelivered = inbox.undelivered.bind(inbox);
  inbox.undelivered = (...asked) => {
    now += 1_000;
    looks.push(performance.now());
    kick();
    return undelivered(...asked);
  };
  const settings = { ...QUICK, pollMs: 50, breath: { ...QUICK.breath, times: 10 } };
  const dispatcher = createDispatcher({ inbox, starter: new FakeStarter(), inventory: INVENTORY, clock: { now: () => now }, log: QUIET, settings });
  kick = () => dispatcher.kick();
  await eventually(() => looks.length > 2, 'three looks');
  await dispatcher.stop();
  const [, second = 0, third = 0] = looks;
  expect(third - second).toBeGreaterThan(45);
});

test('stop waits for the delivery under way and takes up nothing more', async () => {
  const [inbox, starter] = [new MemoryInbox(), new FakeStarter()];
  let release: () => void = () => undefined;
  starter.before = () => new Promise((resolve) => (release = resolve));
  await accept(inbox, [sampleAlert('a'), sampleAlert('b')]);
  const dispatcher = start(inbox, starter, { ...QUICK, chunk: { alerts: 1, bytes: 1 } });
  await eventually(() => starter.calls.length === 1, 'the delivery began');
  const stopped = dispatcher.stop();
  release();
  await stopped;
  expect([inbox.delivered.length, inbox.waiting.length, starter.calls.length]).toEqual([1, 1, 1]);
});

describe('a lane', () => {
  const route = { workflow: 'incident', workflowId: 'incident:prod:bookshop', environment: 'prod', service: 'bookshop' } as const;
  const joining = { service: 'payments', joins: 'bookshop calls payments' };
  const lane = (...alerts: readonly Alert[]) => lanesBy(alerts.map((alert, i) => ({ item: { position: i, alert, receivedAt: 0 }, route })))[0];

  test('of alerts that join needs a workflow that runs, with ends of its own alerts too', () => {
    expect(lane(sampleAlert('a', joining))?.mustRun).toBe(true);
    expect(lane(sampleAlert('a', joining), sampleAlert('b', { status: 'resolved' }))?.mustRun).toBe(true);
  });

  test('that holds an alert of its own service may start it, and so may ends alone, of which nothing joined', () => {
    expect(lane(sampleAlert('a', joining), sampleAlert('b'))?.mustRun).toBeUndefined();
    expect(lane(sampleAlert('b', { status: 'resolved' }))?.mustRun).toBeUndefined();
  });
});
