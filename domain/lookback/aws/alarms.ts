import { defined } from '../../defined';
import { digestId } from '../../outside-text';
import { arnParts, consoleLink } from '../../sources/aws-names';
import type { ToldMetric } from '../../sources/cloudwatch-alarm';
import { alarmNames, alarmSeverity } from '../../sources/cloudwatch-names';
import type { PastFact, Where } from '../facts';

/** An alarm of CloudWatch as `DescribeAlarms` has it, with its tags. */
export interface PastAlarm {
  readonly arn: string;
  readonly name: string;
  readonly description?: string;
  readonly metrics: readonly ToldMetric[];
  readonly tags: Readonly<Record<string, string>>;
  readonly threshold?: number;
  /** Milliseconds that it looks at before it fires: period times the datapoints to alarm. */
  readonly looksAtMs?: number;
}

/** A change of its state as `DescribeAlarmHistory` has it (`HistoryItemType` `StateUpdate`). Epoch milliseconds. */
export interface PastTransition {
  readonly at: number;
  readonly from: string;
  readonly to: string;
  readonly reason?: string;
  /** The newest datapoint, of `stateReasonData`. */
  readonly value?: number;
  /** Time of the first datapoint that was looked at, of `stateReasonData`. */
  readonly startedAt?: number;
}

/** Pages of an alarm. Half of the alarms of target tracking always stand in ALARM, as that is how scaling in works: they are left out. */
export function alarmPages(alarm: PastAlarm, history: readonly PastTransition[]): PastFact[] {
  if (alarm.name.startsWith('TargetTracking-')) return [];
  const { arn, name, threshold, tags, metrics } = alarm;
  const main = metrics.find(({ compared }) => compared) ?? metrics[0];
  const dimensions = Object.assign({}, ...metrics.map((metric) => metric.dimensions)) as Record<string, string>;
  const common = {
    ...{ condition: `cloudwatch:${arn}`, source: 'cloudwatch', name, severity: alarmSeverity(alarm), signal: main?.name ?? main?.expression, threshold },
    labels: defined({ ...placeOf(arn), ...dimensions, ...tags, namespace: main?.namespace, ...placeOf(arn) }) as Record<string, string>,
    link: consoleLink(arnParts(arn)?.region, 'cloudwatch/home', `alarmsV2:alarm/${encodeURIComponent(name)}`),
    where: alarmWhere(alarm, dimensions),
  };
  return history.flatMap(({ at, from, to, reason, value, startedAt }): PastFact[] => {
    if (to !== 'ALARM') return from === 'ALARM' ? [{ kind: 'page-end', condition: common.condition, at }] : [];
    const since = startedAt ?? (alarm.looksAtMs === undefined ? undefined : at - alarm.looksAtMs);
    const summary = [reason, alarm.description].filter((text) => text !== undefined && text !== '').join(' ');
    return [defined({ kind: 'page' as const, id: digestId('pg', [arn, at]), ...common, summary, begin: at, since, value })];
  });
}

function alarmWhere(alarm: PastAlarm, dimensions: Readonly<Record<string, string>>): Where {
  const namespaces = alarm.metrics.flatMap(({ namespace }) => namespace ?? []);
  return defined({
    names: alarmNames(alarm).filter((name) => name !== undefined),
    resources: resourcesOf(dimensions),
    products: [...new Set(namespaces.filter((each) => each.startsWith('AWS/')).map(productOf))],
    ...placeOf(alarm.arn),
  });
}

/** As labels too, as in the alarm's message, as mute rules are about an account and a region; first, so that they are not cut off, and no tag's. */
function placeOf(arn: string): { readonly account: string | undefined; readonly region: string | undefined } {
  const parts = arnParts(arn);
  return { account: parts?.account, region: parts?.region };
}

const CLUSTER_SERVICE = ['ClusterName', 'ServiceName'] as const;
/** Dimensions whose values are the ids of resources, as their ARNs end. */
const IDS = [
  'FunctionName',
  'DBInstanceIdentifier',
  'DBClusterIdentifier',
  'QueueName',
  'TableName',
  'LoadBalancer',
  'TargetGroup',
  'InstanceId',
  'StreamName',
];

function resourcesOf(dimensions: Readonly<Record<string, string>>): string[] {
  const [cluster, service] = CLUSTER_SERVICE.map((name) => dimensions[name]);
  const both = cluster !== undefined && service !== undefined ? [`${cluster}/${service}`] : [];
  return [...both, ...IDS.flatMap((name) => dimensions[name]?.replace(/^targetgroup\//, '') ?? [])];
}

/** Products whose namespace is not their name in ARNs. */
const PRODUCTS: Readonly<Record<string, string>> = { applicationelb: 'elasticloadbalancing', networkelb: 'elasticloadbalancing', elb: 'elasticloadbalancing' };

/** `rds` of `AWS/RDS`, `elasticloadbalancing` of `AWS/ApplicationELB`; product codes of AWS Health work too. */
export function productOf(namespace: string): string {
  const name = namespace.replace(/^AWS\//, '').toLowerCase();
  return PRODUCTS[name] ?? name;
}
