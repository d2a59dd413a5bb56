import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** What an alarm watches, and when it fires. */
interface AlarmFacts {
  readonly name: string;
  readonly description: string;
  readonly metric: IMetric;
  /** In the unit of the metric. */
  readonly above: number;
  /** Periods in a row; one where nothing is said. */
  readonly periods?: number;
  /** ARNs of topics that are told, when it fires and when it ends: those of the stack's region. */
  readonly topics: readonly string[];
}

/** An alarm on one of Nightshift's own parts. No data means that nothing happened. */
export function alarmOn(scope: Construct, id: string, { name, description, metric, above, periods = 1, topics }: AlarmFacts): void {
  const alarm = new Alarm(scope, id, {
    ...{ alarmName: name, alarmDescription: description, metric, threshold: above, evaluationPeriods: periods },
    ...{ comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD, treatMissingData: TreatMissingData.NOT_BREACHING },
  });
  const { region } = Stack.of(scope);
  for (const [i, topic] of topics.filter((each) => each.split(':')[3] === region).entries()) {
    const action = new SnsAction(Topic.fromTopicArn(scope, `${id}Topic${String(i)}`, topic));
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
  }
}
