import { z } from 'zod';
import { cleanText } from '../outside-text';
import { inAccount, maybe, nothing } from './aws-envelope';
import { awsEnvironment, logGroupNames, pathEnvironment } from './aws-names';
import { awsTime } from './aws-times';
import { anyLine } from './log-line';
import { serviceOf } from './names';
import type { Normalised, Reading, Source, SourceContext, WireMessage } from './source';
import { timeOf } from './to-alert';
import { gunzipped, hasMembers, readAs, unreadable, wireMessage } from './wire';

const packed = z.looseObject({ awslogs: z.looseObject({ data: z.string() }) });

const text = maybe(z.string());
const batch = z.looseObject({
  ...{ messageType: z.string(), owner: text, logGroup: z.string(), logStream: text },
  logEvents: z.array(z.looseObject({ message: z.string(), timestamp: z.unknown().optional() })),
});
type Batch = z.output<typeof batch>;

/**
 * Lines of log groups by a subscription: as a Lambda function gets them (Base64 and gzip in `awslogs.data`), or unpacked.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html
 */
export const cloudwatchLogs: Source = {
  name: 'cloudwatch-logs',
  title: 'Amazon CloudWatch Logs, subscription of a log group',
  gives: ['log'],
  recognises: ({ json }) =>
    (hasMembers(json, 'awslogs') && hasMembers(json['awslogs'], 'data')) || hasMembers(json, 'messageType', 'logGroup', 'logStream', 'logEvents'),
  read(message, context) {
    const told = readAs(hasMembers(message.json, 'awslogs') ? unpacked(readAs(message, packed).awslogs.data) : message, batch);
    if (told.messageType === 'CONTROL_MESSAGE') return nothing('a message by which CloudWatch Logs tries whether the destination is there');
    if (told.messageType !== 'DATA_MESSAGE') return nothing(`a message of the kind "${cleanText(told.messageType, 40)}", which is not known here`);
    return linesOf(told, inAccount(context, told.owner));
  },
};

/** Bytes of Base64. Throws `unreadable` for what is none. */
export function base64Bytes(data: string, field: string): Uint8Array {
  if (data === '' || !/^[A-Za-z0-9+/]*={0,2}$/.test(data)) throw unreadable(`\`${field}\` must hold Base64.`);
  return new Uint8Array(Buffer.from(data, 'base64'));
}

function unpacked(data: string): WireMessage {
  return wireMessage(gunzipped(base64Bytes(data, 'awslogs.data')));
}

function linesOf({ logGroup, logStream, owner, logEvents }: Batch, context: SourceContext): Reading {
  const names = logGroupNames(logGroup);
  const labels = {
    logGroup: cleanText(logGroup, 512),
    ...(logStream && { logStream: cleanText(logStream, 512) }),
    ...(owner && { account: cleanText(owner, 64) }),
  };
  const objects = logEvents.map(({ message, timestamp }): Normalised => {
    const line = anyLine(message);
    return {
      ...{ object: 'log', source: 'cloudwatch-logs', level: line.level, message: line.message, labels },
      service: serviceOf([...line.services, ...names], context),
      environment: awsEnvironment([...line.environments, pathEnvironment(logGroup)], context),
      // The time of the event, as the one in the line may lack a zone.
      at: timeOf(awsTime(timestamp) ?? line.at ?? context.receivedAt) ?? '',
      ...(line.traceId !== undefined && { traceId: line.traceId }),
    };
  });
  return objects.length === 0 ? nothing(`no lines of ${labels.logGroup}`) : { objects, passedOver: [] };
}
