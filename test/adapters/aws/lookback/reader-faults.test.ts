import { awsPast } from '../../../../adapters/aws/lookback/reader';
import type { AwsAccess } from '../../../../adapters/aws/access';
import { accessTo } from '../../../fakes/aws/access';
import { testClock } from '../../../fakes/aws/clock';
import { startFakeAws } from '../../../fakes/aws/server';
import type { FakeAws } from '../../../fakes/aws/server';
import { putTrailEvent } from '../../../fakes/aws/services/cloudtrail';
import { putBuild } from '../../../fakes/aws/services/codebuild';
import { putDeployment } from '../../../fakes/aws/services/codedeploy';
import type { PartRead } from '../../../../ports/lookback';
import { ACCOUNT, NOW, of, quickClock, readPast, SPAN } from './read-past';

const OTHER = '444455556666';
const HOUR = 3_600_000;
const EVENTS = 25;

let aws: FakeAws;
const clock = testClock(NOW);
beforeEach(async () => {
  aws = await startFakeAws({ clock });
  for (const region of ['eu-west-1', 'us-east-1'])
    for (let i = 0; i < EVENTS; i++) {
      const EventTime = new Date(SPAN.from + 1.5 * i * HOUR);
      putTrailEvent(aws.place(region, ACCOUNT), { EventId: `${region}${String(i)}`, EventName: 'UpdateService', EventSource: 'ecs.amazonaws.com', EventTime });
    }
});
afterEach(() => aws.close());

function access(regions: readonly string[], options: { maxAttempts?: number; timeoutMs?: number } = {}): AwsAccess {
  return accessTo(aws, [{ id: ACCOUNT, regions, environment: 'production' }], options);
}

test('a call that is refused for its rate is made again after a while, longer each time, and counted each time', async () => {
  aws.fault({ effect: 'throttle', service: 'cloudtrail', times: 3 });
  const quick = quickClock(clock);
  const { facts, parts, errors } = await readPast(access(['eu-west-1']), quick);
  expect(errors).toEqual([]);
  expect(of(facts, 'change')).toHaveLength(EVENTS);
  expect(quick.waits.filter((ms) => ms >= 2_000)).toEqual([2_000, 5_000, 15_000]);
  const made = parts.reduce((sum, { calls }) => sum + (calls['cloudtrail:LookupEvents'] ?? 0), 0);
  expect(made).toBe(aws.ledger.of('cloudtrail').length);
});

test('the SDK tries again by itself first, and its tries are counted', async () => {
  aws.fault({ effect: 'throttle', service: 'codebuild', times: 1 });
  const { parts, errors } = await readPast(access(['eu-west-1'], { maxAttempts: 3 }), quickClock(clock));
  expect(errors).toEqual([]);
  expect(parts.find(({ part }) => part.endsWith(' builds'))?.calls).toEqual({ 'codebuild:ListBuilds': 2 });
});

test('what is refused for its rate for ever is given up, told, and leaves the rest alone', async () => {
  aws.fault({ effect: 'throttle', service: 'cloudtrail' });
  putDeployment(aws.place('eu-west-1', ACCOUNT), { deploymentId: 'd-1', applicationName: 'a', deploymentGroupName: 'g', createTime: new Date(SPAN.from) });
  const { facts, errors } = await readPast(access(['eu-west-1']), quickClock(clock));
  expect(errors).toEqual([expect.stringContaining('cloudtrail:LookupEvents in 111122223333/eu-west-1')]);
  expect(of(facts, 'change')).toHaveLength(1);
});

test('CloudTrail is asked at most twice a second in a region', async () => {
  const times: number[] = [];
  const quick = quickClock(clock);
  aws.ledger.clear();
  await readPast(access(['eu-west-1']), quick);
  times.push(...aws.ledger.of('cloudtrail').map(({ at }) => Number(at)));
  const gaps = times.slice(1).map((time, i) => time - (times[i] ?? 0));
  expect(gaps.length).toBeGreaterThan(5);
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(500);
});

