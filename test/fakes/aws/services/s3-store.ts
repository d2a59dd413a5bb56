import { createHash } from 'node:crypto';
import { AwsError } from '../errors';
import type { Call } from '../service';
import type { Place } from '../world';
import { stateKey } from './support';

/** An object as it is kept. */
export interface S3Object {
  readonly body: Buffer;
  readonly etag: string;
  readonly modifiedAt: number;
  readonly contentType: string | undefined;
  readonly metadata: Readonly<Record<string, string>>;
}

/** An upload in parts. */
export interface Upload {
  readonly key: string;
  readonly contentType: string | undefined;
  readonly metadata: Readonly<Record<string, string>>;
  readonly parts: Map<number, { readonly body: Buffer; readonly etag: string }>;
}

/** A bucket. */
export interface Bucket {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly createdAt: number;
  readonly objects: Map<string, S3Object>;
  readonly uploads: Map<string, Upload>;
}

const BUCKETS = stateKey('buckets', () => new Map<string, Bucket>());

/** All buckets: their names are unique in the whole world. */
export function bucketsOf({ world }: Place): Map<string, Bucket> {
  return world.place('', 'global').state(BUCKETS);
}

/** Makes a bucket of an account in a region. */
export function putBucket(place: Place, { name }: { readonly name: string }): Bucket {
  const bucket = {
    name,
    account: place.account,
    region: place.region,
    createdAt: place.world.clock.now(),
    objects: new Map<string, S3Object>(),
    uploads: new Map<string, Upload>(),
  };
  bucketsOf(place).set(name, bucket);
  return bucket;
}

/** Puts an object into a bucket that is there. */
export function putObject(
  place: Place,
  { bucket: name, key, body }: { readonly bucket: string; readonly key: string; readonly body: string | Uint8Array },
): void {
  const bucket = bucketsOf(place).get(name);
  if (!bucket) throw new Error(`There is no bucket ${name}.`);
  const bytes = Buffer.from(body as Uint8Array);
  bucket.objects.set(key, { body: bytes, etag: etagOf(bytes), modifiedAt: place.world.clock.now(), contentType: undefined, metadata: {} });
}

/** An object's bytes, or undefined. */
export function objectIn(place: Place, bucket: string, key: string): Buffer | undefined {
  return bucketsOf(place).get(bucket)?.objects.get(key)?.body;
}

/** Keys in a bucket, in order. */
export function keysIn(place: Place, bucket: string): string[] {
  return [...(bucketsOf(place).get(bucket)?.objects.keys() ?? [])].sort();
}

/** The tag of bytes that were put at once. */
export function etagOf(body: Uint8Array): string {
  return `"${createHash('md5').update(body).digest('hex')}"`;
}

/** The tag of an upload: that of its parts' digests, and how many they were. */
export function etagOfParts(parts: readonly { readonly etag: string }[]): string {
  const hash = createHash('md5');
  for (const { etag } of parts) hash.update(Buffer.from(etag.slice(1, -1), 'hex'));
  return `"${hash.digest('hex')}-${String(parts.length)}"`;
}

/** The bucket that a call names, when its account and region are those of the bucket. */
export function bucketFor({ place }: Call, name = ''): Bucket {
  const bucket = bucketsOf(place).get(name);
  if (!bucket) throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', undefined, { BucketName: name });
  if (bucket.account !== place.account) throw new AwsError('AccessDeniedException', 'Access Denied', 403);
  if (bucket.region !== place.region) {
    const message = `The authorization header is malformed; the region '${place.region}' is wrong; expecting '${bucket.region}'`;
    throw new AwsError('AuthorizationHeaderMalformed', message, 400, { Region: bucket.region });
  }
  return bucket;
}
