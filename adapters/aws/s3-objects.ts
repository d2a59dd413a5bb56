import type { S3Client } from '@aws-sdk/client-s3';
import { placeText } from '../../domain/aws/place';
import { NightshiftError } from '../../domain/errors';
import type { Objects } from '../../ports/objects';
import type { AwsAccess } from './access';
import { awsError } from './errors';
import { s3Client } from './s3-client';
import type { S3Place } from './s3-client';

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
const MOST_KEY_BYTES = 1024;

/** Texts under keys as objects of S3: putting one again gives the same, so that the SDK may try again. Throws what `awsError` makes of AWS's errors. */
export function s3Objects(access: AwsAccess, { bucket, prefix, place }: S3Place): Objects {
  let opened: Promise<S3Client> | undefined;
  const client = (): Promise<S3Client> => (opened ??= s3Client(access, place));
  const Key = (key: string): string => `${prefix}/${key}`;
  const failed = (error: unknown, operation: string): never => {
    throw awsError(error, `s3:${operation} of ${bucket} in ${placeText(place)}`);
  };
  return {
    name: `s3://${bucket}/${prefix}`,
    async put(key, text, ContentType) {
      if (Buffer.byteLength(Key(key)) > MOST_KEY_BYTES)
        throw new NightshiftError(
          'too_large',
          `S3 takes no key of more than ${String(MOST_KEY_BYTES)} bytes, such as ${Key(key)}; shorten names or the prefix.`,
        );
      const { PutObjectCommand } = await import('@aws-sdk/client-s3');
      await (
        await client()
      )
        .send(new PutObjectCommand({ Bucket: bucket, Key: Key(key), Body: text, ContentType }))
        .catch((error: unknown) => failed(error, 'PutObject'));
    },
    async get(key) {
      const { GetObjectCommand } = await import('@aws-sdk/client-s3');
      try {
        const { Body } = await (await client()).send(new GetObjectCommand({ Bucket: bucket, Key: Key(key) }));
        return await Body?.transformToString();
      } catch (error) {
        return error instanceof Error && error.name === 'NoSuchKey' ? undefined : failed(error, 'GetObject');
      }
    },
    async *keys(begin) {
      const { ListObjectsV2Command } = await import('@aws-sdk/client-s3');
      let token: string | undefined;
      do {
        const asked = new ListObjectsV2Command({ Bucket: bucket, Prefix: Key(begin), ContinuationToken: token });
        const page = await (await client()).send(asked).catch((error: unknown) => failed(error, 'ListObjectsV2'));
        for (const { Key: found = '' } of page.Contents ?? []) yield found.slice(prefix.length + 1);
        token = page.NextContinuationToken;
      } while (token !== undefined);
    },
  };
}
