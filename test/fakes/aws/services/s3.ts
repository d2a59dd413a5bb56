import type {
  AbortMultipartUploadRequest,
  CompletedPart,
  CompleteMultipartUploadOutput,
  CompleteMultipartUploadRequest,
  CreateBucketOutput,
  CreateBucketRequest,
  CreateMultipartUploadOutput,
  CreateMultipartUploadRequest,
  DeleteObjectOutput,
  DeleteObjectRequest,
  GetObjectOutput,
  GetObjectRequest,
  HeadBucketRequest,
  HeadObjectOutput,
  HeadObjectRequest,
  ListBucketsOutput,
  PutObjectOutput,
  PutObjectRequest,
  UploadPartOutput,
  UploadPartRequest,
} from '@aws-sdk/client-s3';
import { AwsError } from '../errors';
import type { Call, FakeService } from '../service';
import { listObjects } from './s3-list';
import { bucketFor, bucketsOf, dropVersion, etagOf, etagOfParts, hideObject, keepObject, putBucket, putObject } from './s3-store';
import type { Bucket, ObjectLock, S3Object, Upload } from './s3-store';
import { listVersions } from './s3-versions';
import { found, idOf } from './support';

/** Every part but the last has at least so many bytes. */
const PART_BYTES = 5 * 1024 * 1024;

function createBucket({ Bucket = '', ObjectLockEnabledForBucket: objectLock = false }: CreateBucketRequest, { place }: Call): CreateBucketOutput {
  const there = bucketsOf(place).get(Bucket);
  if (there?.account === place.account)
    throw new AwsError('BucketAlreadyOwnedByYou', 'Your previous request to create the named bucket succeeded and you already own it.');
  if (there) throw new AwsError('BucketAlreadyExists', 'The requested bucket name is not available.');
  putBucket(place, { name: Bucket, objectLock });
  return { Location: `/${Bucket}` };
}

function headBucket({ Bucket }: HeadBucketRequest, call: Call): object {
  return { BucketRegion: bucketFor(call, Bucket).region };
}

function listBuckets(_input: object, { place }: Call): ListBucketsOutput {
  const mine = [...bucketsOf(place).values()].filter(({ account }) => account === place.account);
  return { Buckets: mine.map(({ name, createdAt }) => ({ Name: name, CreationDate: new Date(createdAt) })), Owner: { ID: place.account } };
}

interface Conditions {
  readonly IfNoneMatch?: string | undefined;
  readonly IfMatch?: string | undefined;
}

function store({ place }: Call, bucket: Bucket, key: string, object: S3Object, { IfNoneMatch, IfMatch }: Conditions): S3Object {
  const there = bucket.objects.get(key);
  const unmet = (IfNoneMatch === '*' && there !== undefined) || (IfMatch !== undefined && there?.etag !== IfMatch);
  if (unmet) throw new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412);
  return keepObject(place, bucket, key, object);
}

/** What came as a body: the wire has read it whole. */
function bytesOf(body: unknown): Buffer {
  return body instanceof Uint8Array ? Buffer.from(body) : Buffer.alloc(0);
}

function putObjectCall(input: PutObjectRequest, call: Call): PutObjectOutput {
  const body = bytesOf(input.Body);
  const etag = etagOf(body);
  const bucket = bucketFor(call, input.Bucket);
  const lock = lockOf(input, bucket, call.now);
  const object = { body, etag, modifiedAt: call.now, contentType: input.ContentType, metadata: input.Metadata ?? {}, ...(lock && { lock }) };
  const { versionId } = store(call, bucket, input.Key ?? '', object, input);
  return { ETag: etag, ...(versionId !== undefined && { VersionId: versionId }) };
}

function lockOf({ ObjectLockMode: mode, ObjectLockRetainUntilDate: until }: PutObjectRequest, { versions }: Bucket, now: number): ObjectLock | undefined {
  if (mode === undefined && until === undefined) return undefined;
  const refuse = (message: string): never => {
    throw new AwsError('InvalidRequest', message, 400);
  };
  if (!versions) return refuse('Bucket is missing Object Lock Configuration');
  if (mode === undefined || until === undefined) return refuse('x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied');
  if (until.getTime() <= now) throw new AwsError('InvalidArgument', 'The retain until date must be in the future!', 400);
  return { mode, until: until.getTime() };
}

function objectOf(call: Call, bucket: string | undefined, key = '', versionId?: string): S3Object {
  const { objects, versions = [] } = bucketFor(call, bucket);
  const version = versions.find((each) => each.key === key && each.versionId === versionId);
  if (versionId !== undefined && !version)
    throw new AwsError('NoSuchVersion', 'The specified version does not exist.', 404, { Key: key, VersionId: versionId });
  const object = call.visible(key) ? (version ? version.object : objects.get(key)) : undefined;
  if (!object) throw new AwsError('NoSuchKey', 'The specified key does not exist.', undefined, { Key: key });
  return object;
}

function headObject({ Bucket, Key, VersionId }: HeadObjectRequest, call: Call): HeadObjectOutput {
  const { body, etag, modifiedAt, contentType, metadata, versionId, lock } = objectOf(call, Bucket, Key, VersionId);
  return {
    ContentLength: body.length,
    ETag: etag,
    LastModified: new Date(modifiedAt),
    ContentType: contentType ?? 'binary/octet-stream',
    AcceptRanges: 'bytes',
    Metadata: { ...metadata },
    ...(versionId !== undefined && { VersionId: versionId }),
    ...(lock && { ObjectLockMode: lock.mode, ObjectLockRetainUntilDate: new Date(lock.until) }),
  };
}

