import { createMetricPuller, metricPuller } from '../../activities/metric-pull';
import type { MetricPullDeps } from '../../activities/metric-pull';
import { cloudWatchQueries } from '../../adapters/aws/metric-queries';
import type { AwsMetric } from '../../domain/aws/metric';
import type { MetricPoint } from '../../domain/telemetry';
import type { ArchiveWriter } from '../../ports/archive';
import type { MetricQueries } from '../../ports/metric-queries';
import { accessTo } from '../fakes/aws/access';
import { testClock } from '../fakes/aws/clock';
import type { TestClock } from '../fakes/aws/clock';
import { startFakeAws } from '../fakes/aws/server';
import type { FakeAws } from '../fakes/aws/server';
import { putSeries } from '../fakes/aws/services/cloudwatch-series';

const NOON = Date.UTC(2026, 2, 1, 12);
const MINUTE = 60_000;
const PLACE = { account: '123456789012', region: 'eu-central-1' };
const WHERE = { ...PLACE, environment: 'production', service: 'checkout', everyMs: MINUTE };
const ERRORS: AwsMetric = { ...WHERE, name: 'errors', of: { namespace: 'AWS/Lambda', name: 'Errors', stat: 'Sum', dimensions: { FunctionName: 'checkout' } } };
const DEPTH: AwsMetric = { ...WHERE, name: 'depth', of: { query: 'SELECT MAX(Depth) FROM "AWS/SQS" GROUP BY QueueName' } };

describe('metrics of CloudWatch', () => {
  let clock: TestClock;
  let aws: FakeAws;
  beforeEach(async () => {
    clock = testClock(NOON);
    aws = await startFakeAws({ clock, pageSize: 2 });
  });
  afterEach(() => aws.close());

  function scene(metrics: readonly AwsMetric[], saves = true) {
    const kept: MetricPoint[][] = [];
    const state = new Map<string, unknown>();
    const warnings: object[] = [];
    const writer = { keep: async ({ points = [] }) => void kept.push([...points]) } as unknown as ArchiveWriter;
    const deps: MetricPullDeps = {
      ...{ metrics, queries: cloudWatchQueries(accessTo(aws)), writer, clock },
      state: {
        load: async (name) => state.get(name),
        create: async () => false,
        save: async (name, value) => (saves ? void state.set(name, value) : Promise.reject(new Error('killed'))),
      },
      log: { warn: (fields) => void warnings.push(fields) },
    };
    return { kept, warnings, deps, turn: () => metricPuller(deps).turn(new AbortController().signal) };
  }

  function samples(metric: string, namespace: string, dimensions: Record<string, string>): void {
    const minutes = Array.from({ length: 10 }, (_, i): [number, number] => [NOON - (i + 1) * MINUTE, i + 1]);
    putSeries(aws.place(PLACE.region, PLACE.account), { namespace, metric, dimensions, samples: minutes });
  }

  test('periods that are over for two minutes are read, over several pages, and the last three once more the next time', async () => {
    samples('Errors', 'AWS/Lambda', { FunctionName: 'checkout' });
    const s = scene([ERRORS]);
    await s.turn();
    await s.turn();
    clock.advance(MINUTE);
    await s.turn();
    const minutes = s.kept.map((points) => points.map(({ at, value }) => [(NOON - Date.parse(at)) / MINUTE, value]));
    expect(minutes).toEqual([
      [
        [5, 5],
        [4, 4],
        [3, 3],
      ],
      [
        [5, 5],
        [4, 4],
        [3, 3],
        [2, 2],
      ],
    ]);
    expect(s.kept[0]?.[0]).toMatchObject({ source: 'cloudwatch-metrics', metric: 'errors', service: 'checkout', environment: 'production', labels: PLACE });
  });

  test('a query with GROUP BY gives a series for each group', async () => {
    for (const queue of ['orders', 'mails']) samples('Depth', 'AWS/SQS', { QueueName: queue });
    const s = scene([DEPTH]);
    await s.turn();
    expect([...new Set(s.kept.flat().map(({ labels }) => labels['group']))].sort()).toEqual(['mails', 'orders']);
    expect(s.kept.flat()).toHaveLength(6);
  });

  test('killed before its progress is saved, it reads the same points again and none is left out', async () => {
    samples('Errors', 'AWS/Lambda', { FunctionName: 'checkout' });
    const s = scene([ERRORS], false);
    await s.turn();
    await s.turn();
    expect(s.kept[1]).toEqual(s.kept[0]);
  });

  test.each(['InternalError', 'Forbidden'] as const)('a result that says %s is no answer, and is asked for again', async (refused) => {
    const errors = { namespace: 'AWS/Lambda', metric: 'Errors', dimensions: { FunctionName: 'checkout' } };
    putSeries(aws.place(PLACE.region, PLACE.account), { ...errors, samples: [[NOON - 4 * MINUTE, 1]], refused });
    const s = scene([ERRORS]);
    await s.turn();
    expect([s.kept, s.warnings]).toEqual([
      [],
      [{ metric: 'errors', error: expect.stringContaining(`for errors in 123456789012/eu-central-1: ${refused}`) as string }],
    ]);
    putSeries(aws.place(PLACE.region, PLACE.account), { ...errors, samples: [] });
    await s.turn();
    expect(s.kept.flat()).toHaveLength(1);
  });

  test('a region that does not answer holds up no other, and is broken off when it is stopped', async () => {
    const { deps } = scene([ERRORS, { ...ERRORS, region: 'us-east-1' }]);
    let broken = false;
    const read: MetricQueries['read'] = ({ region }, _from, _to, signal) =>
      region === PLACE.region
        ? new Promise((_resolve, reject) => {
            signal.addEventListener('abort', () => {
              broken = true;
              reject(new Error('aborted'));
            });
          })
        : Promise.resolve([]);
    await new Promise<void>((resolve, reject) => {
      const puller = createMetricPuller({ ...deps, queries: { read }, onRead: () => void puller.stop().then(resolve, reject) });
    });
    expect(broken).toBe(true);
  });

  test('a metric that is refused does not hold up the others, and after a pause what was missed is read', async () => {
    samples('Errors', 'AWS/Lambda', { FunctionName: 'checkout' });
    const s = scene([{ ...DEPTH, of: { query: 'SELECT nonsense' } }, ERRORS]);
    await s.turn();
    expect([s.kept.length, s.warnings]).toEqual([
      1,
      [{ metric: 'depth', error: expect.stringContaining('cloudwatch:GetMetricData for depth in 123456789012/eu-central-1') as string }],
    ]);
    clock.advance(6 * MINUTE);
    await s.turn();
    expect(s.kept[1]).toHaveLength(5);
  });
});
