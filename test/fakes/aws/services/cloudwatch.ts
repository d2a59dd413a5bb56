import type {
  AlarmHistoryItem,
  CompositeAlarm,
  DescribeAlarmHistoryInput,
  DescribeAlarmHistoryOutput,
  DescribeAlarmsInput,
  DescribeAlarmsOutput,
  GetAlarmMuteRuleInput,
  GetAlarmMuteRuleOutput,
  ListAlarmMuteRulesInput,
  ListAlarmMuteRulesOutput,
  MetricAlarm,
} from '@aws-sdk/client-cloudwatch';
import { invalid } from '../errors';
import type { Call, FakeService } from '../service';
import type { Place } from '../world';
import { getMetricData, listMetrics } from './cloudwatch-metrics';
import { putSeries } from './cloudwatch-series';
import { ALARMS } from './cloudwatch-store';
import type { Alarm } from './cloudwatch-store';
import { found, newestFirst, stateKey, within } from './support';

const HISTORY = stateKey('alarm history', (): AlarmHistoryItem[] => []);
const MUTE_RULES = stateKey('mute rules', () => new Map<string, GetAlarmMuteRuleOutput>());
const PAGE = 100;

/** Adds an alarm on a metric, by its name. */
export function putAlarm(place: Place, alarm: MetricAlarm): void {
  place
    .state(ALARMS)
    .set(alarm.AlarmName ?? '', { AlarmArn: place.arn('cloudwatch', `alarm:${alarm.AlarmName ?? ''}`), ActionsEnabled: true, StateValue: 'OK', ...alarm });
}

/** Adds an alarm on other alarms, by its name; `AlarmRule` tells it apart. */
export function putCompositeAlarm(place: Place, alarm: CompositeAlarm): void {
  putAlarm(place, { ...alarm, AlarmRule: alarm.AlarmRule ?? 'FALSE' } as MetricAlarm);
}

/** Adds to the history of alarms; an alarm need not be there any more. */
export function putAlarmHistory(place: Place, item: AlarmHistoryItem): void {
  place.state(HISTORY).push({ AlarmType: 'MetricAlarm', HistoryItemType: 'StateUpdate', ...item });
}

/** Adds a mute rule, by its name. */
export function putMuteRule(place: Place, rule: GetAlarmMuteRuleOutput): void {
  const name = rule.Name ?? '';
  place.state(MUTE_RULES).set(name, { AlarmMuteRuleArn: place.arn('cloudwatch', `alarm-mute-rule:${name}`), Status: 'ACTIVE', ...rule });
}

function isComposite(alarm: Alarm): alarm is CompositeAlarm {
  return 'AlarmRule' in alarm;
}

function describeAlarms(input: DescribeAlarmsInput, call: Call): DescribeAlarmsOutput {
  const { AlarmNames, AlarmNamePrefix, AlarmTypes = ['MetricAlarm'], StateValue, ActionPrefix, MaxRecords, NextToken } = input;
  if (AlarmNames && AlarmNamePrefix !== undefined) throw invalid('AlarmNames and AlarmNamePrefix cannot be given together.');
  const asked = (alarm: Alarm): boolean =>
    AlarmTypes.includes(isComposite(alarm) ? 'CompositeAlarm' : 'MetricAlarm') &&
    (AlarmNames === undefined || AlarmNames.includes(alarm.AlarmName ?? '')) &&
    (alarm.AlarmName ?? '').startsWith(AlarmNamePrefix ?? '') &&
    (StateValue === undefined || alarm.StateValue === StateValue) &&
    (ActionPrefix === undefined || (alarm.AlarmActions ?? []).some((action) => action.startsWith(ActionPrefix))) &&
    call.visible(alarm.AlarmName ?? '');
  const items = (): Alarm[] => [...call.place.state(ALARMS).values()].filter(asked).sort((a, b) => ((a.AlarmName ?? '') < (b.AlarmName ?? '') ? -1 : 1));
  const page = call.page({ items, token: NextToken, size: MaxRecords, max: PAGE, badToken: 'InvalidNextToken' });
  return {
    MetricAlarms: page.items.filter((alarm): alarm is MetricAlarm => !isComposite(alarm)),
    CompositeAlarms: page.items.filter(isComposite),
    NextToken: page.next,
  };
}

