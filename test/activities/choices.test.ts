import { chooseFor, chooser } from '../../activities/choices';
import type { ChoiceDeps } from '../../activities/choices';
import { choiceName, readChoice } from '../../domain/detection/choose-record';
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

/** Services that each have eight short days of samples. */
async function world(names: readonly string[], keepMs = 8 * DAY) {
  const store = new MemoryStore();
  const clock = { at: NOW, now: () => clock.at };
  for (const name of names) {
    let requests = 0;
    for (let at = NOW - keepMs; at <= NOW; at += 20_000) {
      requests += Math.round(200 + 100 * Math.sin((at / DAY) * 2 * Math.PI));
      const latency = { le: [0.1, null], counts: [requests, requests] };
      const sample = { service: name, environment: 'prod', instance: 'a', at, up: true, routes: { '/': { requests, errors: 0 } } };
      await store.samples.append([{ ...sample, latency, saturation: { handles: 0.5 } }]);
    }
  }
  const settings = { everyMs: 24 * HOUR, rowMs: 20_000, keepMs, seasonMs: DAY, alertsPerWeek: 0.1, minRequests: 1 };
  const deps: ChoiceDeps = { services: names.map(service), samples: store.samples, state: store.state, clock, log: { warn: () => undefined }, settings };
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

test('services have their turn one after the other, once in the interval, also over a restart', async () => {
  const { deps, clock, choice } = await world(['shop', 'cart'], DAY);
  const turns = [];
  for (let i = 0; i < 4; i += 1) turns.push(await chooser(deps).turn());
  expect(turns).toEqual([true, true, false, false]);
  clock.at += 25 * HOUR;
  expect(await chooser(deps).turn()).toBe(true);
  expect([(await choice('prod/shop/rate'))?.at, (await choice('prod/cart/rate'))?.at]).toEqual([clock.at, NOW]);
});

test('a service that cannot be read waits for its next turn, and the next one has its own', async () => {
  const { deps, choice, store } = await world(['shop', 'cart'], DAY);
  const read: ChoiceDeps['samples']['read'] = (environment, name, ...time) =>
    name === 'shop' ? Promise.reject(new Error('away')) : store.samples.read(environment, name, ...time);
  const choosing = chooser({ ...deps, samples: { read } });
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
