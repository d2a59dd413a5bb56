import { awsAccess } from '../../../adapters/aws/access';
import { sagemakerScorer } from '../../../adapters/aws/sagemaker-scorer';
import { localScorer } from '../../../adapters/local/scorer';
import { PRESETS, withSeason } from '../../../domain/anomaly/presets';
import { SeriesWatch } from '../../../domain/anomaly/watch';
import type { Judged } from '../../../domain/anomaly/watch';
import type { ScoringEndpoint } from '../../../domain/aws/endpoint-scorer';
import { seededRandom } from '../../../domain/seeded-random';
import type { StateStore } from '../../../ports/store';
import { keysOf } from '../../fakes/aws/identity';
import { startFakeAws } from '../../fakes/aws/server';
import type { FakeAws } from '../../fakes/aws/server';
import { putEndpoint } from '../../fakes/aws/services/sagemaker';
import { MemoryStore } from '../../fakes/memory-store';

const MINUTE = 60_000;
const ACCOUNT = '111122223333';
const PLACE = { account: ACCOUNT, region: 'eu-central-1' };
const SERIES = 'production/shop/latencyP95Ms';
const LATENCY: ScoringEndpoint = { ...PLACE, endpoint: 'rcf-latency', measure: 'latencyP95Ms', shingle: 4, timeoutMs: 500 };
/** Two hours are a day. */
const settings = { detector: withSeason(PRESETS.default, 120 * MINUTE), kind: 'latency' } as const;

let aws: FakeAws;
beforeAll(async () => {
  aws = await startFakeAws({});
  putEndpoint(aws.place('eu-central-1', ACCOUNT), { name: 'rcf-latency', features: 4 });
  const { accessKeyId, secretAccessKey } = keysOf(ACCOUNT);
  process.env['AWS_ACCESS_KEY_ID'] = accessKeyId;
  process.env['AWS_SECRET_ACCESS_KEY'] = secretAccessKey;
});
afterEach(() => aws.ledger.clear());
afterAll(() => aws.close());

const warned: object[] = [];
const clock = { ms: 0, now: (): number => clock.ms };

function scorer(state: StateStore = new MemoryStore().state, endpoints = [LATENCY]) {
  const accounts = [{ id: ACCOUNT, regions: [PLACE.region], environment: 'production' }];
  const access = awsAccess({ accounts, timeoutMs: 1000, endpoint: aws.endpoint });
  return sagemakerScorer({ access, endpoints, local: localScorer(), state, clock, log: { warn: (fields) => void warned.push(fields) } });
}

/** Latency about 100 ms, and what it is at single minutes. */
async function play(
  judge: (at: number, value: number | null) => Promise<Judged | undefined>,
  minutes: number,
  odd: Readonly<Record<number, number | null>> = {},
): Promise<Judged[]> {
  const random = seededRandom(3);
  const judged: Judged[] = [];
  for (let minute = 0; minute < minutes; minute += 1) {
    const usual = 100 + 10 * random();
    const value = odd[minute];
    const seen = await judge(minute * MINUTE, value === undefined ? usual : value);
    if (seen) judged.push(seen);
  }
  return judged;
}

function watched(by: ReturnType<typeof scorer>, watch = new SeriesWatch(settings)) {
  return async (at: number, value: number | null): Promise<Judged | undefined> => (await by.judge([{ series: SERIES, watch, at, value }]))[0];
}

const SLOW = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [260 + i, 900]));
const noted = (judged: readonly Judged[]): (string | undefined)[] => judged.flatMap(({ anomaly }) => (anomaly ? [anomaly.note] : []));

test('an outage that the endpoint scores high is an anomaly, whose text names the endpoint', async () => {
  const judged = await play(watched(scorer()), 280, SLOW);
  expect(judged.findIndex(({ anomaly }) => anomaly?.alerting)).toBeGreaterThanOrEqual(260);
  expect(noted(judged).at(-1)).toBe('The score is that of the endpoint rcf-latency.');
  // All values with three before them are asked for, with four features each.
  expect(aws.ledger.of('sagemaker.InvokeEndpoint')).toHaveLength(277);
});

