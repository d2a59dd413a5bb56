import { z } from 'zod';
import { awsTime } from './aws-times';
import { eventFields, maybe } from './aws-envelope';
import type { WireMessage } from './source';
import { hasMembers, jsonOf, readAs } from './wire';

/** A state of an alarm as CloudWatch tells it, whichever way it came. */
export interface ToldAlarm {
  readonly name: string;
  readonly arn?: string | undefined;
  readonly state: string;
  /** Time of the change as it was written, and in epoch milliseconds. */
  readonly changedAt?: string | undefined;
  readonly at?: number | undefined;
  /** When the state before began, where that was ALARM. */
  readonly alarmSince?: number | undefined;
  readonly reason?: string | undefined;
  readonly description?: string | undefined;
  readonly metrics: readonly ToldMetric[];
  readonly value?: number | undefined;
  readonly threshold?: number | undefined;
  readonly tags: Readonly<Record<string, string>>;
  /** Of an alarm with many series: the series. */
  readonly contributor?: string | undefined;
  /** What keeps the actions of a composite alarm back. */
  readonly suppressedBy?: string | undefined;
}

/** One metric or expression of an alarm. */
export interface ToldMetric {
  readonly name?: string | undefined;
  readonly namespace?: string | undefined;
  readonly statistic?: string | undefined;
  readonly expression?: string | undefined;
  readonly label?: string | undefined;
  readonly dimensions: Readonly<Record<string, string>>;
  /** Whether it is the one that is compared. */
  readonly compared: boolean;
}

const text = maybe(z.string());
const texts = maybe(z.record(z.string(), z.unknown()));
const pairs = z.array(z.looseObject({ name: text, value: text, Key: text, Value: text }));

const sns = z.looseObject({
  ...{ AlarmName: z.string(), NewStateValue: z.string(), AlarmArn: text, AlarmDescription: text, NewStateReason: text, StateChangeTime: text },
  ...{ AlarmTags: z.unknown().optional(), AlarmContributorId: text },
  Trigger: maybe(
    z.looseObject({
      ...{ MetricName: text, Namespace: text, Statistic: text, ExtendedStatistic: text, Dimensions: z.unknown().optional(), Threshold: maybe(z.number()) },
      Metrics: maybe(
        z.array(
          z.looseObject({
            ...{ Expression: text, Label: text, ReturnData: maybe(z.boolean()) },
            MetricStat: maybe(
              z.looseObject({ Metric: maybe(z.looseObject({ MetricName: text, Namespace: text, Dimensions: z.unknown().optional() })), Stat: text }),
            ),
          }),
        ),
      ),
    }),
  ),
});

/** An alarm as CloudWatch writes it to a topic of SNS. Throws `unreadable`. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html */
export function alarmOfSns(part: WireMessage): ToldAlarm {
  const told = readAs(part, sns);
  const trigger = told.Trigger;
  const single = { name: trigger?.MetricName, namespace: trigger?.Namespace, dimensions: pairsOf(trigger?.Dimensions), compared: true };
  const metrics = trigger?.Metrics?.map(({ Expression, Label, ReturnData, MetricStat }) => ({
    ...{ expression: Expression, label: Label, compared: ReturnData !== false, statistic: MetricStat?.Stat },
    ...{ name: MetricStat?.Metric?.MetricName, namespace: MetricStat?.Metric?.Namespace },
    dimensions: pairsOf(MetricStat?.Metric?.Dimensions),
  }));
  return {
    ...{ name: told.AlarmName, arn: told.AlarmArn, state: told.NewStateValue, reason: told.NewStateReason },
    ...{ changedAt: told.StateChangeTime, at: awsTime(told.StateChangeTime), description: told.AlarmDescription },
    metrics: metrics ?? (single.name === undefined ? [] : [{ ...single, statistic: trigger?.ExtendedStatistic ?? trigger?.Statistic }]),
    ...{ value: newestValue(told.NewStateReason ?? ''), threshold: trigger?.Threshold, tags: pairsOf(told.AlarmTags) },
    contributor: told.AlarmContributorId,
  };
}

const state = z.looseObject({ value: z.string(), reason: text, reasonData: text, timestamp: text, actionsSuppressedBy: text });
const detail = z.looseObject({
  ...{ alarmName: z.string(), state, previousState: maybe(state), alarmTags: z.unknown().optional() },
  configuration: maybe(
    z.looseObject({
      description: text,
      metrics: maybe(
        z.array(
          z.looseObject({
            ...{ expression: text, label: text, returnData: maybe(z.boolean()) },
            metricStat: maybe(z.looseObject({ metric: maybe(z.looseObject({ name: text, namespace: text, dimensions: texts })), stat: text })),
          }),
        ),
      ),
    }),
  ),
});
const event = z.looseObject({ ...eventFields, resources: maybe(z.array(z.string())), alarmArn: text, detail });

/** An alarm as EventBridge brings it, or as an alarm calls a Lambda function. Throws `unreadable`. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html */
export function alarmOfEvent(part: WireMessage): ToldAlarm {
  const json = hasMembers(part.json, 'alarmData') ? { ...part.json, detail: part.json['alarmData'] } : part.json;
  const { detail: told, resources, alarmArn, time } = readAs({ ...part, json }, event);
  const { state: now, previousState: before, configuration } = told;
  const changedAt = now.timestamp ?? time;
  const { threshold, recentDatapoints } = reasonData.safeParse(jsonOf(now.reasonData ?? '{}')).data ?? {};
  return {
    ...{ name: told.alarmName, arn: alarmArn ?? resources?.[0], state: now.value, reason: now.reason, changedAt, at: awsTime(changedAt) },
    ...{ alarmSince: before?.value === 'ALARM' ? awsTime(before.timestamp) : undefined, description: configuration?.description },
    metrics: (configuration?.metrics ?? []).map(({ expression, label, returnData, metricStat }) => ({
      ...{ expression: expression, label: label, compared: returnData !== false, statistic: metricStat?.stat },
      ...{ name: metricStat?.metric?.name, namespace: metricStat?.metric?.namespace },
      dimensions: pairsOf(metricStat?.metric?.dimensions),
    })),
    // The newest comes last here, other than in the reason.
    ...{ value: recentDatapoints?.at(-1) ?? newestValue(now.reason ?? ''), threshold, tags: pairsOf(told.alarmTags) },
    suppressedBy: now.actionsSuppressedBy,
  };
}

const reasonData = z.looseObject({ threshold: maybe(z.number()), recentDatapoints: maybe(z.array(z.number())) });

/** The first value in `1 out of the last 1 datapoints [1234.0 (06/03/15 17:43:27)]`, which is the newest. */
function newestValue(reason: string): number | undefined {
  const found = /\[(-?\d{1,20}(?:\.\d{1,20})?(?:E-?\d{1,3})?)[ ,\]]/.exec(reason)?.[1];
  return found === undefined ? undefined : Number(found);
}

/** Names and values, which come as an object or as a list of pairs. */
function pairsOf(value: unknown): Record<string, string> {
  const list = pairs.safeParse(value);
  const entries = list.success
    ? list.data.map((pair): [string, unknown] => [pair.name ?? pair.Key ?? '', pair.value ?? pair.Value])
    : Object.entries(texts.parse(value) ?? {});
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[0] !== '' && typeof entry[1] === 'string'));
}
