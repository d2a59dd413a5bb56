import { gzipSync } from 'node:zlib';
import { awsTime } from '../../../domain/sources/aws-times';
import { errorCode } from '../../../domain/errors';
import { recognise, sourceNamed } from '../../../domain/sources/recognise';
import { wireMessage } from '../../../domain/sources/wire';
import { CONTEXT } from './samples';

const message = (json: unknown) => wireMessage(new TextEncoder().encode(JSON.stringify(json)));
const read = (source: string, json: unknown, services: readonly string[] = []) =>
  sourceNamed(source).read(message(json), { ...CONTEXT, services: new Map(services.map((name) => [name, name])) });
const bySns = (told: object) => ({ Type: 'Notification', TopicArn: 'arn:aws:sns:eu-west-1:1:t', MessageId: 'm', Message: JSON.stringify(told) });
const byEvent = (detail: object, resources: readonly string[]) => ({
  ...{ 'detail-type': 'CloudWatch Alarm State Change', source: 'aws.cloudwatch', resources, detail },
});
const ARN = 'arn:aws:cloudwatch:eu-west-1:1:alarm:orders-bookshop-5xx';
const alarm = { AlarmName: 'orders-bookshop-5xx', AlarmArn: ARN, NewStateValue: 'ALARM', StateChangeTime: '2026-03-01T11:00:00.123+0000' };
const record = (data: Uint8Array | string) => ({ kinesis: { data: Buffer.from(data).toString('base64') } });

test('an alarm that comes by SNS and by EventBridge is one message of one condition', () => {
  const event = byEvent({ alarmName: alarm.AlarmName, state: { value: 'ALARM', timestamp: '2026-03-01T11:00:00.123Z' } }, [ARN]);
  const [one, other] = [read('cloudwatch', bySns(alarm)).objects[0], read('cloudwatch', event).objects[0]];
  expect(one).toMatchObject({ object: 'alert', status: 'firing' });
  expect(other).toMatchObject({ id: one && 'id' in one ? one.id : '', fingerprint: `cloudwatch:${ARN}` });
});

test('a known service is found in the name of an alarm, and by an id of a resource', () => {
  expect(read('cloudwatch', bySns(alarm), ['bookshop']).objects).toMatchObject([{ service: 'bookshop' }]);
  expect(read('cloudwatch', bySns({ ...alarm, AlarmName: 'BookshopErrors' }), ['bookshop']).objects).toMatchObject([{ service: 'bookshop' }]);
  const onInstance = { ...alarm, Trigger: { MetricName: 'x', Dimensions: [{ name: 'InstanceId', value: 'i-12' }] } };
  expect(read('cloudwatch', bySns(onInstance), ['i-12']).objects).toMatchObject([{ service: 'i-12' }]);
  expect(read('cloudwatch', bySns(onInstance)).objects).toMatchObject([{ service: 'orders-bookshop-5xx' }]);
});

test('an alarm without a time has the same id when it is delivered again, and starts when it arrives', () => {
  const [{ StateChangeTime: _, ...timeless }, ids] = [alarm, new Set<string>()];
  for (const receivedAt of [CONTEXT.receivedAt, CONTEXT.receivedAt + 60_000]) {
    const [alert] = sourceNamed('cloudwatch').read(message(bySns(timeless)), { ...CONTEXT, receivedAt }).objects;
    if (alert?.object === 'alert') ids.add(alert.id);
  }
  expect(ids.size).toBe(1);
});

test('a notification that holds no JSON is refused, and so is an alarm that lacks its state', () => {
  expect(() => read('cloudwatch', { ...bySns({}), Message: 'Hello from SNS!' })).toThrow('`Message` of the notification must hold JSON');
  expect(() => read('cloudwatch', bySns({ AlarmName: 'x' }))).toThrow(/not as this source sends it/);
  expect(() => recognise(message({ ...bySns({}), Message: 'Hello from SNS!' }))).toThrow(/no source that is known/);
});

test('a confirmation of SNS is told whichever source it was sent to', () => {
  const confirmation = { ...bySns({}), Type: 'SubscriptionConfirmation' };
  for (const source of ['cloudwatch', 'codebuild', 'codepipeline', 'codedeploy']) {
    expect(read(source, confirmation).passedOver).toEqual([expect.stringContaining('waits to be confirmed')]);
  }
});

test('a gzip that grows beyond the limit is refused, and as a record of a stream it is left aside', () => {
  const bomb = gzipSync(Buffer.alloc(17 * 1024 * 1024));
  let code: unknown;
  try {
    read('cloudwatch-logs', { awslogs: { data: bomb.toString('base64') } });
  } catch (error) {
    code = errorCode(error);
  }
  expect(code).toBe('too_large');
  const good = record('{"msg":"still here"}');
  const { objects, passedOver } = read('kinesis', { Records: [record(bomb), good, record(bomb)] });
  expect(objects).toMatchObject([{ message: 'still here' }]);
  expect(passedOver).toEqual(['2 records: Uncompressed the message is larger than 16 MiB.']);
});

test('records that grow beyond the limit only together are left aside from there on', () => {
  const large = record(gzipSync(Buffer.alloc(15 * 1024 * 1024, ' ')));
  const { passedOver } = read('kinesis', { Records: [large, large, large, large, large, record('{"msg":"too late"}')] });
  expect(passedOver).toContain('one record: Uncompressed the records before it hold more than 64 MiB.');
});

test('a record of a stream may hold an alarm, which is read as its source reads it', () => {
  const { objects } = read('kinesis', { Records: [record(JSON.stringify(bySns(alarm)))] });
  expect(objects).toEqual(read('cloudwatch', bySns(alarm)).objects);
});

test.each([
  ['2015-06-03T17:43:27.123+0000', '2015-06-03T17:43:27.123Z'],
  ['2026-03-01T11:00:00+02:00', '2026-03-01T09:00:00.000Z'],
  ['2026-03-01 11:00:00,5', '2026-03-01T11:00:00.500Z'],
  ['Sep 1, 2017 12:02:29 AM', '2017-09-01T00:02:29.000Z'],
  ['Sep 1, 2017, 12:02:29\u202fPM', '2017-09-01T12:02:29.000Z'],
  ['Wed Mar 16 02:30:50 UTC 2016', '2016-03-16T02:30:50.000Z'],
  ['1446744188.595', '2015-11-05T17:23:08.595Z'],
  [1772362800.5, '2026-03-01T11:00:00.500Z'],
  [1772362800000, '2026-03-01T11:00:00.000Z'],
])('the time %p is %s', (told, meant) => {
  expect(new Date(awsTime(told) ?? NaN).toISOString()).toBe(meant);
});

test.each(['', 'soon', 'Foo 1, 2017 4:12:29 PM', '0001-01-01T00:00:00Z', '9999999999999999', -1, 1e300, null, {}, '2026-13-41T99:00:00Z'])(
  '%p is no time',
  (told) => {
    expect(awsTime(told)).toBeUndefined();
  },
);
