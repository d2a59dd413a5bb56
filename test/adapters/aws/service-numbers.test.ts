import { fillIn } from '../../../activities/backfill';
import { createDetectionActivities } from '../../../activities/detection-group';
import { measureFiller } from '../../../activities/measure-fill';
import type { MeasureFillDeps } from '../../../activities/measure-fill';
import { cloudWatchQueries } from '../../../adapters/aws/metric-queries';
import { cloudWatchNumbers } from '../../../adapters/aws/service-numbers';
import { localScorer } from '../../../adapters/local/scorer';
import { PRESETS, withSeason } from '../../../domain/anomaly/presets';
import { fillName } from '../../../domain/detection/fill-state';
import { kindOfMeasure } from '../../../domain/detection/measures';
import type { ServiceResource } from '../../../domain/aws/service-metrics';
import type { Service } from '../../../domain/inventory';
import { windowStats } from '../../../domain/windows';
import { accessTo } from '../../fakes/aws/access';
import { testClock } from '../../fakes/aws/clock';
import { startFakeAws } from '../../fakes/aws/server';
import type { FakeAws } from '../../fakes/aws/server';
import { putSeries } from '../../fakes/aws/services/cloudwatch-series';
import { MemoryStore } from '../../fakes/memory-store';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const NOW = Date.parse('2026-06-01T12:00:00Z');
const ACCOUNT = '111122223333';
const [HERE, THERE] = ['eu-central-1', 'us-east-1'];

let aws: FakeAws;
let clock: ReturnType<typeof testClock>;
beforeEach(async () => {
  clock = testClock(NOW);
  aws = await startFakeAws({ clock, pageSize: 'real' });
});
afterEach(() => aws.close());

function resource(region = HERE): ServiceResource {
  const of = (name: string, stat: string) => ({ namespace: 'AWS/Lambda', name, stat, dimensions: { FunctionName: 'shop' } });
  return {
    ...{ resource: `arn:aws:lambda:${region}:${ACCOUNT}:function:shop`, account: ACCOUNT, region },
    ...{ requests: of('Invocations', 'Sum'), errors: of('Errors', 'Sum'), latency: { ...of('Duration', 'p95'), unit: 'milliseconds' }, saturation: [] },
  };
}

const service = (regions: readonly string[] = [HERE]): Service => ({
  ...{ name: 'shop', environment: 'test', tier: 'critical', dependsOn: [] },
  metrics: { url: '', cloudwatch: regions.map(resource), everyMs: MINUTE, names: { requests: 'requests', latency: 'latency' }, saturation: [] },
});

/** A value each so often; of Invocations how many there were. */
function put(metric: string, from: number, to: number, everyMs: number, value: (at: number) => number, region = HERE): void {
  const samples = Array.from({ length: Math.ceil((to - from) / everyMs) }, (_none, i): [number, number] => [from + i * everyMs, value(from + i * everyMs)]);
  putSeries(aws.place(region, ACCOUNT), { namespace: 'AWS/Lambda', metric, dimensions: { FunctionName: 'shop' }, samples });
}

const SILENT = { info: () => undefined, warn: () => undefined };

const numbers = (leftOut: (place: string) => void = () => undefined) =>
  cloudWatchNumbers(cloudWatchQueries(accessTo(aws, [{ id: ACCOUNT, regions: [HERE, THERE], environment: 'test' }], { timeoutMs: 2000 })), clock, leftOut);

