import { createExporter, measureCopy, pointCopy } from '../activities/archive-export';
import type { Repeated } from '../activities/repeat';
import { awsAccess } from '../adapters/aws/access';
import type { AwsAccess } from '../adapters/aws/access';
import type { S3Place } from '../adapters/aws/s3-client';
import { s3Objects } from '../adapters/aws/s3-objects';
import { objectFolder } from '../adapters/local/object-folder';
import type { AwsConfig, BucketConfig, NightshiftConfig } from '../config/types';
import { NightshiftError } from '../domain/errors';
import type { Clock } from '../ports/clock';
import type { Objects } from '../ports/objects';
import type { Store } from '../ports/store';
import type { Logger } from 'pino';

const S3 = 's3://';

/** Begins the export of the archive where one is configured, and of measures where these are wanted too. */
export function startExport({ aws, retention }: NightshiftConfig, store: Store, clock: Clock, log: Logger): Repeated | undefined {
  if (!aws?.export) return undefined;
  const { everyMs, shingle, measures } = aws.export;
  const common = { objects: bucketOf(aws, aws.export), state: store.state, clock, log };
  const points = { copy: pointCopy(store.archive.points), settings: { everyMs, shingle, keepMs: retention.pointsMs } };
  const rows = { copy: measureCopy(store.measures), settings: { everyMs, shingle, keepMs: retention.measuresMs } };
  const running = [points, ...(measures ? [rows] : [])].map((each) => createExporter({ ...common, ...each }));
  return {
    async stop() {
      await Promise.all(running.map((each) => each.stop()));
    },
  };
}

/** A folder, `s3://bucket/prefix` with the credentials of `aws.export`, or the bucket that is configured there where none is named. Throws `invalid_input` where S3 is meant and not configured. */
export function objectsAt(target: string | undefined, config: () => NightshiftConfig): Objects {
  if (target !== undefined && !target.startsWith(S3)) return objectFolder(target);
  const { aws } = config();
  if (!aws?.export)
    throw new NightshiftError(
      'invalid_input',
      'No bucket is configured: write `aws.export` with `bucket` into the configuration; its account and region are used.',
    );
  if (target === undefined) return bucketOf(aws, aws.export);
  return bucketOf(aws, { ...aws.export, ...bucketAndPrefix(target) });
}

/** Bucket and prefix that `s3://bucket/prefix` names. Throws `invalid_input` for other texts. */
export function bucketAndPrefix(target: string): { readonly bucket: string; readonly prefix: string } {
  const [bucket = '', ...prefix] = target
    .slice(S3.length)
    .split('/')
    .filter((part) => part !== '');
  if (!target.startsWith(S3) || bucket === '' || prefix.length === 0)
    throw new NightshiftError('invalid_input', `"${target}" names no bucket and prefix; write s3://bucket/prefix.`);
  return { bucket, prefix: prefix.join('/') };
}

/** Access by the credentials of a bucket. */
export function accessTo({ timeoutMs, endpoint }: AwsConfig, { account }: BucketConfig): AwsAccess {
  return awsAccess({ accounts: [account], timeoutMs, ...(endpoint !== undefined && { endpoint }) });
}

function bucketOf(aws: AwsConfig, place: BucketConfig): Objects {
  return s3Objects(accessTo(aws, place), placeIn(place));
}

/** The prefix that is written to. */
export function placeIn({ bucket, prefix, account, region }: BucketConfig): S3Place {
  return { bucket, prefix, place: { account: account.id, region } };
}
