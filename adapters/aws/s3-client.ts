import type { S3Client } from '@aws-sdk/client-s3';
import type { AwsPlace } from '../../domain/aws/place';
import type { AwsAccess } from './access';

/** A prefix of a bucket; nothing outside of it is read or written. */
export interface S3Place {
  readonly bucket: string;
  /** Without a slash at its end. */
  readonly prefix: string;
  readonly place: AwsPlace;
}

/** A client for the bucket. */
export async function s3Client(access: AwsAccess, place: AwsPlace): Promise<S3Client> {
  // Loaded when it is needed first: most teams never need it.
  const { S3Client: Client } = await import('@aws-sdk/client-s3');
  const settings = await access.reading(place);
  // A server of this machine has no names for its buckets.
  return new Client({ ...settings, forcePathStyle: settings.endpoint !== undefined });
}
