import { awsAccess } from '../../../adapters/aws/access';
import { s3Objects } from '../../../adapters/aws/s3-objects';
import type { Objects } from '../../../ports/objects';
import { startFakeAws } from '../../fakes/aws/server';
import type { FakeAws } from '../../fakes/aws/server';
import { keysIn, putBucket, putObject } from '../../fakes/aws/services/s3-store';

const ACCOUNT = '123456789012';
const REGION = 'eu-west-1';

describe('a prefix of a bucket', () => {
  const before = { ...process.env };
  let aws: FakeAws;
  let objects: Objects;
  beforeEach(async () => {
    // The SDK finds credentials by itself.
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: `AKIA${ACCOUNT}`, AWS_SECRET_ACCESS_KEY: 'test' });
    aws = await startFakeAws();
    putBucket(aws.place(REGION, ACCOUNT), { name: 'archive' });
    const access = awsAccess({ accounts: [{ id: ACCOUNT, regions: [REGION], environment: 'prod' }], timeoutMs: 2_000, endpoint: aws.endpoint });
    objects = s3Objects(access, { bucket: 'archive', prefix: 'night/prod', place: { account: ACCOUNT, region: REGION } });
  });
  afterEach(async () => {
    process.env = before;
    await aws.close();
  });
  const all = async (prefix: string): Promise<string[]> => {
    const keys = [];
    for await (const key of objects.keys(prefix)) keys.push(key);
    return keys;
  };

  test('keeps texts under keys, gives them back, and lists them page by page; what lies beside it does not exist', async () => {
    const names = ['archive/service=a%2Fb/1.csv', 'archive/2.csv', 'archive/3.csv', 'archive/4.csv', 'points/1.csv'];
    for (const name of names) await objects.put(name, `${name} ü\n`, 'text/csv');
    putObject(aws.place(REGION, ACCOUNT), { bucket: 'archive', key: 'night/production/archive/5.csv', body: 'other' });
    expect(await objects.get('archive/service=a%2Fb/1.csv')).toBe('archive/service=a%2Fb/1.csv ü\n');
    expect(await all('archive/')).toEqual(names.slice(0, 4).sort());
    expect(keysIn(aws.place(REGION, ACCOUNT), 'archive').filter((key) => key.startsWith('night/prod/'))).toHaveLength(5);
  });

  test('has nothing under a key that is not there', async () => {
    expect(await objects.get('manifest.json')).toBeUndefined();
  });

  test('takes no key that is longer than S3 takes, and says so', async () => {
    await expect(objects.put(`${'a'.repeat(1015)}.csv`, '1\n', 'text/csv')).rejects.toMatchObject({ code: 'too_large' });
    await objects.put(`${'a'.repeat(1009)}.csv`, '1\n', 'text/csv');
    expect(aws.ledger.of('s3.PutObject')).toHaveLength(1);
  });

  test('is written again while S3 asks for patience: the same under the same key', async () => {
    aws.fault({ effect: 'throttle', operation: 'PutObject', times: 1 });
    await objects.put('a.csv', '1\n', 'text/csv');
    expect(aws.ledger.of('s3.PutObject').map(({ outcome }) => outcome)).toEqual(['SlowDown', 'ok']);
    expect(await objects.get('a.csv')).toBe('1\n');
  });

  test.each([
    ['PutObject', () => objects.put('a.csv', '1\n', 'text/csv')],
    ['GetObject', () => objects.get('a.csv')],
    ['ListObjectsV2', () => all('')],
  ])('that may not be used says so: %s', async (operation, use) => {
    aws.fault({ effect: 'deny', operation });
    await expect(use()).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining(`s3:${operation} of archive in ${ACCOUNT}/${REGION}`) as string,
    });
  });
});
