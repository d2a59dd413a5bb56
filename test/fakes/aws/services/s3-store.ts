import { createHash } from 'node:crypto';
import { AwsError } from '../errors';
import type { Call } from '../service';
import type { Place } from '../world';
import { idOf, stateKey } from './support';

/** An object as it is kept. */
export interface S3Object {
  readonly body: Buffer;
  readonly etag: string;
  readonly modifiedAt: number;
  readonly contentType: string | undefined;
  readonly metadata: Readonly<Record<string, string>>;
  /** Where the bucket keeps versions. */
  readonly versionId?: string;
  readonly lock?: ObjectLock;
}

/** Until when (epoch milliseconds) a version cannot be deleted. */
export interface ObjectLock {
  readonly mode: 'COMPLIANCE' | 'GOVERNANCE';
  readonly until: number;
}

/** A version of what stands under a key; without an object it says that the key was deleted. */
export interface S3Version {
  readonly key: string;
  readonly versionId: string;
  readonly at: number;
  readonly object: S3Object | undefined;
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
  /** Oldest first; undefined where none are kept. A bucket with Object Lock keeps them. */
  readonly versions: S3Version[] | undefined;
  readonly uploads: Map<string, Upload>;
}

const BUCKETS = stateKey('buckets', () => new Map<string, Bucket>());

/** All buckets: their names are unique in the whole world. */
export function bucketsOf({ world }: Place): Map<string, Bucket> {
  return world.place('', 'global').state(BUCKETS);
}

/** Makes a bucket of an account in a region; one with Object Lock keeps every version. */
export function putBucket(place: Place, { name, objectLock = false }: { readonly name: string; readonly objectLock?: boolean }): Bucket {
  const bucket = {
    name,
    account: place.account,
    region: place.region,
    createdAt: place.world.clock.now(),
    objects: new Map<string, S3Object>(),
    versions: objectLock ? [] : undefined,
    uploads: new Map<string, Upload>(),
  };
  bucketsOf(place).set(name, bucket);
  return bucket;
}

/** An object that is put from outside. */
interface ObjectFact {
  readonly bucket: string;
  readonly key: string;
  readonly body: string | Uint8Array;
  /** Where the bucket keeps versions: the one that it becomes, and until when it is locked (epoch milliseconds). */
  readonly versionId?: string;
  readonly lockedUntil?: number;
}

/** Puts an object into a bucket that is there. */
export function putObject(place: Place, { bucket: name, key, body, versionId, lockedUntil }: ObjectFact): void {
  const bucket = bucketsOf(place).get(name);
  if (!bucket) throw new Error(`There is no bucket ${name}.`);
  const bytes = Buffer.from(body as Uint8Array);
  const modifiedAt = place.world.clock.now();
  const lock = lockedUntil === undefined ? {} : { lock: { mode: 'COMPLIANCE', until: lockedUntil } as const };
  const version = versionId === undefined ? {} : { versionId };
  keepObject(place, bucket, key, { body: bytes, etag: etagOf(bytes), modifiedAt, contentType: undefined, metadata: {}, ...version, ...lock });
}

/** Puts an object under a key, as a version of its own where the bucket keeps them; gives the object as it is kept. */
export function keepObject(place: Place, { objects, versions }: Bucket, key: string, object: S3Object): S3Object {
  const kept = versions ? { ...object, versionId: object.versionId ?? idOf(place) } : object;
  versions?.push({ key, versionId: kept.versionId ?? '', at: object.modifiedAt, object: kept });
  objects.set(key, kept);
  return kept;
}

/** Deletes what stands under a key; where versions are kept, by a marker that hides them. Gives the marker's version. */
export function hideObject(place: Place, { objects, versions }: Bucket, key: string, at: number): string | undefined {
  objects.delete(key);
  const versionId = versions && idOf(place);
  if (versionId !== undefined) versions?.push({ key, versionId, at, object: undefined });
  return versionId;
}

/** Deletes one version for good, which its lock may forbid; the newest that is left counts from then on. */
export function dropVersion({ objects, versions = [] }: Bucket, key: string, versionId: string, now: number): S3Version | undefined {
  const at = versions.findIndex((each) => each.key === key && each.versionId === versionId);
  const version = versions[at];
  if (!version) return undefined;
  if ((version.object?.lock?.until ?? 0) > now) throw new AwsError('AccessDeniedException', 'Access Denied because object protected by object lock.', 403);
  versions.splice(at, 1);
  const newest = versions.findLast((each) => each.key === key)?.object;
  if (newest) objects.set(key, newest);
  else objects.delete(key);
  return version;
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
