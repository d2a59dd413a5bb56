import { z } from 'zod';
import { errorCode, errorMessage, NightshiftError } from '../errors';
import { maybe } from './aws-envelope';
import { awsEnvironment } from './aws-names';
import { awsTime } from './aws-times';
import { base64Bytes } from './cloudwatch-logs';
import { structuredLine } from './log-line';
import { serviceOf } from './names';
import type { Normalised, Reading, Source, SourceContext, WireMessage } from './source';
import { timeOf } from './to-alert';
import { gunzipped, hasMembers, jsonOf, MOST_BYTES, readAs, unreadable, wireMessage } from './wire';

/** Most bytes that the records of one message may hold together, uncompressed. */
const MOST_UNPACKED = 4 * MOST_BYTES;
/** First bytes of records that the Kinesis Producer Library puts together. */
const AGGREGATED = [0xf3, 0x89, 0x9a, 0xc2];

const record = z.looseObject({
  kinesis: z.looseObject({ data: z.string(), approximateArrivalTimestamp: z.unknown().optional() }),
  eventSourceARN: maybe(z.string()),
});
const event = z.looseObject({ Records: z.array(z.unknown()).min(1) });

/**
 * Records of a Kinesis stream as a Lambda function gets them. A record may hold a message of any of the other sources (so the lines of a subscription of CloudWatch Logs), or
 * lines of a log as JSON. What is wrong with a record is told, and does not keep the others back.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html
 */
export function kinesisOf(others: readonly Source[]): Source {
  return {
    name: 'kinesis',
    title: 'Amazon Kinesis Data Streams, records as Lambda functions get them',
    gives: [...new Set<Source['gives'][number]>([...others.flatMap(({ gives }) => gives), 'log'])],
    recognises: ({ json }) =>
      hasMembers(json, 'Records') &&
      Array.isArray(json['Records']) &&
      json['Records'].length > 0 &&
      json['Records'].every((each) => hasMembers(each, 'kinesis')),
    read: (message, context) => readAll(readAs(message, event).Records, others, context),
  };
}

function readAll(records: readonly unknown[], others: readonly Source[], context: SourceContext): Reading {
  const objects: Normalised[] = [];
  const passedOver: string[] = [];
  const wrong = new Map<string, number>();
  let unpacked = 0;
  for (const each of records) {
    try {
      if (unpacked > MOST_UNPACKED)
        throw new NightshiftError('too_large', `Uncompressed the records before it hold more than ${String(MOST_UNPACKED / 1024 / 1024)} MiB.`);
      const { kinesis, eventSourceARN } = readAs({ bytes: new Uint8Array(), json: each ?? null, headers: {} }, record);
      const inner = wireMessage(gunzipped(base64Bytes(kinesis.data, 'kinesis.data')));
      unpacked += inner.bytes.length;
      const arrived = awsTime(kinesis.approximateArrivalTimestamp) ?? context.receivedAt;
      const reading = readRecord(inner, others, eventSourceARN ?? '', { ...context, receivedAt: arrived });
      for (const object of reading.objects) objects.push(object);
      passedOver.push(...reading.passedOver);
    } catch (error) {
      const code = errorCode(error);
      if (code !== 'unreadable' && code !== 'too_large') throw error;
      // It was unpacked up to the limit before it was refused.
      unpacked += code === 'too_large' ? MOST_BYTES : 0;
      const why = whyOf(error);
      wrong.set(why, (wrong.get(why) ?? 0) + 1);
    }
  }
  return { objects, passedOver: [...passedOver, ...[...wrong].map(([why, count]) => `${count === 1 ? 'one record' : `${String(count)} records`}: ${why}`)] };
}

function readRecord(inner: WireMessage, others: readonly Source[], stream: string, context: SourceContext): Reading {
  if (AGGREGATED.every((byte, i) => inner.bytes[i] === byte)) {
    throw unreadable('It is aggregated by the Kinesis Producer Library: turn AggregationEnabled off, or take it apart before.');
  }
  const [one, other] = others.filter((source) => source.recognises(inner));
  if (one && other) throw unreadable(`It could be of ${one.name} or ${other.name}.`);
  return one ? one.read(inner, context) : linesOf(inner, stream.split('/').at(-1) ?? '', context);
}

/** Lines of a log: one JSON object, a list of them, or one on each line. */
function linesOf({ json, bytes }: WireMessage, stream: string, context: SourceContext): Reading {
  const told: readonly unknown[] = Array.isArray(json)
    ? json
    : json === undefined
      ? new TextDecoder().decode(bytes).split('\n').filter(isFilled).map(jsonOf)
      : [json];
  const lines = told.map(structuredLine).filter((line) => line !== undefined);
  if (lines.length === 0) throw unreadable('It is no message of a source that is known here, and no lines of a log as JSON.');
  const lost = told.length - lines.length;
  const objects = lines.map(({ services, environments, at, traceId, ...line }): Normalised => ({
    ...{ object: 'log', source: 'kinesis', ...line },
    service: serviceOf([...services, stream], context),
    environment: awsEnvironment(environments, context),
    at: timeOf(at ?? context.receivedAt) ?? '',
    labels: stream === '' ? {} : { stream: serviceOf([stream], { ...context, services: new Map() }) },
    ...(traceId !== undefined && { traceId }),
  }));
  return { objects, passedOver: lost > 0 ? [`${String(lost)} of ${String(told.length)} lines of a record, which have no message`] : [] };
}

function isFilled(text: string): boolean {
  return text.trim() !== '';
}

function whyOf(error: unknown): string {
  const [first] = error instanceof NightshiftError ? error.problems : [];
  return `${errorMessage(error)}${first ? ` \`${first.path}\` ${first.message}` : ''}`;
}
