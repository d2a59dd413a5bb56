import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

/** A line as CloudWatch Logs has it; `timestamp` in epoch milliseconds. */
export interface LogEvent {
  readonly id: string;
  readonly timestamp: number;
  readonly message: string;
}

/** A group of logs whose subscription sends its lines on. */
export interface LogGroup {
  readonly account: string;
  readonly group: string;
  readonly stream: string;
}

/** How long an agent gathers lines before it sends them, milliseconds. */
const SEND_EVERY_MS = 250;
const READ_BYTES = 64 * 1024;

/** One record of a subscription, as it stands in a stream: JSON under gzip. https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html */
export function subscriptionRecord({ account, group, stream }: LogGroup, logEvents: readonly LogEvent[]): Buffer {
  return gzipSync(
    JSON.stringify({ messageType: 'DATA_MESSAGE', owner: account, logGroup: group, logStream: stream, subscriptionFilters: ['to-nightshift'], logEvents }),
  );
}

/** Sends each line that comes into a file on, as the agent of an instance and the subscription of its group do together. Returns what ends it. */
export function forwardLog(file: string, put: (events: readonly LogEvent[]) => void): () => void {
  let [position, rest] = [0, Buffer.alloc(0)];
  const send = (): void => {
    if (!existsSync(file)) return;
    const events: LogEvent[] = [];
    for (let bytes = readFrom(file, position); bytes.length > 0; bytes = readFrom(file, position)) {
      position += bytes.length;
      rest = Buffer.concat([rest, bytes]);
      const end = rest.lastIndexOf('\n') + 1;
      const whole = rest.subarray(0, end).toString('utf8').split('\n').filter(Boolean);
      rest = rest.subarray(end);
      events.push(...whole.map((message, i) => ({ id: `${String(position)}-${String(i)}`, timestamp: timeOf(message), message })));
    }
    if (events.length > 0) put(events);
  };
  const timer = setInterval(send, SEND_EVERY_MS);
  return () => clearInterval(timer);
}

function readFrom(file: string, position: number): Buffer {
  const open = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(READ_BYTES);
    return bytes.subarray(0, readSync(open, bytes, 0, READ_BYTES, position));
  } finally {
    closeSync(open);
  }
}

function timeOf(line: string): number {
  return Date.parse((JSON.parse(line) as { readonly time: string }).time);
}
