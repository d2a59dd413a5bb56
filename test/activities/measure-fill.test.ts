import { localScorer } from '../../adapters/local/scorer';
import { createDetectionActivities } from '../../activities/detection-group';
import { measureFiller } from '../../activities/measure-fill';
import type { MeasureFillDeps } from '../../activities/measure-fill';
import { PRESETS, withSeason } from '../../domain/anomaly/presets';
import { fillName } from '../../domain/detection/fill-state';
import type { Service } from '../../domain/inventory';
import type { Sample } from '../../domain/metrics';
import { MemoryStore } from '../fakes/memory-store';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const ROW = 10 * MINUTE;
const NOW = 3000 * 7 * DAY;
/** Prometheus has known the service for so long. */
const KNOWN = 17 * DAY;
const KEEP = 20 * DAY;
const service = (name: string): Service => ({
  ...{ name, environment: 'test', tier: 'critical', dependsOn: [] },
  metrics: { url: 'http://127.0.0.1:1', everyMs: MINUTE, names: { requests: 'r', latency: 'l' }, saturation: [] },
});

/** A scrape of a service that has ten requests a second, of which a few fail. */
function sample(name: string, at: number): Sample {
  const requests = Math.round((at - NOW + KEEP) / 100);
  const latency = { le: [0.1, null], counts: [requests, requests] };
  const routes = { '/': { requests, errors: Math.floor(requests / 1000) } };
  return { service: name, environment: 'test', instance: 'one', at, up: true, routes, latency, saturation: {} };
}

function world(...names: readonly string[]) {
  const store = new MemoryStore();
  const services = names.map(service);
  const clock = { ms: NOW, now: (): number => clock.ms };
  const asked: { service: string; from: number; to: number; step: number }[] = [];
  const down = new Set<string>();
  const warned: object[] = [];
  const deps = (): MeasureFillDeps => ({
    ...{ services, history: store.measures, state: store.state, clock, settings: { rowMs: ROW, minRequests: 20, measuresMs: KEEP } },
    past: {
      past: async ({ name }, from, to, step) => {
        if (down.has(name)) throw new Error('Prometheus is away');
        asked.push({ service: name, from, to, step });
        const times = Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => from + i * step);
        return times.filter((at) => at >= NOW - KNOWN).map((at) => sample(name, at));
      },
    },
    log: { info: () => undefined, warn: (fields) => void warned.push(fields) },
  });
  /** A turn of the group that has them, of so many rows. */
  const judge = async (rows: number): Promise<void> => {
    const settings = {
      ...{ detector: withSeason(PRESETS.default, 7 * DAY), alertsPerWeek: 0.4, minRequests: 20, rowMs: ROW, graceMs: 0, groups: 1 },
      ...{ checkpointMs: DAY, keepMs: DAY, measuresMs: KEEP, pointsMs: KEEP, inboxLimit: 100 },
    };
    await createDetectionActivities({
      ...{ services, series: [], points: store.archive.points, samples: store.samples, history: store.measures, scorer: localScorer(), inbox: store.inbox },
      ...{ book: store.detection, anomalies: store.anomalies, feedback: store.feedback, state: store.state, clock, settings },
      log: { info: () => undefined, warn: () => undefined },
      ends: () => new AbortController().signal,
      heartbeat: () => undefined,
      pause: async (ms) => void (clock.ms += ms),
      onAlerts: () => undefined,
    }).judgeGroup({ group: 0, groups: 1, turnMs: rows * ROW });
  };
  const scrape = (from: number, to: number, over: (at: number) => Partial<Sample> = () => ({})) =>
    store.samples.append(
      services.flatMap(({ name }) =>
        Array.from({ length: (to - from) / MINUTE + 1 }, (_, i) => from + i * MINUTE).map((at) => ({ ...sample(name, at), ...over(at) })),
      ),
    );
  const rows = (name: string) => store.measures.read({ environment: 'test', service: name, rowMs: ROW }, 0, Infinity);
  const phase = async (name: string) => ((await store.state.load(fillName(service(name)))) as { phase?: string } | undefined)?.phase;
  return { store, clock, asked, down, warned, deps, judge, scrape, rows, phase };
}

/** Takes turns, each of a filler that was just started, until there is nothing to do at once. */
async function fill(deps: () => MeasureFillDeps): Promise<void> {
  for (let i = 0; i < 100; i += 1) if ((await measureFiller(deps()).turn()) > 1000) return;
  throw new Error('it does not come to an end');
}

