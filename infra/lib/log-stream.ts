import { CfnOutput, Duration } from 'aws-cdk-lib';
import { Stream, StreamEncryption, StreamMode } from 'aws-cdk-lib/aws-kinesis';
import { CfnSubscriptionFilter } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { NAME } from './names';
import { arn } from './place';
import type { Place } from './place';
import { allow, policyDocument } from './policy-document';
import { makeRole, roleArn } from './role';
import type { Observer } from './settings-schema';
import { serviceTrust } from './trust';

/** A stream of lines from log groups, and the role by which CloudWatch Logs writes them. The key of Kinesis itself encrypts it, which readers need no permission for. */
export class LogStream extends Construct {
  constructor(scope: Construct, id: string, { shards, retentionHours, groups, place }: NonNullable<Observer['logs']> & { readonly place: Place }) {
    super(scope, id);
    const stream = new Stream(this, 'Stream', {
      ...{ streamName: `${NAME}-logs`, streamMode: StreamMode.PROVISIONED, shardCount: shards },
      ...{ retentionPeriod: Duration.hours(retentionHours), encryption: StreamEncryption.MANAGED },
    });
    const name = `${NAME}-log-delivery-${place.region}`;
    const role = makeRole(this, 'Delivery', {
      ...{ name, place, description: 'CloudWatch Logs puts lines of log groups into the stream of Nightshift' },
      trust: serviceTrust('logs.amazonaws.com', { ArnLike: { 'aws:SourceArn': arn('logs', place, '*') } }),
      policies: { nightshift: policyDocument(allow('PutLines', ['kinesis:PutRecord', 'kinesis:PutRecords'], [arn('kinesis', place, `stream/${NAME}-logs`)])) },
    });
    for (const [i, logGroupName] of groups.entries()) {
      const filter = new CfnSubscriptionFilter(this, `Lines${String(i)}`, {
        ...{ logGroupName, filterName: NAME, filterPattern: '', destinationArn: stream.streamArn, roleArn: roleArn(place, name) },
      });
      // CloudWatch Logs sends a test record at once.
      filter.node.addDependency(role);
    }
    new CfnOutput(this, 'StreamName', { value: stream.streamName, description: 'aws.streams[].name of nightshift.yaml, which holds logs' });
  }
}
