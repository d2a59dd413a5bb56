import { chooseFor, chooser } from '../../activities/choices';
import type { ChoiceDeps } from '../../activities/choices';
import { choiceName, readChoice } from '../../domain/detection/choose-record';
import type { MeasureRow } from '../../domain/detection/measure-row';
import { kindOfMeasure } from '../../domain/detection/measures';
import type { Service } from '../../domain/inventory';
import { MemoryStore } from '../fakes/memory-store';

const HOUR = 3_600_000;
/** A day that was made short, as in the demo. */
const DAY = HOUR;
const T0 = Date.parse('2026-01-05T00:00:00Z');
const NOW = T0 + 8 * DAY;
const service = (name: string): Service => ({
  ...{ name, environment: 'prod', tier: 'standard', dependsOn: [] },
  metrics: { url: 'http://127.0.0.1:1', everyMs: 15_000, names: { requests: 'r', latency: 'l' }, saturation: [] },
});

/** A row of healthy values. */
function row(at: number, rate: number): MeasureRow {
  const values = { errorShare: 0, up: 1, latencyP95Ms: 100, rate, 'saturation:handles': 0.5 };
  return { at, measures: Object.entries(values).map(([name, value]) => ({ name, kind: kindOfMeasure(name), value })) };
}

/** Services that each have eight short days of history. */
async function world(names: readonly string[], keepMs = 8 * DAY) {
  const store = new MemoryStore();
  const clock = { at: NOW, now: () => clock.at };
  for (const name of names) {
    const rows = Array.from({ length: keepMs / 20_000 }, (_, i) => NOW - keepMs + (i + 1) * 20_000).map((at) =>
      row(at, Math.round(200 + 100 * Math.sin((at / DAY) * 2 * Math.PI)) / 20),
    );
    await store.measures.append(20_000, [{ environment: 'prod', service: name, rows }]);
  }
  const settings = { everyMs: 24 * HOUR, rowMs: 20_000, keepMs, seasonMs: DAY, alertsPerWeek: 0.1 };
  const deps: ChoiceDeps = { services: names.map(service), history: store.measures, state: store.state, clock, log: { warn: () => undefined }, settings };
  const choice = async (key: string) => readChoice(await store.state.load(choiceName(key)));
  return { deps, clock, choice, store };
}

test('every measure of a service gets a choice, saved with when, why and the figures', async () => {
  const { deps, choice } = await world(['shop']);
  expect(await chooser(deps).turn()).toBe(true);
  for (const measure of ['errorShare', 'up', 'latencyP95Ms', 'rate', 'saturation:handles']) {
    const found = await choice(`prod/shop/${measure}`);
    expect(found).toMatchObject({
      at: NOW,
      preset: 'default',
      reason: expect.stringMatching(/ alerts a week (kept|chosen): \d of \d incidents found/) as string,
    });
    expect(found?.figures.trials).toHaveLength(3);
  }
});

test('a season of a week is tried on four weeks of history, in rows as long as those that are kept', async () => {
  const { deps, choice, store } = await world([]);
  const rowMs = 30 * 60_000;
  const [day, week] = [24 * HOUR, 168 * HOUR];
  const rows = Array.from({ length: (4 * week) / rowMs }, (_, i) => NOW - 4 * week + (i + 1) * rowMs).map((at) => {
    const atWeekend = new Date(at).getUTCDay() % 6 === 0;
    return row(at, (atWeekend ? 40 : 100) + 20 * Math.sin((at / day) * 2 * Math.PI) + 2 * Math.sin(at));
  });
  await store.measures.append(rowMs, [{ environment: 'prod', service: 'shop', rows }]);
  await chooser({ ...deps, services: [service('shop')], settings: { ...deps.settings, rowMs, keepMs: 35 * day, seasonMs: week } }).turn();
  expect((await choice('prod/shop/rate'))?.figures).toMatchObject({
    rows: (4 * week) / rowMs,
    trials: expect.arrayContaining([expect.objectContaining({ seasonMs: week })]),
  });
});

test('services have their turn one after the other, once in the interval, also over a restart', async () => {
  const { deps, clock, choice, store } = await world(['shop', 'cart'], DAY);
  const turns = [];
  for (let i = 0; i < 4; i += 1) turns.push(await chooser(deps).turn());
  expect(turns).toEqual([true, true, false, false]);
  clock.at += 25 * HOUR;
  await store.measures.append(20_000, [{ environment: 'prod', service: 'shop', rows: [row(clock.at, 10)] }]);
  expect(await chooser(deps).turn()).toBe(true);
  expect([(await choice('prod/shop/rate'))?.at, (await choice('prod/cart/rate'))?.at]).toEqual([clock.at, NOW]);
});

test('a service that cannot be read waits for its next turn, and the next one has its own', async () => {
  const { deps, choice, store } = await world(['shop', 'cart'], DAY);
  const read: ChoiceDeps['history']['read'] = (place, ...time) =>
    place.service === 'shop' ? Promise.reject(new Error('away')) : store.measures.read(place, ...time);
  const choosing = chooser({ ...deps, history: { read } });
  await expect(choosing.turn()).rejects.toThrow('away');
  expect(await choosing.turn()).toBe(true);
  expect([await choice('prod/shop/rate'), (await choice('prod/cart/rate'))?.at]).toEqual([undefined, NOW]);
});

test('what people said of a series counts in its choice', async () => {
  const { deps, choice } = await world(['shop']);
  const useful = { at: NOW - DAY, score: 0.9, what: 'useful' as const };
  await chooser({ ...deps, labels: (key) => Promise.resolve(key === 'prod/shop/rate' ? [useful] : []) }).turn();
  const incidents = async (measure: string) => (await choice(`prod/shop/${measure}`))?.figures.trials[0]?.incidents ?? 0;
  expect(await incidents('rate')).toBe((await incidents('up')) + 1);
});

test('a series without history keeps what is configured, and says so', async () => {
  const { deps, choice } = await world([]);
  const made = await chooseFor(deps, 'prod/new/rate', { times: [], values: [], kind: 'rate', labels: [] });
  expect(made).toMatchObject({ kept: true, at: NOW });
  expect(await choice('prod/new/rate')).toEqual(made);
});