test('what a service was before its first row is asked for in parts, newest first, each once, also when the process is another one each time', async () => {
  const { asked, deps, judge, scrape, rows } = world('shop');
  await scrape(NOW - 60 * MINUTE, NOW);
  await judge(1);
  await fill(deps);
  const parts = asked.length;
  await fill(deps);
  expect(asked).toHaveLength(parts);
  const begins = asked.map(({ from }) => from + 2 * ROW);
  expect(asked.map(({ to }) => to)).toEqual([NOW - 60 * MINUTE - ROW, ...begins.slice(0, -1)]);
  expect(Math.max(...asked.map(({ from, to, step }) => (to - from) / step))).toBeLessThan(2000);
  const kept = await rows('shop');
  expect([(kept[0]?.at ?? 0) - (NOW - KNOWN), kept.length]).toEqual([0, KNOWN / ROW + 1]);
  expect(kept[1000]?.measures.map(({ name, value }) => [name, value])).toEqual([
    ['errorShare', 0.001],
    ['up', 1],
    ['latencyP95Ms', 95],
    ['rate', 10],
  ]);
});

test('the group learns it at its next turn, once: the service is not learning any more', async () => {
  const { store, deps, judge, scrape, phase } = world('shop');
  const failsFrom = NOW + 4 * ROW;
  await scrape(NOW - 60 * MINUTE, NOW + 9 * ROW, (at) => {
    const { requests, errors } = sample('shop', at).routes['/'] ?? { requests: 0, errors: 0 };
    return { routes: { '/': { requests, errors: errors + Math.max(0, Math.round((at - failsFrom) / 500)) } } };
  });
  await judge(2);
  await fill(deps);
  expect(await phase('shop')).toBe('filled');
  await judge(1);
  expect(await phase('shop')).toBe('learnt');
  await judge(6);
  const [first] = await store.anomalies.list({ from: 0, to: Infinity, limit: 1 });
  expect(first?.anomaly).toMatchObject({ learning: false });
});

test('an alert that is under way is not forgotten for it: the past is learnt when it has ended', async () => {
  const { store, deps, judge, scrape, phase, clock } = world('shop');
  await scrape(NOW - 12 * 60 * MINUTE, NOW + 30 * ROW, (at) => (at > NOW && at <= NOW + 6 * ROW ? { up: false } : {}));
  await judge(4);
  expect(store.inbox.waiting.map(({ alert }) => alert.status)).toEqual(['firing']);
  await fill(deps);
  await judge(1);
  expect(await phase('shop')).toBe('filled');
  await judge(20);
  await judge(1);
  expect([await phase('shop'), clock.ms]).toEqual(['learnt', NOW + 26 * ROW]);
  expect(store.inbox.waiting.map(({ alert }) => alert.status)).toEqual(['firing', 'resolved']);
});

test('a service whose server does not answer, or that nobody judges yet, keeps no other from its turn, and has its own later', async () => {
  const { store, deps, scrape, judge, down, warned, rows, clock } = world('away', 'shop');
  const filler = measureFiller(deps());
  expect(await filler.turn()).toBe(60_000);
  await scrape(NOW - 60 * MINUTE, NOW);
  await judge(1);
  down.add('away');
  clock.ms += MINUTE;
  while ((await filler.turn()) < 1000);
  expect([(await rows('away')).length, (await rows('shop')).length > 1000, warned.length]).toEqual([7, true, 1]);
  down.clear();
  clock.ms += MINUTE;
  while ((await filler.turn()) < 1000);
  expect((await rows('away')).length).toBeGreaterThan(1000);
  expect(await store.measures.span({ environment: 'test', service: 'away', rowMs: ROW })).toEqual(
    await store.measures.span({ environment: 'test', service: 'shop', rowMs: ROW }),
  );
});

test('a server that goes on failing is asked less and less often, at last each hour, and that is told once', async () => {
  const { scrape, judge, down, warned, deps, clock } = world('away');
  await scrape(NOW - 60 * MINUTE, NOW);
  await judge(1);
  down.add('away');
  const tries: number[] = [];
  const { past } = deps();
  const counted: MeasureFillDeps['past'] = {
    past: (...question) => {
      tries.push(clock.ms);
      return past.past(...question);
    },
  };
  const filler = measureFiller({ ...deps(), past: counted });
  for (let minute = 0; minute < 300; minute += 1) {
    await filler.turn();
    clock.ms += MINUTE;
  }
  expect(tries.slice(1).map((at, i) => (at - (tries[i] ?? 0)) / MINUTE)).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
  expect(warned).toHaveLength(1);
});