test('a region that does not answer is told, by one call, and the other is read', async () => {
  // Not us-east-1, in which alone AWS Health answers.
  aws.fault({ effect: 'hang', region: 'ap-south-1' });
  const [patient, impatient] = [30_000, 200].map((timeoutMs) => access(['eu-west-1', 'ap-south-1'], { timeoutMs })) as [AwsAccess, AwsAccess];
  const both: AwsAccess = { ...patient, reading: (place) => (place.region === 'ap-south-1' ? impatient : patient).reading(place) };
  const { facts, errors, estimate } = await readPast(both, quickClock(clock));
  const silent = expect.stringMatching(/did not answer sts:GetCallerIdentity in 111122223333\/ap-south-1/) as string;
  expect(errors).toContainEqual(silent);
  expect(estimate.notes).toContainEqual(silent);
  expect(of(facts, 'change').map(({ id }) => id)).toEqual(Array.from({ length: EVENTS }, () => expect.stringContaining('eu-west-1') as string));
  expect(aws.ledger.entries.filter(({ region, service }) => region === 'ap-south-1' && service === 'sts')).toHaveLength(1);
});

test('a region that stops answering in the middle is given up after two parts', async () => {
  const reader = awsPast(access(['eu-west-1']), quickClock(clock));
  await reader.estimate(SPAN);
  aws.fault({ effect: 'refuse', region: 'eu-west-1' });
  putBuild(aws.place('eu-west-1', ACCOUNT), { id: 'b:1', startTime: new Date(SPAN.from) });
  const asked = aws.ledger.entries.length;
  const parts: PartRead[] = [];
  for await (const part of reader.read(SPAN, { done: new Set(), signal: new AbortController().signal })) parts.push(part);
  const failed = parts.filter(({ error }) => error !== undefined);
  expect(failed.map(({ part }) => part)).toEqual(['111122223333/eu-west-1 trail 2026-03-01', '111122223333/eu-west-1 trail 2026-03-02']);
  expect(aws.ledger.entries.length - asked).toBe(2);
});

test('what the credentials may not read is told by its action, and the other kinds are read', async () => {
  aws.fault({ effect: 'deny', service: 'codepipeline' });
  const { facts, errors } = await readPast(access(['eu-west-1']), quickClock(clock));
  expect(errors).toEqual([expect.stringMatching(/codepipeline:ListPipelines in 111122223333\/eu-west-1: AccessDenied/)]);
  expect(of(facts, 'change')).toHaveLength(EVENTS);
});

test('several accounts are read, each with its own credentials; one with those of another is told', async () => {
  putTrailEvent(aws.place('eu-west-1', OTHER), { EventId: 'x', EventName: 'UpdateService', EventSource: 'ecs.amazonaws.com', EventTime: new Date(SPAN.from) });
  const accounts = [ACCOUNT, OTHER, '777788889999'].map((id) => ({ id, regions: ['eu-west-1'], environment: 'production' }));
  const right = accessTo(aws, accounts);
  const wrong: AwsAccess = { accounts, reading: (place) => right.reading(place.account === '777788889999' ? { ...place, account: ACCOUNT } : place) };
  const { facts, errors } = await readPast(wrong, quickClock(clock));
  expect(new Set(of(facts, 'change').map(({ where }) => where.account))).toEqual(new Set([ACCOUNT, OTHER]));
  expect(errors).toEqual([expect.stringContaining('are those of account 111122223333, not of 777788889999')]);
});

test('where nothing at all can be read the estimate fails', async () => {
  aws.fault({ effect: 'error', service: 'sts', error: { name: 'ExpiredTokenException', message: 'The token has expired' } });
  await expect(awsPast(access(['eu-west-1', 'us-east-1']), quickClock(clock)).estimate(SPAN)).rejects.toMatchObject({
    code: 'unreachable',
    message: expect.stringMatching(/Nothing can be read.*ExpiredToken/) as string,
  });
});

test('a reading that is ended in the middle goes on where it was, and both together are the whole', async () => {
  const whole = await readPast(access(['eu-west-1', 'us-east-1']), quickClock(clock));
  const stop = new AbortController();
  const kept: PartRead[] = [];
  const reader = awsPast(access(['eu-west-1', 'us-east-1']), quickClock(clock));
  const reading = async (): Promise<void> => {
    for await (const part of reader.read(SPAN, { done: new Set(), signal: stop.signal })) {
      kept.push(part);
      if (kept.length === 20) stop.abort(new Error('stopped'));
    }
  };
  await expect(reading()).rejects.toThrow('stopped');
  const rest = await readPast(access(['eu-west-1', 'us-east-1']), quickClock(clock), new Set(kept.map(({ part }) => part)));
  const names = [...kept, ...rest.parts].map(({ part }) => part);
  expect(rest.parts.length).toBeGreaterThan(3);
  expect([...names].sort()).toEqual(whole.parts.map(({ part }) => part).sort());
  expect([...kept, ...rest.parts].flatMap(({ facts }) => facts).length).toBe(whole.facts.length);
});