describe('the numbers of a service', () => {
  test('are those of the last period that has been over for two minutes: requests, failures, the percentile that CloudWatch told', async () => {
    put('Invocations', NOW - 5 * MINUTE, NOW, MINUTE, () => 120);
    put('Errors', NOW - 3 * MINUTE, NOW - 2 * MINUTE, MINUTE, () => 6);
    put('Duration', NOW - 5 * MINUTE, NOW, MINUTE, () => 250);
    const samples = await numbers().scrape(service());
    expect(samples.map(({ at, instance }) => [at - NOW, instance])).toEqual([[-2 * MINUTE, `${HERE}/function:shop`]]);
    expect(windowStats(samples, NOW - 3 * MINUTE, NOW - 2 * MINUTE)).toMatchObject({
      ...{ requests: 120, errors: 6, errorShare: 0.05, ratePerSecond: 2, upShare: 1 },
      latencyP95Ms: expect.closeTo(250, 6) as number,
    });
  });

  test('each period is asked for once, however often it is looked at, all metrics together; a pause is made up for', async () => {
    put('Invocations', NOW - 60 * MINUTE, NOW + 60 * MINUTE, MINUTE, () => 60);
    const source = numbers();
    for (let i = 0; i < 4; i += 1) {
      await source.scrape(service());
      clock.advance(10_000);
    }
    expect(aws.ledger.of('monitoring.GetMetricData')).toHaveLength(1);
    clock.advance(3 * MINUTE);
    expect((await source.scrape(service())).map(({ routes }) => routes['all']?.requests)).toEqual([60, 60, 60]);
    expect(aws.ledger.of('monitoring.GetMetricData')).toHaveLength(2);
  });

  test('where nothing was counted there were no requests, and that is no silence of the source', async () => {
    const samples = await numbers().scrape(service());
    expect(windowStats(samples, NOW - 3 * MINUTE, NOW - 2 * MINUTE)).toMatchObject({ requests: 0, errorShare: null, latencyP95Ms: null, upShare: 1 });
  });

  test('a period without a value after one that has some is waited for once: values that come late are no zeros, and nothing is a zero a period later', async () => {
    put('Invocations', NOW - 10 * MINUTE, NOW - 2 * MINUTE, MINUTE, () => 60);
    const source = numbers();
    const next = async () => {
      const samples = await source.scrape(service());
      clock.advance(MINUTE);
      return samples.map(({ at, routes }) => [(at - NOW) / MINUTE, routes['all']?.requests]);
    };
    expect([await next(), await next()]).toEqual([[[-2, 60]], []]);
    put('Invocations', NOW - 2 * MINUTE, NOW - MINUTE, MINUTE, () => 50);
    expect([await next(), await next(), await next()]).toEqual([
      [[-1, 50]],
      [
        [0, 0],
        [1, 0],
      ],
      [[2, 0]],
    ]);
  });

  test('a region that refuses is no trouble of the service, holds up no other region, and is not asked again before the next period', async () => {
    put('Invocations', NOW - 5 * MINUTE, NOW, MINUTE, () => 60, THERE);
    aws.fault({ effect: 'deny', service: 'monitoring', region: HERE });
    const source = numbers();
    const samples = await source.scrape(service([HERE, THERE]));
    expect(samples.map(({ instance, up, unreadable = false }) => [instance, up, unreadable])).toEqual([
      [`${HERE}/function:shop`, false, true],
      [`${THERE}/function:shop`, true, false],
    ]);
    clock.advance(15_000);
    await source.scrape(service([HERE, THERE]));
    expect(aws.ledger.of('monitoring.GetMetricData')).toHaveLength(2);
  });
});

describe('many services of one place', () => {
  const many = Array.from({ length: 12 }, (_none, i): Service => ({ ...service(), name: `fn-${String(i)}` }));

  /** What is under way now, and was at most; each question takes so long. */
  function counting(takesMs: number) {
    const running = { now: 0, most: 0, all: 0 };
    const readAll = async (metrics: readonly unknown[]) => {
      running.all += 1;
      running.now += 1;
      running.most = Math.max(running.most, running.now);
      await new Promise(setImmediate);
      clock.advance(takesMs);
      running.now -= 1;
      return metrics.map(() => []);
    };
    return { running, source: cloudWatchNumbers({ readAll }, clock, () => undefined) };
  }

  test('are asked for a few at once, of the past too', async () => {
    const { running, source } = counting(0);
    const told = await Promise.all(many.map((each) => source.scrape(each)));
    expect([told.flat().length, running]).toEqual([12, { now: 0, most: 5, all: 12 }]);
    await Promise.all(many.map((each) => source.past(each, NOW - 60 * MINUTE, NOW, MINUTE)));
    expect(running).toEqual({ now: 0, most: 5, all: 24 });
  });

  test('hold up nobody for long where the place is slow: those that waited are asked for at the next scrape', async () => {
    const { running, source } = counting(3000);
    const scrapeAll = async () => (await Promise.all(many.map((each) => source.scrape(each)))).map((samples) => samples.length);
    const first = await scrapeAll();
    expect([first.filter((count) => count === 0).length, running.all]).toEqual([12 - running.all, running.all]);
    expect(running.all).toBeLessThan(12);
    await scrapeAll();
    expect(running.all).toBe(12);
  });
});

