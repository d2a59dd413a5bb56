import type { AwsPlace } from './place';

/** A queue of SQS that EventBridge fills. */
export interface AwsQueue extends AwsPlace {
  readonly url: string;
}

/** What the records of a stream are: subscriptions of log groups, or metric streams as JSON. */
export type StreamContent = 'logs' | 'metrics';

/** A stream of Kinesis. */
export interface AwsStream extends AwsPlace {
  readonly name: string;
  readonly holds: StreamContent;
  /** Where it is begun to be read: at what comes from now on, or at the oldest record that is still there. */
  readonly from: 'latest' | 'oldest';
  /** Log groups whose lines are left out; a `*` stands for any characters. */
  readonly excludeLogGroups: readonly string[];
}
