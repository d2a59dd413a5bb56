import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { NightshiftError, errorMessage } from './errors';

/** A call as CloudTrail records it. https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html */
export interface TrailRecord {
  readonly eventTime: string;
  /** `ssm.amazonaws.com`. */
  readonly eventSource: string;
  /** `StartAutomationExecution`. */
  readonly eventName: string;
  readonly eventID: string;
  readonly awsRegion: string;
  /** True of calls that change nothing; absent in old records. */
  readonly readOnly?: boolean | undefined;
  readonly recipientAccountId?: string | undefined;
  /** Why AWS refused the call. */
  readonly errorCode?: string | undefined;
  readonly userIdentity?: unknown;
  readonly requestParameters?: unknown;
}

/** Bytes of one file that are read at most, once it is unpacked. */
const MOST_BYTES = 512 * 1024 * 1024;

const text = z.string();
const trailRecord = z.looseObject({
  ...{ eventTime: z.iso.datetime(), eventSource: text, eventName: text, eventID: text, awsRegion: text },
  readOnly: z.boolean().optional(),
  recipientAccountId: text.optional(),
  errorCode: text.optional(),
});
const trailFile = z.looseObject({ Records: z.array(trailRecord) });
const identity = z.looseObject({
  type: text.optional(),
  arn: text.optional(),
  principalId: text.optional(),
  sessionContext: z.looseObject({ sessionIssuer: z.looseObject({ userName: text.optional() }).optional() }).optional(),
});

/** Records of a file as CloudTrail delivers it to S3, packed by gzip or plain. Throws `unreadable` for anything else. */
export function readTrail(bytes: Uint8Array, name: string): readonly TrailRecord[] {
  try {
    const plain = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes, { maxOutputLength: MOST_BYTES }) : bytes;
    const file = trailFile.safeParse(JSON.parse(new TextDecoder().decode(plain)));
    if (file.success) return file.data.Records;
  } catch (error) {
    throw unreadable(name, errorMessage(error));
  }
  throw unreadable(name, 'it has no list of records');
}

function unreadable(name: string, why: string): NightshiftError {
  return new NightshiftError('unreadable', `${name} is no file of CloudTrail, which holds {"Records": […]}: ${why}.`);
}

/** Who made a call: the role that was assumed and the name of its session, where there are any. */
export interface Caller {
  readonly role?: string;
  readonly session?: string;
  /** For people. */
  readonly name: string;
}

/** Reads who made a call. */
export function callerOf({ userIdentity }: Pick<TrailRecord, 'userIdentity'>): Caller {
  const { type = 'unknown', arn, principalId, sessionContext } = identity.safeParse(userIdentity).data ?? {};
  const [, assumed, session] = /:assumed-role\/([^/]+)\/(.+)$/.exec(arn ?? '') ?? [];
  const role = assumed ?? sessionContext?.sessionIssuer?.userName;
  const name = role === undefined ? (arn ?? principalId ?? type) : `${role}${session === undefined ? '' : `/${session}`}`;
  return { ...(role === undefined ? {} : { role }), ...(session === undefined ? {} : { session }), name };
}
