import { DeleteObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { awsAccess } from '../../../adapters/aws/access';
import { s3Sealed } from '../../../adapters/aws/s3-sealed';
import type { SealedTexts } from '../../../ports/sealed';
import { allOf } from '../../fakes/all-of';
import { testClock } from '../../fakes/aws/clock';
import { startFakeAws } from '../../fakes/aws/server';
import type { FakeAws } from '../../fakes/aws/server';
import { putBucket, putObject } from '../../fakes/aws/services/s3-store';

const ACCOUNT = '123456789012';
const REGION = 'eu-west-1';
const NOON = Date.UTC(2026, 2, 1, 12);
const DAY = 86_400_000;
const LOCKED = { name: 'AccessDenied', message: expect.stringContaining('object lock') as string };

describe('a prefix of a bucket with Object Lock', () => {
  const before = { ...process.env };
  let aws: FakeAws;
  let clock: ReturnType<typeof testClock>;
  let sealed: SealedTexts;
  let s3: S3Client;
  const at = (bucket: string): SealedTexts => {
    const access = awsAccess({ accounts: [{ id: ACCOUNT, regions: [REGION], environment: 'prod' }], timeoutMs: 2_000, endpoint: aws.endpoint });
    return s3Sealed(access, { bucket, prefix: 'audit', place: { account: ACCOUNT, region: REGION } }, { retainMs: DAY, clock: { now: () => clock.now() } });
  };
  beforeEach(async () => {
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: `AKIA${ACCOUNT}`, AWS_SECRET_ACCESS_KEY: 'test' });
    clock = testClock(NOON);
    aws = await startFakeAws({ clock, pageSize: 2 });
    putBucket(aws.place(REGION, ACCOUNT), { name: 'sealed', objectLock: true });
    sealed = at('sealed');
    s3 = new S3Client({ region: REGION, endpoint: aws.endpoint, forcePathStyle: true });
  });
  afterEach(async () => {
    s3.destroy();
    process.env = before;
    await aws.close();
  });
  const all = async (prefix = 'anchor-'): Promise<[string, string][]> => {
    const found: [string, string][] = [];
    for await (const each of sealed.all(prefix)) found.push([each.key, await each.read()]);
    return found;
  };

  test('keeps texts page by page, and what lies beside it does not exist', async () => {
    for (const key of ['anchor-3', 'anchor-1', 'anchor-2', 'other']) await sealed.seal(key, `text of ${key} ü`);
    putObject(aws.place(REGION, ACCOUNT), { bucket: 'sealed', key: 'auditor/anchor-9', body: 'x' });
    expect(await all()).toEqual(['anchor-1', 'anchor-2', 'anchor-3'].map((key) => [key, `text of ${key} ü`]));
  });

  test('no version can be deleted before its time, and one that is put over it or hidden is still read', async () => {
    await sealed.seal('anchor-1', 'true');
    const [first] = await allOf(sealed.all('anchor-'));
    const VersionId = /version (.+)\)/.exec(first?.name ?? '')?.[1];
    const object = { Bucket: 'sealed', Key: 'audit/anchor-1' };
    await expect(s3.send(new DeleteObjectCommand({ ...object, VersionId }))).rejects.toMatchObject(LOCKED);
    putObject(aws.place(REGION, ACCOUNT), { bucket: 'sealed', key: object.Key, body: 'forged' });
    await s3.send(new DeleteObjectCommand(object));
    expect((await all()).map(([, text]) => text).sort()).toEqual(['forged', 'true']);
    clock.advance(DAY);
    await s3.send(new DeleteObjectCommand({ ...object, VersionId }));
    expect((await all()).map(([, text]) => text)).toEqual(['forged']);
  });

  test('a bucket without Object Lock is refused', async () => {
    putBucket(aws.place(REGION, ACCOUNT), { name: 'open' });
    await expect(at('open').seal('anchor-1', 'x')).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('has no Object Lock') as string,
    });
  });

  test.each([
    ['PutObject', () => sealed.seal('anchor-1', 'x')],
    ['ListObjectVersions', () => all()],
  ])('that may not be used says so: %s', async (operation, use) => {
    aws.fault({ effect: 'deny', operation });
    await expect(use()).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining(`s3:${operation} of sealed in ${ACCOUNT}/${REGION}`) as string,
    });
  });
});