function getObject({ Bucket, Key, Range, VersionId }: GetObjectRequest, call: Call): GetObjectOutput {
  const { body } = objectOf(call, Bucket, Key, VersionId);
  const head = headObject({ Bucket, Key, VersionId }, call);
  if (Range === undefined) return { ...head, Body: body as never };
  const part = rangeOf(Range, body.length);
  const bytes = body.subarray(part.from, part.to + 1);
  return { ...head, ContentLength: bytes.length, ContentRange: `bytes ${String(part.from)}-${String(part.to)}/${String(body.length)}`, Body: bytes as never };
}

function rangeOf(range: string, length: number): { from: number; to: number } {
  const [, start = '', end = ''] = /^bytes=(\d*)-(\d*)$/.exec(range) ?? [];
  const from = start === '' ? Math.max(0, length - Number(end)) : Number(start);
  const to = start === '' || end === '' ? length - 1 : Math.min(Number(end), length - 1);
  if (from >= length || from > to) throw new AwsError('InvalidRange', 'The requested range is not satisfiable', 416);
  return { from, to };
}

function deleteObject({ Bucket, Key = '', VersionId }: DeleteObjectRequest, call: Call): DeleteObjectOutput {
  const bucket = bucketFor(call, Bucket);
  if (VersionId !== undefined) {
    const dropped = dropVersion(bucket, Key, VersionId, call.now);
    return { VersionId, ...(dropped && !dropped.object && { DeleteMarker: true }) };
  }
  const marker = hideObject(call.place, bucket, Key, call.now);
  return marker === undefined ? {} : { DeleteMarker: true, VersionId: marker };
}

function createUpload({ Bucket, Key = '', ContentType, Metadata = {} }: CreateMultipartUploadRequest, call: Call): CreateMultipartUploadOutput {
  const id = idOf(call.place);
  bucketFor(call, Bucket).uploads.set(id, { key: Key, contentType: ContentType, metadata: Metadata, parts: new Map() });
  return { Bucket, Key, UploadId: id };
}

function uploadOf(call: Call, bucket: string | undefined, id = ''): Upload {
  return found(
    bucketFor(call, bucket).uploads.get(id),
    'NoSuchUpload',
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
  );
}

function uploadPart({ Bucket, UploadId, PartNumber = 1, Body }: UploadPartRequest, call: Call): UploadPartOutput {
  const body = bytesOf(Body);
  const etag = etagOf(body);
  uploadOf(call, Bucket, UploadId).parts.set(PartNumber, { body, etag });
  return { ETag: etag };
}

function completeUpload(input: CompleteMultipartUploadRequest, call: Call): CompleteMultipartUploadOutput {
  const { Bucket, Key = '', UploadId = '', MultipartUpload } = input;
  const upload = uploadOf(call, Bucket, UploadId);
  const parts = partsOf(upload, MultipartUpload?.Parts ?? []);
  const etag = etagOfParts(parts);
  const bucket = bucketFor(call, Bucket);
  const object = { body: Buffer.concat(parts.map(({ body }) => body)), etag, modifiedAt: call.now, contentType: upload.contentType, metadata: upload.metadata };
  store(call, bucket, Key, object, input);
  bucket.uploads.delete(UploadId);
  return { Location: `${call.endpoint}/${Bucket ?? ''}/${Key}`, Bucket, Key, ETag: etag };
}

function partsOf(upload: Upload, asked: readonly CompletedPart[]): { readonly body: Buffer; readonly etag: string }[] {
  const numbers = asked.map(({ PartNumber = 0 }) => PartNumber);
  if (numbers.some((number, i) => i > 0 && number <= (numbers[i - 1] ?? 0)))
    throw new AwsError('InvalidPartOrder', 'The list of parts was not in ascending order.', 400);
  const parts = asked.map(({ PartNumber = 0, ETag = '' }) => {
    const part = upload.parts.get(PartNumber);
    if (part?.etag.replaceAll('"', '') !== ETag.replaceAll('"', '') || !part)
      throw new AwsError('InvalidPart', 'One or more of the specified parts could not be found.', 400);
    return part;
  });
  if (parts.length === 0) throw new AwsError('MalformedXML', 'The XML you provided was not well-formed or did not validate against our published schema', 400);
  if (parts.slice(0, -1).some(({ body }) => body.length < PART_BYTES))
    throw new AwsError('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', 400);
  return parts;
}

function abortUpload({ Bucket, UploadId = '' }: AbortMultipartUploadRequest, call: Call): object {
  uploadOf(call, Bucket, UploadId);
  bucketFor(call, Bucket).uploads.delete(UploadId);
  return {};
}

/** Simple Storage Service. */
export const S3: FakeService = {
  signedAs: 's3',
  target: 'AmazonS3',
  xmlns: 'http://s3.amazonaws.com/doc/2006-03-01/',
  rest: 'xml',
  load: () => import('@aws-sdk/client-s3'),
  throttled: { name: 'SlowDown', status: 503 },
  operations: {
    CreateBucket: createBucket,
    HeadBucket: headBucket,
    ListBuckets: listBuckets,
    PutObject: putObjectCall,
    GetObject: getObject,
    HeadObject: headObject,
    ListObjectsV2: listObjects,
    ListObjectVersions: listVersions,
    DeleteObject: deleteObject,
    CreateMultipartUpload: createUpload,
    UploadPart: uploadPart,
    CompleteMultipartUpload: completeUpload,
    AbortMultipartUpload: abortUpload,
  },
  facts: { bucket: { put: putBucket }, object: { put: putObject } },
};