describe('the past of a service', () => {
  test('is told in the shortest periods that CloudWatch still has, and not of a time in which there is no value', async () => {
    put('Invocations', NOW - 17 * DAY, NOW - 10 * MINUTE, 5 * MINUTE, () => 300);
    const samples = await numbers().past(service(), NOW - 16 * DAY, NOW - 14 * DAY, 30_000);
    const lengths = samples.map(({ at, startedAt = 0 }) => (at - startedAt) / MINUTE);
    expect([lengths[0], lengths.at(-1), samples.reduce((sum, { routes }) => sum + (routes['all']?.requests ?? 0), 0)]).toEqual([5, 1, (2 * DAY) / 1000]);
    expect(await numbers().past(service(), NOW - 30 * DAY, NOW - 20 * DAY, 30_000)).toEqual([]);
  });
});

test('what was missed begins with the period after the last one that is known', async () => {
  put('Invocations', NOW - 60 * MINUTE, NOW, MINUTE, () => 60);
  const { samples } = new MemoryStore();
  await samples.append(await numbers().past(service(), NOW - 40 * MINUTE, NOW - 20 * MINUTE, MINUTE));
  await fillIn({ services: [service()], history: numbers(), samples, clock, log: SILENT, reachMs: 60 * MINUTE });
  const kept = await samples.read('test', 'shop', NOW - 60 * MINUTE, NOW);
  expect(kept.map(({ at }) => (at - NOW) / MINUTE)).toEqual(Array.from({ length: 38 }, (_none, i) => i - 39));
});

test('of the past a place that may not be read is left out and told once; where none may be read that is the answer', async () => {
  put('Invocations', NOW - DAY, NOW, MINUTE, () => 60, THERE);
  aws.fault({ effect: 'deny', service: 'monitoring', region: HERE });
  const told: string[] = [];
  const source = numbers((place) => told.push(place));
  const past = (...regions: readonly string[]) => source.past(service(regions), NOW - 60 * MINUTE, NOW - 30 * MINUTE, MINUTE);
  await past(HERE, THERE);
  expect([(await past(HERE, THERE)).length, told]).toEqual([30, [`${ACCOUNT}/${HERE}`]]);
  await expect(past(HERE)).rejects.toMatchObject({ code: 'forbidden' });
});

