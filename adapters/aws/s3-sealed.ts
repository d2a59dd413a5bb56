import type { ListObjectVersionsCommandInput, S3Client } from '@aws-sdk/client-s3';
import { placeText } from '../../domain/aws/place';
import { NightshiftError } from '../../domain/errors';
import type { Clock } from '../../ports/clock';
import type { SealedText, SealedTexts } from '../../ports/sealed';
import type { AwsAccess } from './access';
import { awsError } from './errors';
import { s3Client } from './s3-client';
import type { S3Place } from './s3-client';

/** How long what is sealed is locked. */
export interface S3Lock {
  readonly retainMs: number;
  readonly clock: Clock;
}

/**
 * Texts as objects under Object Lock in compliance mode: until the time is over nobody can delete them, not even the account's root user. One that is put over another hides it as a newer
 * version and takes nothing away, so that all versions are read. Throws what `awsError` makes of AWS's errors, and `conflict` for a bucket without Object Lock.
 */
export function s3Sealed(access: AwsAccess, { bucket, prefix, place }: S3Place, { retainMs, clock }: S3Lock): SealedTexts {
  let opened: Promise<S3Client> | undefined;
  const client = (): Promise<S3Client> => (opened ??= s3Client(access, place));
  const name = `s3://${bucket}/${prefix}`;
  const failed = (error: unknown, operation: string): never => {
    throw awsError(error, `s3:${operation} of ${bucket} in ${placeText(place)}`);
  };
  const read = async (Key: string, VersionId: string | undefined): Promise<string> => {
    const { GetObjectCommand } = await import('@aws-sdk/client-s3');
    const sdk = await client();
    const { Body } = await sdk.send(new GetObjectCommand({ Bucket: bucket, Key, VersionId })).catch((error: unknown) => failed(error, 'GetObject'));
    return (await Body?.transformToString()) ?? '';
  };
  return {
    name,
    async seal(key, text) {
      const { PutObjectCommand } = await import('@aws-sdk/client-s3');
      const lock = { ObjectLockMode: 'COMPLIANCE', ObjectLockRetainUntilDate: new Date(clock.now() + retainMs) } as const;
      const object = { Bucket: bucket, Key: `${prefix}/${key}`, Body: text, ContentType: 'application/json', ...lock };
      const sdk = await client();
      await sdk.send(new PutObjectCommand(object)).catch((error: unknown) => (lacksLock(error) ? withoutLock(bucket) : failed(error, 'PutObject')));
    },
    async *all(begin) {
      const { ListObjectVersionsCommand } = await import('@aws-sdk/client-s3');
      const sdk = await client();
      const found: { key: string; version: string | undefined; at: number }[] = [];
      let [KeyMarker, VersionIdMarker]: [string | undefined, string | undefined] = [undefined, undefined];
      do {
        const asked: ListObjectVersionsCommandInput = { Bucket: bucket, Prefix: `${prefix}/${begin}`, KeyMarker, VersionIdMarker };
        const page = await sdk.send(new ListObjectVersionsCommand(asked)).catch((error: unknown) => failed(error, 'ListObjectVersions'));
        for (const { Key = '', VersionId, LastModified } of page.Versions ?? []) found.push({ key: Key, version: VersionId, at: LastModified?.getTime() ?? 0 });
        [KeyMarker, VersionIdMarker] = [page.NextKeyMarker, page.NextVersionIdMarker];
      } while (KeyMarker !== undefined);
      yield* found.sort(byKeyAndAge).map(({ key, version }): SealedText => {
        const label = version === undefined ? key : `${key} (version ${version})`;
        return { key: key.slice(prefix.length + 1), name: `s3://${bucket}/${label}`, read: () => read(key, version) };
      });
    },
  };
}

function byKeyAndAge(a: { key: string; at: number }, b: { key: string; at: number }): number {
  return a.key === b.key ? a.at - b.at : a.key < b.key ? -1 : 1;
}

function lacksLock(error: unknown): boolean {
  return error instanceof Error && error.name === 'InvalidRequest' && /object lock/i.test(error.message);
}

function withoutLock(bucket: string): never {
  throw new NightshiftError('conflict', `The bucket ${bucket} has no Object Lock, so that anchors could be taken away; make one that has it, with versioning.`);
}
