import type { AlarmHistoryItem, CompositeAlarm, MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { z } from 'zod';
import { defined } from '../../../domain/defined';
import type { PastAlarm, PastTransition } from '../../../domain/lookback/aws/alarms';
import { awsTime } from '../../../domain/sources/aws-times';
import type { ToldMetric } from '../../../domain/sources/cloudwatch-alarm';

/** A change of an alarm as it is listed. */
export type HistoryItem = AlarmHistoryItem;

type AnyAlarm = MetricAlarm & CompositeAlarm;
type Dimensions = NonNullable<MetricAlarm['Dimensions']>;

/** How many alarms deep a composite is looked through. */
const DEPTH = 4;

/** An alarm in our words; a composite one watches what the alarms in its rule do. */
export function alarmOf(alarm: AnyAlarm, tags: Readonly<Record<string, string>>, byName: (name: string) => AnyAlarm | undefined): PastAlarm {
  const { AlarmName = '', AlarmArn = '', AlarmDescription, Threshold, Period, DatapointsToAlarm, EvaluationPeriods } = alarm;
  const periods = DatapointsToAlarm ?? EvaluationPeriods;
  const period = Period ?? alarm.Metrics?.map(({ MetricStat, Period: own }) => MetricStat?.Period ?? own).find((each) => each !== undefined);
  const looksAtMs = period === undefined || periods === undefined ? undefined : period * periods * 1000;
  const metrics = watched(alarm, byName, DEPTH);
  return defined({ arn: AlarmArn, name: AlarmName, description: AlarmDescription, metrics, tags, threshold: Threshold, looksAtMs });
}

function watched(alarm: AnyAlarm, byName: (name: string) => AnyAlarm | undefined, depth: number): ToldMetric[] {
  const { MetricName, Namespace, Statistic, ExtendedStatistic, Dimensions = [], Metrics = [], AlarmRule } = alarm;
  if (AlarmRule !== undefined && depth > 0) return childrenOf(AlarmRule).flatMap((child) => watched(byName(child) ?? {}, byName, depth - 1));
  const own: ToldMetric = {
    ...{ name: MetricName, namespace: Namespace, statistic: ExtendedStatistic ?? Statistic, compared: true },
    dimensions: dimensionsOf(Dimensions),
  };
  const several = Metrics.map(({ Expression, Label, ReturnData, MetricStat }): ToldMetric => {
    const { Metric, Stat } = MetricStat ?? {};
    const told = { name: Metric?.MetricName, namespace: Metric?.Namespace, statistic: Stat, expression: Expression, label: Label };
    return { ...told, dimensions: dimensionsOf(Metric?.Dimensions ?? []), compared: ReturnData !== false };
  });
  return MetricName === undefined ? several : [own];
}

/** `ALARM("checkout errors") AND NOT ALARM(deploying)`: names, or ARNs that end in them. */
function childrenOf(rule: string): string[] {
  const named = [...rule.matchAll(/\b(NOT\s+)?(?:ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?:"([^"]+)"|'([^']+)'|([^\s()"']+))\s*\)/g)];
  // What must not be is no part of the trouble.
  return named.filter(([, not]) => not === undefined).map(([, , a, b, c]) => (a ?? b ?? c ?? '').replace(/^arn:.*:alarm:/, ''));
}

function dimensionsOf(dimensions: Dimensions): Record<string, string> {
  return Object.fromEntries(dimensions.map(({ Name = '', Value = '' }) => [Name, Value]));
}

const datapoint = z.union([z.number(), z.looseObject({ value: z.number().optional() }).transform(({ value }) => value)]);
const reasonData = z.looseObject({
  ...{ startDate: z.string().optional(), recentDatapoints: z.array(datapoint.optional().catch(undefined)).optional() },
});
const embedded = z.preprocess((value) => (typeof value === 'string' ? (jsonOf(value) ?? {}) : value), reasonData);
const state = z.looseObject({ stateValue: z.string(), stateReason: z.string().optional(), stateReasonData: embedded.optional().catch(undefined) });
const historyData = z.looseObject({ oldState: state.optional(), newState: state });

/** A change of state as our domain knows it; none where the item cannot be read. Of an alarm with several series the whole alarm is meant. */
export function transitionOf({ Timestamp, HistoryData, HistorySummary, AlarmContributorId }: HistoryItem): PastTransition[] {
  if (Timestamp === undefined || AlarmContributorId !== undefined) return [];
  const read = historyData.safeParse(jsonOf(HistoryData ?? ''));
  const at = Timestamp.getTime();
  if (!read.success) {
    const [, from, to] = /from (\w+) to (\w+)/.exec(HistorySummary ?? '') ?? [];
    return from !== undefined && to !== undefined ? [{ at, from, to }] : [];
  }
  const { oldState, newState } = read.data;
  const { stateReasonData: data, stateReason: reason } = newState;
  const told = {
    from: oldState?.stateValue ?? '',
    to: newState.stateValue,
    reason,
    value: data?.recentDatapoints?.at(-1),
    startedAt: awsTime(data?.startDate),
  };
  return [defined({ at, ...told })];
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
