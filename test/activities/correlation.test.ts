import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCorrelator } from '../../activities/correlation';
import { createDispatcher } from '../../activities/intake';
import { openEmbedded } from '../../adapters/postgres/open';
import type { Alert } from '../../domain/alert';
import { callMapOf } from '../../domain/correlate/call-map';
import { CORRELATE_DEFAULTS, type CorrelateSettings } from '../../domain/correlate/types';
import { STATE_LIMITS, type IncidentState } from '../../domain/incident-state';
import type { Inventory } from '../../domain/inventory';
import type { Store } from '../../ports/store';
import { IncidentHouse } from '../fakes/incident-house';
import { sampleAlert } from '../fakes/sample-incident';

/** The defaults, turned on. */
const ON: CorrelateSettings = { ...CORRELATE_DEFAULTS, enabled: true };

const START = Date.parse('2026-03-01T09:30:00.000Z');
const CALLS = { gateway: ['web', 'orders'], web: ['catalog', 'orders'], orders: ['payments'], catalog: ['db'], payments: ['db'], db: [], mail: [] };
const QUICK = { retry: { firstMs: 1, maxMs: 4 }, pollMs: 60_000, storm: { alerts: 4, pauseMs: 5 }, breath: { alerts: 200, ms: 1, leastMs: 0, times: 0 } };
/** A failing database and what it does to those that call it, seconds after it: service, condition. */
const CAUSE_AND_EFFECTS = [
  [0, 'db', 'ConnectionsExhausted'],
  [5, 'db', 'LatencyHigh'],
  [9, 'payments', 'ErrorShareHigh'],
  [12, 'payments', 'LatencyHigh'],
  [14, 'catalog', 'ErrorShareHigh'],
  [20, 'catalog', 'LatencyHigh'],
  [24, 'orders', 'ErrorShareHigh'],
  [27, 'orders', 'QueueGrows'],
  [31, 'orders', 'LatencyHigh'],
  [36, 'web', 'ErrorShareHigh'],
  [38, 'web', 'LatencyHigh'],
  [41, 'web', 'SyntheticCheckFails'],
  [45, 'gateway', 'ErrorShareHigh'],
  [47, 'gateway', 'LatencyHigh'],
  [52, 'gateway', 'SloBurn'],
  [60, 'payments', 'RetriesHigh'],
  [66, 'db', 'ReplicaLag'],
  [71, 'catalog', 'CacheMisses'],
  [75, 'web', 'SloBurn'],
  [80, 'orders', 'SloBurn'],
] as const;

