import { pino } from 'pino';
import type { NightshiftConfig } from '../../config/types';
import { configuredPlace, sealedAt, startAnchors } from '../../workers/anchors';
import { allOf } from '../fakes/all-of';
import { startFakeAws } from '../fakes/aws/server';
import { putBucket } from '../fakes/aws/services/s3-store';
import { putRole } from '../fakes/aws/services/sts';
import { eventually } from '../fakes/eventually';
import { MemoryStore } from '../fakes/memory-store';

const ACCOUNT = '123456789012';
const REGION = 'eu-west-1';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/nightshift-archive`;
const NONE = { audit: {} } as NightshiftConfig;

test('the leader keeps a signed head in the bucket by the role that may write there, and it is found by the name of the bucket', async () => {
  const before = { ...process.env };
  // The SDK finds credentials by itself.
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: `AKIA${ACCOUNT}`, AWS_SECRET_ACCESS_KEY: 'test' });
  const aws = await startFakeAws();
  const place = aws.place(REGION, ACCOUNT);
  putRole(place, { arn: ROLE });
  putBucket(place, { name: 'sealed', objectLock: true });
  const account = { id: ACCOUNT, regions: [REGION], environment: 'prod', role: { arn: ROLE } };
  const config = {
    aws: { accounts: [account], timeoutMs: 2_000, endpoint: aws.endpoint },
    audit: { anchor: { place: { bucket: 'sealed', prefix: 'night', account, region: REGION }, everyMs: 86_400_000, retainMs: 86_400_000 } },
  } as unknown as NightshiftConfig;
  const clock = { now: () => Date.now() };
  const anchorer = startAnchors(config, new MemoryStore(), clock, pino({ level: 'silent' }));
  await eventually(() => aws.ledger.of('s3.PutObject').length === 1, 'a head is kept');
  await anchorer?.stop();
  const [kept] = await allOf(sealedAt('s3://sealed/night', () => config, clock).all('anchor-'));
  expect(JSON.parse((await kept?.read()) ?? '')).toMatchObject({ nightshift: 'audit-anchor', count: 0 });
  expect(aws.ledger.of('s3').every(({ principal }) => String(principal).includes('nightshift-archive'))).toBe(true);
  await aws.close();
  process.env = before;
});

test('without a configured place nothing is kept, and S3 is refused', () => {
  const clock = { now: () => 0 };
  expect(configuredPlace(NONE, clock)).toBeUndefined();
  expect(startAnchors(NONE, new MemoryStore(), clock, pino({ level: 'silent' }))).toBeUndefined();
  expect(() => sealedAt('s3://sealed/night', () => NONE, clock)).toThrow('No bucket is configured');
});