describe('filled in', () => {
  const ROW = 10 * MINUTE;
  const REACH = 15 * DAY;

  function world() {
    const store = new MemoryStore();
    const services = [service()];
    const deps = (): MeasureFillDeps => ({
      ...{ services, history: store.measures, state: store.state, clock, past: numbers() },
      settings: { rowMs: ROW, minRequests: 20, measuresMs: 35 * DAY, reachMs: () => REACH },
      log: { info: () => undefined, warn: (fields) => expect(fields).toEqual('no warning') },
    });
    /** A turn of the group that has the service, which learns what it did not know, and judges so many rows. */
    const judge = async (rows: number): Promise<void> => {
      const settings = {
        ...{ detector: withSeason(PRESETS.default, 7 * DAY), alertsPerWeek: 0.4, minRequests: 20, rowMs: ROW, graceMs: 0, groups: 1 },
        ...{ checkpointMs: DAY, keepMs: DAY, measuresMs: 35 * DAY, pointsMs: DAY, inboxLimit: 100 },
      };
      const until = rows * ROW;
      await createDetectionActivities({
        ...{ services, series: [], points: store.archive.points, samples: store.samples, history: store.measures, scorer: localScorer(), inbox: store.inbox },
        ...{ book: store.detection, anomalies: store.anomalies, feedback: store.feedback, state: store.state, clock, settings },
        log: { info: () => undefined, warn: () => undefined },
        ends: () => new AbortController().signal,
        heartbeat: () => undefined,
        pause: (ms) => {
          clock.advance(ms);
          return Promise.resolve();
        },
        onAlerts: () => undefined,
      }).judgeGroup({ group: 0, groups: 1, turnMs: until });
    };
    const rows = () => store.measures.read({ environment: 'test', service: 'shop', rowMs: ROW }, 0, Infinity);
    const phase = async () => ((await store.state.load(fillName(services[0] as Service))) as { phase?: string } | undefined)?.phase;
    return { store, deps, judge, rows, phase };
  }

  /** Ten a second by day, two by night. */
  const daily = (at: number): number => (at % DAY < DAY / 2 ? 120 : 600) * 5;

  test('it goes back as far as is set, in parts of which each is asked for once, also by another process; then the season is known', async () => {
    put('Invocations', NOW - 20 * DAY, NOW + DAY, 5 * MINUTE, daily);
    put('Duration', NOW - 20 * DAY, NOW + DAY, 5 * MINUTE, () => 100);
    const { store, deps, judge, rows, phase } = world();
    await store.samples.append(await numbers().past(service(), NOW - DAY / 24, NOW, MINUTE));
    await judge(1);
    // A process that ends after the first part.
    await measureFiller(deps()).turn();
    const first = aws.ledger.of('monitoring.GetMetricData').length;
    expect(await phase()).toBe('filling');
    for (let i = 0; i < 20 && (await phase()) === 'filling'; i += 1) await measureFiller(deps()).turn();
    expect([first, await phase()]).toEqual([2, 'filled']);
    const asked = aws.ledger.of('monitoring.GetMetricData').map(({ input }) => input as { StartTime: string; EndTime: string });
    expect(new Set(asked.map(({ StartTime }) => String(StartTime))).size).toBe(asked.length);
    await measureFiller(deps()).turn();
    expect(aws.ledger.of('monitoring.GetMetricData')).toHaveLength(asked.length);
    const kept = await rows();
    expect(Math.round((NOW - (kept[0]?.at ?? 0)) / DAY)).toBe(15);
    expect(kept[500]?.measures.find(({ name }) => name === 'latencyP95Ms')?.value).toBe(100);
    await judge(1);
    expect(await phase()).toBe('learnt');
    // By night as many as by day: only who knows the season finds that odd.
    const night = Math.ceil(clock.now() / DAY) * DAY + DAY / 24;
    clock.advance(night - clock.now());
    const odd = numbersOf(night - 3 * DAY, night + 30 * MINUTE);
    await store.samples.append(odd);
    await judge(3);
    const [found] = await store.anomalies.list({ from: 0, to: Infinity, limit: 1 });
    expect(found?.anomaly).toMatchObject({ learning: false });
  });

  test.each([
    { what: 'a quarter of an hour in rows of a minute', everyMs: 15 * MINUTE, rowMs: MINUTE, ago: DAY, sampleMs: 15 * MINUTE },
    { what: 'a minute in rows of a minute', everyMs: MINUTE, rowMs: MINUTE, ago: DAY, sampleMs: MINUTE },
    { what: 'an hour, which is left of what is long ago, in rows of ten minutes', everyMs: MINUTE, rowMs: 10 * MINUTE, ago: 70 * DAY, sampleMs: 60 * MINUTE },
  ])('each sample makes a row: $what', async ({ everyMs, rowMs, ago, sampleMs }) => {
    const to = NOW - ago;
    const from = to - 900 * rowMs;
    put('Invocations', from - 2 * 60 * MINUTE, to, sampleMs, () => 900);
    const store = new MemoryStore();
    await store.measures.append(rowMs, [
      { environment: 'test', service: 'shop', rows: [{ at: to + rowMs, measures: [{ name: 'rate', kind: kindOfMeasure('rate'), value: 1 }] }] },
    ]);
    const metrics = service().metrics;
    const services = metrics ? [{ ...service(), metrics: { ...metrics, everyMs } }] : [];
    const settings = { rowMs, minRequests: 20, measuresMs: 100 * DAY };
    await measureFiller({ services, history: store.measures, state: store.state, clock, past: numbers(), settings, log: SILENT }).turn();
    const rows = await store.measures.read({ environment: 'test', service: 'shop', rowMs }, from, to);
    const rates = rows.flatMap(({ measures }) => measures.flatMap(({ name, value }) => (name === 'rate' && value !== null ? [value] : [])));
    expect([rates.length, new Set(rates)]).toEqual([(to - from) / sampleMs, new Set([900_000 / sampleMs])]);
  });

  /** Samples as they come live: as usual, and at night at the end as many as by day. */
  function numbersOf(from: number, to: number) {
    const times = Array.from({ length: (to - from) / MINUTE }, (_none, i) => from + i * MINUTE);
    return times.map((at) => {
      const requests = at >= to - 30 * MINUTE ? 600 * 5 : daily(at) / 5;
      return {
        ...{ service: 'shop', environment: 'test', instance: `${HERE}/function:shop`, at: at + MINUTE, up: true, startedAt: at },
        ...{ routes: { all: { requests, errors: 0 } }, latency: { le: [0.1, null], counts: [requests * 0.95, requests] }, saturation: {} },
      };
    });
  }
});