test('an endpoint that finds nothing strange leaves its scores low, though our own detector would alert', async () => {
  putEndpoint(aws.place('eu-central-1', ACCOUNT), { name: 'calm', score: (row) => 1 + (row[3] ?? 0) * 1e-9 * ((row[3] ?? 0) > 500 ? 0 : 1) });
  const calm = await play(watched(scorer(undefined, [{ ...LATENCY, endpoint: 'calm' }])), 280, SLOW);
  const alone = new SeriesWatch(settings);
  const own = await play(async (at, value) => alone.push(at, value), 280, SLOW);
  expect(calm[261]?.score).toBeLessThan(own[261]?.score ?? 0);
});

test.each([
  ['is throttled', 'throttle', 'was throttled'],
  ['does not answer', 'hang', 'did not answer in time'],
  ['fails', 'fail', 'did not answer in time'],
] as const)('where the endpoint %s, the value is scored here, and the anomaly says why', async (_what, effect, why) => {
  const by = watched(scorer(undefined, [{ ...LATENCY, timeoutMs: 200 }]));
  await play(by, 260);
  const lift = aws.fault({ effect, service: 'sagemaker' });
  const judged = [await by(260 * MINUTE, 900), await by(261 * MINUTE, 900)];
  lift();
  expect(noted(judged.flatMap((each) => each ?? []))[0]).toBe(`It was scored here, as the endpoint rcf-latency ${why}.`);
  expect(warned.at(-1)).toMatchObject({ endpoint: 'rcf-latency' });
});

test('an endpoint that fails three times in a row is left alone for a minute, and everything is scored as without it', async () => {
  const by = watched(scorer());
  const lift = aws.fault({ effect: 'throttle', service: 'sagemaker' });
  const alone = new SeriesWatch(settings);
  const judged = await play(by, 280, SLOW);
  expect(judged.map(({ score }) => score)).toEqual((await play(async (at, value) => alone.push(at, value), 280, SLOW)).map(({ score }) => score));
  expect(noted(judged).at(-1)).toBe('It was scored here, as the endpoint rcf-latency failed 3 times in a row.');
  expect(aws.ledger.of('sagemaker.InvokeEndpoint')).toHaveLength(3);
  lift();
  clock.ms += MINUTE;
  await by(280 * MINUTE, 100);
  expect(aws.ledger.of('sagemaker.InvokeEndpoint').at(-1)).toMatchObject({ outcome: 'ok' });
});

test('what no endpoint knows is scored here, and nothing is sent', async () => {
  const by = scorer();
  const [watch, alone] = [new SeriesWatch(settings), new SeriesWatch(settings)];
  const judged = await play(async (at, value) => (await by.judge([{ series: 'production/shop/rate', watch, at, value }]))[0], 60);
  expect(judged).toEqual(await play(async (at, value) => alone.push(at, value), 60));
  expect(aws.ledger.of('sagemaker.InvokeEndpoint')).toEqual([]);
});

test('all series of an endpoint go in one request, and are answered in their order', async () => {
  const by = scorer();
  const watches = Array.from({ length: 5 }, () => new SeriesWatch(settings));
  for (let minute = 0; minute < 4; minute += 1) {
    const values = watches.map((watch, i) => ({ series: `production/shop${String(i)}/latencyP95Ms`, watch, at: minute * MINUTE, value: 100 + i }));
    expect(await by.judge(values)).toHaveLength(5);
  }
  const [only, ...more] = aws.ledger.of('sagemaker.InvokeEndpoint');
  expect(more).toEqual([]);
  expect(Buffer.from((only?.input as { Body: Uint8Array }).Body).toString()).toBe(
    '100,100,100,100\n101,101,101,101\n102,102,102,102\n103,103,103,103\n104,104,104,104\n',
  );
});

test('the scale of an endpoint outlives the worker', async () => {
  const { state } = new MemoryStore();
  await play(watched(scorer(state)), 280);
  const fresh = await play(watched(scorer(state)), 30, { 20: 900 });
  const unknown = await play(watched(scorer()), 30, { 20: 900 });
  expect(fresh[20]?.score).not.toBe(unknown[20]?.score);
});
