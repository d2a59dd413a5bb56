import { digestId } from '../outside-text';
import { hasMembers, gunzipped, wireMessage } from '../sources/wire';
import type { AwsStream } from './pulled';

/** A record as a message of one of the sources. */
export interface StreamMessage {
  readonly source: string;
  readonly bytes: Uint8Array;
  /** The same for a record that was sent again. */
  readonly identity: string;
}

/** Source of the records of a stream by what it holds. */
export const STREAM_SOURCES = { logs: 'cloudwatch-logs', metrics: 'metric-stream' } as const satisfies Record<AwsStream['holds'], string>;

/**
 * The message in a record, or undefined where it holds nothing: CloudWatch Logs tried whether the stream is there, or the lines are of a log group that is left out. Lines are known by
 * the ids that CloudWatch Logs gave them, as it sends a batch again when it is not sure; other records by `place`, which is the shard and the sequence number. Throws `unreadable` for
 * a broken gzip, `too_large` for one that holds more than 16 MiB.
 */
export function streamMessage(
  bytes: Uint8Array,
  place: string,
  { holds, excludeLogGroups }: Pick<AwsStream, 'holds' | 'excludeLogGroups'>,
): StreamMessage | undefined {
  const source = STREAM_SOURCES[holds];
  if (holds === 'metrics') return { source, bytes, identity: place };
  const opened = gunzipped(bytes);
  const { json } = wireMessage(opened);
  if (!hasMembers(json, 'messageType')) return { source, bytes: opened, identity: place };
  if (json['messageType'] === 'CONTROL_MESSAGE') return undefined;
  if (typeof json['logGroup'] === 'string' && isExcluded(json['logGroup'], excludeLogGroups)) return undefined;
  const ids = Array.isArray(json['logEvents']) ? json['logEvents'].flatMap((event: unknown) => (hasMembers(event, 'id') ? [event['id']] : [])) : [];
  const identity = ids.length === 0 ? place : digestId('lines', [json['owner'], json['logGroup'], json['logStream'], ids]);
  return { source, bytes: opened, identity };
}

function isExcluded(group: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => new RegExp(`^${pattern.split('*').map(escaped).join('.*')}$`, 's').test(group));
}

function escaped(text: string): string {
  return text.replace(/[\\^$.|?+()[\]{}]/g, '\\$&');
}