function describeAlarmHistory(input: DescribeAlarmHistoryInput, call: Call): DescribeAlarmHistoryOutput {
  const { AlarmName, AlarmTypes = ['MetricAlarm'], HistoryItemType, StartDate, EndDate, MaxRecords, NextToken, ScanBy } = input;
  const asked = (item: AlarmHistoryItem): boolean =>
    (AlarmName === undefined || item.AlarmName === AlarmName) &&
    AlarmTypes.some((type) => type === item.AlarmType) &&
    (HistoryItemType === undefined || item.HistoryItemType === HistoryItemType) &&
    within(item.Timestamp, StartDate, EndDate);
  const items = (): AlarmHistoryItem[] => {
    const newest = newestFirst(call.place.state(HISTORY), (item) => item.Timestamp).filter(asked);
    return ScanBy === 'TimestampAscending' ? newest.reverse() : newest;
  };
  const page = call.page({ items, token: NextToken, size: MaxRecords, max: PAGE, badToken: 'InvalidNextToken' });
  return { AlarmHistoryItems: page.items, NextToken: page.next };
}

function listAlarmMuteRules({ AlarmName, Statuses, MaxRecords, NextToken }: ListAlarmMuteRulesInput, call: Call): ListAlarmMuteRulesOutput {
  const asked = ({ MuteTargets, Status }: GetAlarmMuteRuleOutput): boolean =>
    (AlarmName === undefined || MuteTargets?.AlarmNames?.includes(AlarmName) === true) &&
    (Statuses === undefined || (Status !== undefined && Statuses.includes(Status)));
  const items = (): GetAlarmMuteRuleOutput[] => [...call.place.state(MUTE_RULES).values()].filter(asked);
  const page = call.page({ items, token: NextToken, size: MaxRecords, max: PAGE, badToken: 'InvalidNextToken' });
  const summaries = page.items.map(({ AlarmMuteRuleArn, ExpireDate, Status, MuteType, LastUpdatedTimestamp }) => ({
    AlarmMuteRuleArn,
    ExpireDate,
    Status,
    MuteType,
    LastUpdatedTimestamp,
  }));
  return { AlarmMuteRuleSummaries: summaries, NextToken: page.next };
}

function getAlarmMuteRule({ AlarmMuteRuleName = '' }: GetAlarmMuteRuleInput, { place }: Call): GetAlarmMuteRuleOutput {
  return found(place.state(MUTE_RULES).get(AlarmMuteRuleName), 'ResourceNotFoundException', `There is no mute rule ${AlarmMuteRuleName}`);
}

/** CloudWatch: alarms, their history and mute rules, and metrics. */
export const CLOUDWATCH: FakeService = {
  signedAs: 'monitoring',
  actions: 'cloudwatch',
  target: 'GraniteServiceVersion20100801',
  xmlns: 'http://monitoring.amazonaws.com/doc/2010-08-01/',
  queryCompatible: true,
  load: () => import('@aws-sdk/client-cloudwatch'),
  operations: {
    DescribeAlarms: describeAlarms,
    DescribeAlarmHistory: describeAlarmHistory,
    ListAlarmMuteRules: listAlarmMuteRules,
    GetAlarmMuteRule: getAlarmMuteRule,
    ListMetrics: listMetrics,
    GetMetricData: getMetricData,
  },
  facts: {
    alarm: { shape: 'MetricAlarm', put: putAlarm },
    compositeAlarm: { shape: 'CompositeAlarm', put: putCompositeAlarm },
    history: { shape: 'AlarmHistoryItem', put: putAlarmHistory },
    muteRule: { shape: 'GetAlarmMuteRuleOutput', put: putMuteRule },
    series: { put: putSeries },
  },
};
