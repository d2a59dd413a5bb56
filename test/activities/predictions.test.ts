import { createPredictionLoop, predictor } from '../../activities/predictions';
import type { PredictionDeps } from '../../activities/predictions';
import { NightshiftError } from '../../domain/errors';
import type { MeasureRow } from '../../domain/detection/measure-row';
import type { Service } from '../../domain/inventory';
import type { SeriesDefinition } from '../../domain/series/definition';
import type { PointReader, Series } from '../../ports/archive';
import { eventually } from '../fakes/eventually';
import { MemoryStore } from '../fakes/memory-store';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const T0 = Date.parse('2026-03-01T00:00:00Z');
const SHOP: Service = {
  ...{ name: 'bookshop', environment: 'prod', tier: 'critical', dependsOn: [] },
  metrics: {
    url: 'http://127.0.0.1:1',
    everyMs: MINUTE,
    names: { requests: 'r', latency: 'l' },
    saturation: [{ name: 'order-handles', used: 'u', limit: 'l' }],
  },
};
const BACKLOG: SeriesDefinition = {
  ...{ name: 'backlog', from: { metric: 'queue', labels: {} }, measure: 'max', by: ['queue'], limit: { side: 'above', value: 1000, severity: 'sev4' } },
  ...{ windowMs: 5 * MINUTE, slideMs: 5 * MINUTE, latenessMs: 30_000, settleMs: 5000 },
};

/** How full the handles are at an hour: they leak, and would be full at 25.4, unless somebody looks after it. */
function handles(hour: number, mended = Infinity): number {
  return (hour < mended ? 0.1 + 0.035 * hour : 0.1) + 0.004 * Math.sin(hour * 57);
}

/** The turns of one predictor. */
function turnOf(deps: PredictionDeps): () => Promise<void> {
  const looking = predictor(deps);
  return () => looking.turn();
}

async function world(fill: (hour: number) => number, hours: number, more: Partial<PredictionDeps> = {}) {
  const store = new MemoryStore();
  const clock = { at: T0, now: () => clock.at };
  const warnings: string[] = [];
  for (let at = T0; at <= T0 + hours * HOUR; at += 5 * MINUTE) {
    const empty = { routes: {}, latency: { le: [], counts: [] }, saturation: { 'order-handles': Math.min(1, fill((at - T0) / HOUR)) } };
    await store.samples.append([{ service: 'bookshop', environment: 'prod', instance: 'a', at, up: true, ...empty }]);
  }
  const points: PointReader = { series: async () => [], read: async () => new Map() };
  const deps = (): PredictionDeps => ({
    ...{ services: [SHOP], definitions: [], archive: { points }, history: store.measures, samples: store.samples },
    ...{ inbox: store.inbox, state: store.state, clock },
    log: { warn: (_, message) => void warnings.push(message) },
    settings: { everyMs: 15 * MINUTE, horizonMs: 24 * HOUR, rowMs: MINUTE, measuresMs: 35 * DAY, samplesMs: DAY, pointsMs: 15 * DAY, inboxLimit: 1000 },
    onAlerts: () => undefined,
    ...more,
  });
  const alerts = () => store.inbox.waiting.map(({ alert, receivedAt }) => ({ alert, hour: (receivedAt - T0) / HOUR }));
  const looks = async (from: number, to: number, turn: () => Promise<void>) => {
    for (clock.at = T0 + from * HOUR; clock.at <= T0 + to * HOUR; clock.at += 30 * MINUTE) await turn();
  };
  return { store, clock, warnings, deps, alerts, looks };
}

test('a leak is told hours before the resource is full, once, with what speaks for it; and when it is mended, that it is over', async () => {
  const { deps, alerts, looks } = await world((hour) => handles(hour, 23), 26);
  await looks(19, 26, turnOf(deps()));
  const [begun, ended, ...others] = alerts();
  expect(others).toEqual([]);
  expect(begun?.alert).toMatchObject({ name: 'PredictedBreach', status: 'firing', severity: 'sev3', signal: 'saturation:order-handles', service: 'bookshop' });
  expect(begun?.alert.summary).toMatch(
    /^bookshop: order handles will be full (in|within) .* (hours|minutes)\. It will rise above 0.99 .*In \d+ trials on its past /,
  );
  expect(begun?.hour).toBeLessThan(22);
  expect(ended?.alert).toMatchObject({ status: 'resolved', fingerprint: begun?.alert.fingerprint });
});

