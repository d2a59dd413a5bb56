import { CfnOutput, Duration } from 'aws-cdk-lib';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge';
import { alarmOn } from './alarms';
import { eventPatterns } from './events';
import { NAME } from './names';
import { arn } from './place';
import type { Place } from './place';
import type { Observer } from './settings-schema';

/** As long as a worker that was killed keeps a message from others. */
const HIDDEN = Duration.minutes(2);
/** A message that waits longer is one that Nightshift cannot keep, or Nightshift is down. */
const OLDEST = Duration.minutes(15);

/** A queue that only the owner's account and encrypted connections reach, encrypted with SQS's own keys, which need no permission beside those on the queue. */
export function encryptedQueue(
  scope: Construct,
  id: string,
  facts: { readonly name: string; readonly retentionDays: number; readonly deadLetters?: { readonly queue: Queue; readonly maxReceiveCount: number } },
): Queue {
  return new Queue(scope, id, {
    ...{ queueName: facts.name, encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true, visibilityTimeout: HIDDEN },
    retentionPeriod: Duration.days(facts.retentionDays),
    ...(facts.deadLetters && { deadLetterQueue: facts.deadLetters }),
  });
}

/** A queue for what cannot be delivered or read, with an alarm when anything is in it. */
export function deadLetterQueue(scope: Construct, id: string, { name, topics }: { readonly name: string; readonly topics: readonly string[] }): Queue {
  const queue = encryptedQueue(scope, id, { name, retentionDays: 14 });
  acknowledge(queue, { 'AwsSolutions-SQS3': 'It is the dead-letter queue itself.' });
  alarmOn(scope, `${id}NotEmpty`, {
    ...{ name: `${name}-not-empty`, topics, metric: queue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', period: Duration.minutes(5) }) },
    ...{ above: 0, description: `Messages lie in ${name}: look at one, mend what it tells, and redrive them.` },
  });
  return queue;
}

/** What the queue and its rules are made of. */
interface IntakeFacts extends Pick<Observer, 'queue' | 'cloudtrail'> {
  readonly place: Place;
  /** ARNs of topics that alarms tell. */
  readonly topics: readonly string[];
}

/** One statement for all rules of Nightshift: one for each would be most of the template. */
function sentByRules(queueArn: string, rules: string): PolicyStatement {
  return new PolicyStatement({
    ...{ sid: 'RulesOfNightshift', principals: [new ServicePrincipal('events.amazonaws.com')], actions: ['sqs:SendMessage'], resources: [queueArn] },
    conditions: { ArnLike: { 'aws:SourceArn': rules } },
  });
}

/** The queue that Nightshift reads, and the rules of EventBridge that fill it. */
export class Intake extends Construct {
  constructor(scope: Construct, id: string, { place, queue: { retentionDays, receives }, cloudtrail, topics }: IntakeFacts) {
    super(scope, id);
    const dead = deadLetterQueue(this, 'DeadLetters', { name: `${NAME}-dead-letters`, topics });
    const queue = encryptedQueue(this, 'Queue', { name: NAME, retentionDays, deadLetters: { queue: dead, maxReceiveCount: receives } });
    const rules = arn('events', place, `rule/${NAME}-*`);
    for (const each of [queue, dead]) each.addToResourcePolicy(sentByRules(each.queueArn, rules));
    for (const [name, eventPattern] of eventPatterns(cloudtrail)) {
      new CfnRule(this, `Rule-${name}`, {
        ...{ name: `${NAME}-${name}`, description: `Events that Nightshift reads: ${name}`, eventPattern },
        targets: [{ id: 'queue', arn: queue.queueArn, deadLetterConfig: { arn: dead.queueArn } }],
      });
    }
    alarmOn(this, 'QueueAge', {
      ...{ name: `${NAME}-queue-age`, topics, metric: queue.metricApproximateAgeOfOldestMessage({ statistic: 'Maximum', period: Duration.minutes(5) }) },
      ...{
        above: OLDEST.toSeconds(),
        periods: 3,
        description: `The oldest message of ${NAME} waits for more than ${String(OLDEST.toMinutes())} minutes: Nightshift is down, or cannot keep it.`,
      },
    });
    new CfnOutput(this, 'QueueUrl', { value: queue.queueUrl, description: 'aws.queues[].url of nightshift.yaml' });
  }
}
