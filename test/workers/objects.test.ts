import { pino } from 'pino';
import type { NightshiftConfig } from '../../config/types';
import { objectsAt, startExport } from '../../workers/objects';
import { startFakeAws } from '../fakes/aws/server';
import { putRole } from '../fakes/aws/services/sts';
import { keysIn, objectIn, putBucket } from '../fakes/aws/services/s3-store';
import { eventually } from '../fakes/eventually';
import { memoryPoints } from '../fakes/memory-points';
import { MemoryStore } from '../fakes/memory-store';

const ACCOUNT = '123456789012';
const REGION = 'eu-west-1';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/nightshift-archive`;
const NOW = Date.parse('2026-03-04T12:00:00Z');
const HOUR = 3_600_000;

test('the archive goes into the bucket by the role that may write there, and every write lies under its prefix', async () => {
  const before = { ...process.env };
  // The SDK finds credentials by itself.
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: `AKIA${ACCOUNT}`, AWS_SECRET_ACCESS_KEY: 'test' });
  const aws = await startFakeAws();
  const place = aws.place(REGION, ACCOUNT);
  putRole(place, { arn: ROLE });
  putBucket(place, { name: 'archive' });
  const account = { id: ACCOUNT, regions: [REGION], environment: 'prod', role: { arn: ROLE } };
  const exported = { bucket: 'archive', prefix: 'night', account, region: REGION, everyMs: 24 * HOUR, shingle: 3 };
  const config = {
    aws: { accounts: [account], timeoutMs: 2_000, endpoint: aws.endpoint, export: exported },
    retention: { pointsMs: 48 * HOUR },
  } as unknown as NightshiftConfig;
  const store = new MemoryStore();
  const archive = Object.assign(store.archive, memoryPoints());
  const names = { source: 's', environment: 'prod', service: 'shop', metric: 'cpu', kind: 'gauge', labels: {} } as const;
  const points = [1, 2, 3, 4].map((value) => ({ ...names, at: new Date(NOW - 24 * HOUR + value).toISOString(), value }));
  await archive.writer.keep({ points }, NOW - 20 * HOUR);
  const exporter = startExport(config, store, { now: () => NOW }, pino({ level: 'silent' }));
  await eventually(() => keysIn(place, 'archive').length === 3, 'three objects');
  await exporter?.stop();
  const [archived, manifest, training] = keysIn(place, 'archive');
  expect([archived?.split('/part')[0], manifest, training?.split('/part')[0]]).toEqual([
    'night/archive/environment=prod/service=shop/metric=cpu/date=2026-03-03',
    'night/manifest.json',
    'night/points/environment=prod/service=shop/metric=cpu/date=2026-03-03',
  ]);
  expect(objectIn(place, 'archive', training ?? '')?.toString()).toBe('1,2,3\n2,3,4\n');
  expect(new Set(aws.ledger.of('s3').map(({ operation, account: of }) => `${operation} ${of}`))).toEqual(
    new Set([`GetObject ${ACCOUNT}`, `PutObject ${ACCOUNT}`]),
  );
  expect(new Set(aws.ledger.of('s3').map(({ principal }) => String(principal).includes('nightshift-archive')))).toEqual(new Set([true]));
  const read = objectsAt('s3://archive/night', () => config);
  expect(await read.get('manifest.json')).toContain('"feature_dim": "3"');
  await aws.close();
  process.env = before;
});

test.each([
  ['no bucket', undefined, /write `aws.export` with `bucket`/],
  ['a bucket alone', 's3://archive', /write `aws.export` with `bucket`/],
])('%s without a configured one is refused, and says what to write', (_what, target, told) => {
  expect(() => objectsAt(target, () => ({}) as NightshiftConfig)).toThrow(told);
});