test('of rows that were judged for weeks it looks further ahead than a day of samples lets it: what fills by the day is told half a day before', async () => {
  const { deps, store, alerts, looks } = await world(() => 0.2, 0);
  const rowMs = 5 * MINUTE;
  const full = 12 * 24;
  const at = (hour: number): number => 0.1 + (0.89 * hour) / full + 0.03 * Math.sin((hour / 24) * 2 * Math.PI) + 0.002 * Math.sin(hour * 57);
  const rows = Array.from({ length: full * 12 }, (_, i): MeasureRow => ({
    at: T0 + (i + 1) * rowMs,
    measures: [{ name: 'saturation:order-handles', kind: 'saturation', value: at((i + 1) / 12) }],
  }));
  await store.measures.append(rowMs, [{ environment: 'prod', service: 'bookshop', rows }]);
  const here = deps();
  await looks(full - 30, full - 11, turnOf({ ...here, settings: { ...here.settings, rowMs } }));
  expect(alerts()).toMatchObject([{ alert: { name: 'PredictedBreach', status: 'firing', signal: 'saturation:order-handles' } }]);
  expect(alerts()[0]?.hour).toBeLessThan(full - 11);
});

test('what lies level is never told', async () => {
  const { deps, alerts, looks } = await world((hour) => 0.85 + 0.02 * Math.sin(hour * 57), 24);
  await looks(23, 24, turnOf(deps()));
  expect(alerts()).toEqual([]);
});

test('a restart between all looks tells nothing twice, and forgets nothing', async () => {
  const { deps, alerts, looks } = await world(handles, 24);
  await looks(21, 23, () => predictor(deps()).turn());
  expect(alerts().map(({ alert }) => alert.status)).toEqual(['firing']);
});

test('where the inbox takes nothing, the prediction is told in a later look', async () => {
  const { store, deps, alerts, looks } = await world(handles, 24);
  let full = true;
  const inbox: PredictionDeps['inbox'] = {
    accept: (...told) => (full ? Promise.reject(new NightshiftError('overloaded', 'full')) : store.inbox.accept(...told)),
  };
  const turn = turnOf({ ...deps(), inbox });
  await looks(20, 21, () => turn().catch(() => undefined));
  full = false;
  await looks(21.5, 22, turn);
  expect(alerts().map(({ alert }) => alert.name)).toEqual(['PredictedBreach']);
});

describe('a declared series', () => {
  const counts = { createdAt: T0, points: 1, late: 0, duplicates: 0, corrected: 0, ahead: 0, unitChanges: 0, first: T0, last: T0, receivedAt: T0, lagMs: 0 };
  const series = (id: number, source: string, labels: Record<string, string>): Series => ({
    ...{ id, source, environment: 'prod', service: 'bookshop', metric: 'backlog', kind: 'gauge', labels, counts },
  });
  /** Buckets of two queues: one grows by 40 an hour, the other rests; and a metric of the same name from elsewhere. */
  const points: PointReader = {
    series: async () => [series(1, 'nightshift', { queue: 'orders' }), series(2, 'nightshift', { queue: 'mails' }), series(3, 'otlp-metrics', {})],
    read: async ([id = 0], from, to) => {
      const all = Array.from({ length: 24 * 12 * 2 }, (_, i) => ({ at: T0 + i * 5 * MINUTE, value: (id === 2 ? 0 : (i / 12) * 40) + 3 * Math.sin(i * 7) }));
      return new Map([[id, all.filter(({ at }) => at >= from && at <= to)]]);
    },
  };

  test('is told for each of its label sets by what was declared', async () => {
    const { deps, alerts, looks } = await world(() => 0.2, 0, { definitions: [BACKLOG], services: [], archive: { points } });
    await looks(20, 22, turnOf(deps()));
    expect(alerts()).toMatchObject([{ alert: { fingerprint: 'prediction:prod/bookshop/backlog{queue=orders}', severity: 'sev4', threshold: 1000 } }]);
    expect(alerts()[0]?.alert.summary).toMatch(/^bookshop: backlog \(queue=orders\) will be above 1000 in /);
  });

  test('whose limit was removed has no prediction any more; one that cannot be read keeps it', async () => {
    const { deps, alerts, looks, warnings, clock } = await world(() => 0.2, 0, { services: [], archive: { points } });
    await looks(20, 22, turnOf({ ...deps(), definitions: [BACKLOG] }));
    const broken: PointReader = { ...points, series: () => Promise.reject(new Error('the database is away')) };
    await predictor({ ...deps(), definitions: [BACKLOG], archive: { points: broken } }).turn();
    expect(alerts()).toHaveLength(1);
    expect(warnings).toEqual(['a series could not be read for its forecast; it is tried again']);
    clock.at += HOUR;
    await predictor({ ...deps(), definitions: [] }).turn();
    expect(alerts().map(({ alert }) => alert.status)).toEqual(['firing', 'resolved']);
  });
});

test('the loop looks by itself and ends when it is told to', async () => {
  let reads = 0;
  const read = () => Promise.resolve(((reads += 1), []));
  const { deps } = await world(handles, 0, { samples: { read } });
  const loop = createPredictionLoop({ ...deps(), settings: { ...deps().settings, everyMs: 1 } });
  try {
    await eventually(() => reads > 0, 'it reads');
  } finally {
    await loop.stop();
  }
  const after = reads;
  await Promise.resolve();
  expect(reads).toBe(after);
});
