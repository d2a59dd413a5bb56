import { totalEstimate } from '../../../../domain/lookback/estimate';
import { accessTo } from '../../../fakes/aws/access';
import { testClock } from '../../../fakes/aws/clock';
import { startFakeAws } from '../../../fakes/aws/server';
import type { FakeAws } from '../../../fakes/aws/server';
import { putAlarmHistory, putMuteRule } from '../../../fakes/aws/services/cloudwatch';
import { lookBackOn } from '../../../fakes/past/pieces';
import { ACCOUNT, callsOf, NOW, of, quickClock, readPast, SPAN } from './read-past';

const [HERE, THERE] = ['eu-west-1', 'us-east-1'] as const;
const HOUR = 3_600_000;
const LONG_AGO = new Date('2025-01-01T00:00:00Z');
const clock = testClock(NOW);

let aws: FakeAws;
const read = () => readPast(accessTo(aws, [{ id: ACCOUNT, regions: [HERE, THERE], environment: 'production' }]), quickClock(clock));
beforeEach(async () => {
  aws = await startFakeAws({ clock });
});
afterEach(() => aws.close());

function fired(region: string, AlarmName: string, hours: number): void {
  for (const [after, from, to] of [
    [0, 'OK', 'ALARM'],
    [0.2, 'ALARM', 'OK'],
  ] as const) {
    const HistoryData = JSON.stringify({ version: '1.0', oldState: { stateValue: from }, newState: { stateValue: to, stateReason: 'Threshold Crossed' } });
    const Timestamp = new Date(SPAN.from + (hours + after) * HOUR);
    putAlarmHistory(aws.place(region, ACCOUNT), { AlarmName, AlarmType: 'MetricAlarm', Timestamp, HistoryData, HistorySummary: `${from} to ${to}` });
  }
}

function mute(region: string, Name: string, Expression: string, more: object = {}): void {
  const Rule = { Schedule: { Expression, Duration: 'PT2H' } };
  putMuteRule(aws.place(region, ACCOUNT), { Name, Rule, MuteTargets: { AlarmNames: [Name] }, LastUpdatedTimestamp: LONG_AGO, ...more });
}

test('a page that a mute rule kept from people is told as silenced, and one of another time, alarm or region as the page that it was', async () => {
  mute(HERE, 'slow', 'cron(0 3 * * *)');
  mute(HERE, 'moved', 'at(2026-03-01T08:00)', { Status: 'EXPIRED', ExpireDate: new Date('2026-03-01T10:00:00Z') });
  for (const hour of [3.5, 12, 27.5]) fired(HERE, 'slow', hour);
  fired(HERE, 'errors', 3.5);
  fired(HERE, 'moved', 9);
  fired(THERE, 'slow', 3.5);
  const { facts, errors } = await read();
  const { totals, incidents } = lookBackOn(facts, {}, [], SPAN);
  const kinds = incidents.flatMap(({ pages }) => pages.map(({ name, begin, region, kind }) => `${begin.slice(8, 16)} ${name} ${region ?? ''} ${kind}`));
  expect(errors).toEqual([]);
  expect(kinds.sort()).toEqual([
    '01T03:30 errors eu-west-1 told',
    '01T03:30 slow eu-west-1 silenced',
    '01T03:30 slow us-east-1 told',
    '01T09:00 moved eu-west-1 silenced',
    '01T12:00 slow eu-west-1 told',
    '02T03:30 slow eu-west-1 silenced',
  ]);
  expect(totals.noise.silenced).toBe(3);
});

test('the calls are within the estimate, and rules that were over before are not asked for', async () => {
  for (let i = 0; i < 60; i++) mute(HERE, `rule-${String(i)}`, 'cron(0 3 * * *)');
  mute(HERE, 'old', 'at(2026-01-01T00:00)', { Status: 'EXPIRED', ExpireDate: LONG_AGO });
  const { estimate, parts } = await read();
  const estimated = totalEstimate(estimate.parts, new Set()).operations.find(({ operation }) => operation === 'cloudwatch:GetAlarmMuteRule');
  expect([estimated?.calls, callsOf(parts)['cloudwatch:GetAlarmMuteRule']]).toEqual([60, 60]);
});

test('where rules may not be read, that alone is told', async () => {
  aws.fault({ effect: 'deny', operation: 'ListAlarmMuteRules', region: HERE });
  fired(HERE, 'slow', 3);
  const { facts, errors } = await read();
  expect([of(facts, 'page').length, errors]).toEqual([1, [expect.stringContaining('cloudwatch:ListAlarmMuteRules')]]);
});