describe('alerts of several services over a real store', () => {
  let folder: string;
  let store: Store;
  /** Each test has an environment of its own. */
  let environment = '';
  let tests = 0;
  let house: IncidentHouse;
  let running: { stop(): Promise<void>; kick(): void } | undefined;
  const clock = { at: START, now: () => clock.at };
  let told: string[] = [];
  const log = { info: (_fields: object, message: string) => void told.push(message), warn: () => undefined };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'nightshift-correlation-'));
    store = await openEmbedded({ home: folder });
  }, 120_000);
  afterAll(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    tests += 1;
    told = [];
    environment = `prod${String(tests)}`;
    clock.at = START;
    house = new IncidentHouse(store.transitions, clock, environment);
  });
  afterEach(async () => {
    await running?.stop();
    running = undefined;
  });

  function start(settings: CorrelateSettings = ON, calls: Readonly<Record<string, readonly string[]>> = CALLS): void {
    const inventory: Inventory = { services: Object.entries(CALLS).map(([name]) => ({ name, environment, tier: 'standard', dependsOn: [] })) };
    const map = callMapOf(Object.entries(calls).flatMap(([caller, all]) => all.map((callee) => ({ caller, callee, from: 'configuration' as const }))));
    const correlator = createCorrelator({ store: store.correlation, maps: { of: () => Promise.resolve(map) }, inventory, settings, clock });
    // The dispatcher's own pauses take real time.
    const steady = { now: () => Date.now() };
    running = createDispatcher({ inbox: store.inbox, starter: house, inventory, clock: steady, log, settings: QUICK, correlator });
  }

  async function take(...alerts: readonly Alert[]): Promise<void> {
    for (const alert of alerts) {
      clock.at = Math.max(clock.at, Date.parse(alert.startsAt) + 500);
      await store.inbox.accept([alert], clock.at, 1000);
    }
    await delivered();
  }

  async function delivered(): Promise<void> {
    running?.kick();
    await untilSo(async () => (await store.inbox.backlog(0)).count === 0, 'everything is delivered');
  }

  /** One question to the store at a time, as the dispatcher asks it too. */
  async function untilSo(holds: () => Promise<boolean>, what: string): Promise<void> {
    for (const end = Date.now() + 30_000; !(await holds()); await new Promise((resolve) => setImmediate(resolve)))
      if (Date.now() > end) throw new Error(`it did not happen: ${what}`);
  }

  const fires = (service: string, name: string, seconds = 0, over: Partial<Alert> = {}): Alert =>
    sampleAlert(`${environment}-${service}-${name}-${String(seconds)}`, {
      ...{ environment, service, name, fingerprint: `${service}/${name}`, startsAt: new Date(START + seconds * 1000).toISOString() },
      ...over,
    });
  const ends = (service: string, name: string, seconds = 0): Alert =>
    fires(service, name, seconds, { id: `${environment}-${service}-${name}-end`, status: 'resolved' });
  const workflows = (): string[] => [...house.open.values()].map(({ service }) => service).sort();
  const held = (service: string) => house.open.get(`incident:${environment}:${service}`);
  const relatedTo = async (state: IncidentState | undefined) => (state ? store.correlation.related(state) : undefined);
  const routes = async () => (await store.correlation.routes()).filter((route) => route.environment === environment);
  const noticed = (service: string) => held(service)?.alerts.map(({ service, name, joined }) => ({ service, name, joined }));

  test('twenty alerts of six services with one cause are one incident, and each that joined says why', async () => {
    start();
    for (const [seconds, service, name] of CAUSE_AND_EFFECTS) await take(fires(service, name, seconds));
    expect(workflows()).toEqual(['db']);
    const state = held('db');
    expect(state?.alertCount).toBe(20);
    expect(state?.alerts.filter(({ service }) => service !== undefined).every(({ joined }) => joined !== undefined)).toBe(true);
    expect(state?.alerts.find(({ service, name }) => service === 'payments' && name === 'LatencyHigh')?.joined).toBe(
      'payments calls db, 7 s after LatencyHigh on db, both LatencyHigh',
    );
  });

  test('they are one incident too when all come in one batch, or the callers tell first', async () => {
    start();
    await store.inbox.accept(
      [...CAUSE_AND_EFFECTS].reverse().map(([seconds, service, name]) => fires(service, name, seconds)),
      START + 90_000,
      1000,
    );
    clock.at = START + 90_000;
    await delivered();
    expect(house.all.map(({ service, alertCount }) => [service, alertCount])).toEqual([['orders', 20]]);
  });

  test('a service that nothing connects keeps its own incident, though it is noisy at the same time', async () => {
    start();
    await take(fires('db', 'LatencyHigh'), fires('mail', 'LatencyHigh', 1));
    expect(workflows()).toEqual(['db', 'mail']);
    expect(await relatedTo(house.all[0])).toEqual([]);
  });

  test('without a call graph every service has its own incident', async () => {
    start(ON, {});
    await take(fires('db', 'LatencyHigh'), fires('payments', 'LatencyHigh', 1));
    expect(workflows()).toEqual(['db', 'payments']);
    expect(await routes()).toEqual([]);
  });

  test('the end of an alert finds the incident that holds it, after the dispatcher was killed too', async () => {
    start();
    await take(fires('db', 'LatencyHigh'), fires('payments', 'LatencyHigh', 5));
    await running?.stop();
    start();
    await take(ends('payments', 'LatencyHigh', 5));
    expect(held('db')?.alerts.find(({ service }) => service === 'payments')?.status).toBe('resolved');
    expect(house.all).toHaveLength(1);
  });

  test('a dispatcher that dies between routing and delivery routes the same way again', async () => {
    start();
    await take(fires('db', 'LatencyHigh'));
    const deliver = house.deliver.bind(house);
    house.deliver = async () => Promise.reject(new Error('Temporal is away'));
    await store.inbox.accept([fires('payments', 'LatencyHigh', 5)], START + 6000, 1000);
    running?.kick();
    await untilSo(async () => (await routes()).length === 2, 'it is routed');
    await running?.stop();
    // Meanwhile the incident is acted on, which would keep a new alert out.
    await house.change(`incident:${environment}:db`, (state) => (state.status = 'remediating'));
    house.deliver = deliver;
    start();
    await take();
    expect(workflows()).toEqual(['db']);
  });

  test('routes that a restored store has lost are found in what the incident shows', async () => {
    start();
    await take(fires('db', 'LatencyHigh'), fires('payments', 'LatencyHigh', 5));
    await running?.stop();
    await store.correlation.save({ routes: [], forget: (await routes()).map(({ key }) => key), relations: [] });
    start();
    await take(ends('payments', 'LatencyHigh', 5));
    expect(held('db')?.alerts.find(({ service }) => service === 'payments')?.status).toBe('resolved');
  });

  test('once something is being done, an incident takes alerts of its own service only, and the other one is related both ways', async () => {
    start();
    await take(fires('db', 'LatencyHigh'));
    await house.change(`incident:${environment}:db`, (state) => (state.status = 'remediating'));
    clock.at += 1000;
    await take(fires('payments', 'LatencyHigh', 5));
    expect(workflows()).toEqual(['db', 'payments']);
    const [db, payments] = house.all.map(({ incidentId }) => incidentId);
    const reason = 'payments calls db, 5 s after LatencyHigh on db, both LatencyHigh; not one incident, as its remediation has begun';
    expect(await relatedTo(house.all[0])).toEqual([{ incidentId: payments, reason }]);
    expect(await relatedTo(house.all[1])).toEqual([{ incidentId: db, reason }]);
  });

  test('an incident that ended before the alert reached it does not begin anew under the wrong name', async () => {
    start();
    await take(fires('db', 'LatencyHigh'));
    house.open.delete(`incident:${environment}:db`);
    await take(fires('payments', 'LatencyHigh', 5));
    expect(workflows()).toEqual(['payments']);
  });

  test('what a person split off opens its own from then on, and what the incident holds ends there', async () => {
    start();
    await take(fires('db', 'LatencyHigh'), fires('payments', 'LatencyHigh', 5));
    await store.correlation.split(house.all[0]?.incidentId ?? '', 'payments', 'ada', START);
    clock.at += 1000;
    await take(ends('payments', 'LatencyHigh', 5), fires('payments', 'ErrorShareHigh', 20));
    expect(workflows()).toEqual(['db', 'payments']);
    expect(noticed('payments')).toEqual([{ service: undefined, name: 'ErrorShareHigh', joined: undefined }]);
    expect(held('db')?.alerts.filter(({ status }) => status === 'firing')).toHaveLength(1);
  });

  test('after the incident has ended, the same condition is decided about anew', async () => {
    start();
    await take(fires('db', 'LatencyHigh'), fires('payments', 'LatencyHigh', 5));
    clock.at += 60_000;
    await house.change(`incident:${environment}:db`, (state) => {
      state.status = 'resolved';
      state.resolvedAt = clock.at;
    });
    clock.at += 1000;
    await take(fires('payments', 'LatencyHigh', 90));
    expect(workflows()).toEqual(['payments']);
  });

  test('what an ended incident still shows goes to its own service, after one attempt there and a pause', async () => {
    start();
    await take(fires('db', 'LatencyHigh'), fires('payments', 'LatencyHigh', 5));
    // Its workflow was ended from outside: nobody wrote that into the projection.
    house.open.delete(`incident:${environment}:db`);
    const deliver = house.deliver.bind(house);
    const tried: string[] = [];
    house.deliver = async (route, alerts) => {
      tried.push(route.service);
      return deliver(route, alerts);
    };
    await take(fires('payments', 'LatencyHigh', 60));
    expect(workflows()).toEqual(['payments']);
    expect(tried.filter((service) => service === 'db')).toHaveLength(1);
    expect(told).toEqual(['the incident had ended before alerts of other services reached it; they are routed anew']);
    await take(ends('payments', 'LatencyHigh', 60));
    expect(held('payments')?.alerts.map(({ status }) => status)).toEqual(['resolved']);
  });

  test('conditions of two services that have one fingerprint are two, and each ends by itself', async () => {
    start();
    const same = { fingerprint: 'latency' };
    await take(fires('db', 'LatencyHigh', 0, same), fires('payments', 'LatencyHigh', 5, same));
    expect(noticed('db')).toHaveLength(2);
    await take({ ...ends('payments', 'LatencyHigh', 5), ...same });
    expect(held('db')?.alerts.map(({ service, status }) => [service, status])).toEqual([
      [undefined, 'firing'],
      ['payments', 'resolved'],
    ]);
  });

  test('so many conditions of other services join, and what comes after them opens its own and is related', async () => {
    start();
    await take(fires('db', 'LatencyHigh'));
    for (let i = 0; i < STATE_LIMITS.joined; i += 1) await take(fires('payments', `Check${String(i)}`, 5));
    expect(workflows()).toEqual(['db']);
    clock.at += 1000;
    await take(fires('payments', 'LatencyHigh', 9), fires('catalog', 'LatencyHigh', 10));
    expect(workflows()).toEqual(['catalog', 'db', 'payments']);
    expect(held('db')?.alerts.filter(({ service }) => service === undefined)).toHaveLength(1);
    expect((await relatedTo(held('db')))?.[0]?.reason).toMatch(/not one incident, as it holds 30 conditions of other services already$/);
  });

  test('what a person split off opens its own too when the routes were lost', async () => {
    start();
    await take(fires('db', 'LatencyHigh'), fires('payments', 'LatencyHigh', 5), ends('payments', 'LatencyHigh', 5));
    await store.correlation.split(house.all[0]?.incidentId ?? '', 'payments', 'ada', START);
    await running?.stop();
    await store.correlation.save({ routes: [], forget: (await routes()).map(({ key }) => key), relations: [] });
    clock.at += 1000;
    start();
    await take(fires('payments', 'LatencyHigh', 30));
    expect(workflows()).toEqual(['db', 'payments']);
  });

  test('nothing joins an incident whose workflow is of an older version', async () => {
    start();
    await take(fires('db', 'LatencyHigh'));
    await house.change(`incident:${environment}:db`, (state) => (state.workflowVersion = 4));
    clock.at += 1000;
    await take(fires('payments', 'LatencyHigh', 5));
    expect(workflows()).toEqual(['db', 'payments']);
  });
});
