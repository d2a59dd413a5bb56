import { watchSilences } from '../../../activities/silence-watch';
import { awsAccess } from '../../../adapters/aws/access';
import { cloudwatchMuteRules } from '../../../adapters/aws/mute-rules';
import type { SilenceSource } from '../../../ports/quiet';
import { testClock } from '../../fakes/aws/clock';
import { keysOf } from '../../fakes/aws/identity';
import { startFakeAws } from '../../fakes/aws/server';
import type { FakeAws } from '../../fakes/aws/server';
import { putMuteRule } from '../../fakes/aws/services/cloudwatch';
import { eventually } from '../../fakes/eventually';
import { MemoryStore } from '../../fakes/memory-store';

const NOW = Date.parse('2026-05-10T01:00:00Z');
const ACCOUNT = '111122223333';
const [HERE, THERE] = ['eu-central-1', 'us-east-1'] as const;
const clock = testClock(NOW);

let aws: FakeAws;
beforeAll(async () => {
  aws = await startFakeAws({ clock });
  const { accessKeyId, secretAccessKey } = keysOf(ACCOUNT);
  process.env['AWS_ACCESS_KEY_ID'] = accessKeyId;
  process.env['AWS_SECRET_ACCESS_KEY'] = secretAccessKey;
});
afterEach(() => aws.ledger.clear());
afterAll(() => aws.close());

function put(region: string, name: string, expression = 'cron(0 * * * *)', updated = NOW): void {
  putMuteRule(aws.place(region, ACCOUNT), {
    ...{ Name: name, Description: 'new shelves', MuteTargets: { AlarmNames: [`${name}-alarm`] } },
    ...{ Rule: { Schedule: { Expression: expression, Duration: 'PT30M' } }, LastUpdatedTimestamp: new Date(updated) },
  });
}

function sources(regions: readonly string[]): readonly SilenceSource[] {
  const accounts = [{ id: ACCOUNT, regions, environment: 'production' }];
  const access = awsAccess({ accounts, timeoutMs: 100, endpoint: aws.endpoint });
  return cloudwatchMuteRules({ access, places: regions.map((region) => ({ account: ACCOUNT, region })), everyMs: 60_000, clock });
}

test('all pages of rules are read, each rule with its detail, and those that expired are not', async () => {
  for (const i of [1, 2, 3, 4, 5, 6, 7]) put(HERE, `rule-${String(i)}`);
  putMuteRule(aws.place(HERE, ACCOUNT), { Name: 'over', Status: 'EXPIRED', MuteTargets: { AlarmNames: ['x'] } });
  const [source] = sources([HERE]);
  const { silences, problems } = (await source?.read()) ?? {};
  expect(problems).toEqual([]);
  // Each holds now, and begins again within the hour.
  expect(silences?.filter(({ startsAt }) => startsAt === NOW)).toHaveLength(7);
  expect(silences?.[0]).toMatchObject({
    ...{ origin: 'cloudwatch', owner: 'the mute rule rule-1', reason: 'new shelves', from: `cloudwatch ${ACCOUNT}/${HERE}` },
    ...{ startsAt: NOW, endsAt: NOW + 30 * 60_000 },
  });
});

test('a rule is asked for again only when it was changed', async () => {
  const [source] = sources([HERE]);
  await source?.read();
  aws.ledger.clear();
  put(HERE, 'rule-2', 'cron(0 3 * * *)', NOW + 1000);
  const { silences } = (await source?.read()) ?? {};
  expect(aws.ledger.of('monitoring.GetAlarmMuteRule').map(({ input }) => input)).toEqual([{ AlarmMuteRuleName: 'rule-2' }]);
  expect(silences?.filter(({ startsAt }) => startsAt === NOW)).toHaveLength(6);
});

test('throttled reads are tried again', async () => {
  aws.fault({ effect: 'throttle', operation: 'GetAlarmMuteRule', times: 1 });
  const [source] = sources([HERE]);
  expect((await source?.read())?.silences.filter(({ startsAt }) => startsAt === NOW)).toHaveLength(6);
});

test('a region that does not answer is told as that, and does not keep the silences of the other from holding', async () => {
  put(THERE, 'other');
  const lift = aws.fault({ effect: 'hang', region: HERE });
  const store = new MemoryStore();
  const warned: object[] = [];
  const watch = watchSilences({
    ...{ silences: store.silences, sources: sources([HERE, THERE]), incidents: store.incidents, clock, onChanged: () => undefined, everyMs: 20 },
    ...{ book: { ready: async () => [] }, notes: { note: async () => undefined }, log: { info: () => undefined, warn: (fields) => void warned.push(fields) } },
  });
  const held = (): boolean => [...store.silences.rows.values()].some(({ owner }) => owner === 'the mute rule other');
  await eventually(held, 'the silence of the other region');
  expect(warned).toEqual([]);
  await eventually(() => warned.length > 0, 'the region that does not answer is told');
  expect(warned).toEqual([{ source: `cloudwatch ${ACCOUNT}/${HERE}`, error: expect.stringContaining('cloudwatch:ListAlarmMuteRules') }]);
  lift();
  await watch.stop();
});
