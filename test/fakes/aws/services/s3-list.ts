import type { ListObjectsV2Output, ListObjectsV2Request } from '@aws-sdk/client-s3';
import type { Call } from '../service';
import { bucketFor } from './s3-store';
import type { S3Object } from './s3-store';

type Entry = { readonly key: string; readonly object: S3Object } | { readonly prefix: string };

const PAGE = 1_000;

/** `ListObjectsV2`: keys in order, those with the delimiter after the prefix rolled up, 1,000 a page. */
export function listObjects(input: ListObjectsV2Request, call: Call): ListObjectsV2Output {
  const { Bucket, Prefix = '', Delimiter, StartAfter = '', MaxKeys = PAGE, ContinuationToken, EncodingType } = input;
  const { objects } = bucketFor(call, Bucket);
  const keys = [...objects].filter(([key]) => key.startsWith(Prefix) && key > StartAfter && call.visible(key)).sort(([a], [b]) => (a < b ? -1 : 1));
  const page = call.page({ items: () => rolledUp(keys, Prefix, Delimiter), token: ContinuationToken, size: MaxKeys, max: PAGE, badToken: 'InvalidArgument' });
  // Keys may hold what XML cannot: clients that know it ask for them encoded.
  const encode = (text: string): string => (EncodingType === 'url' ? encodeURIComponent(text).replaceAll('%2F', '/') : text);
  return {
    Name: Bucket,
    Prefix: encode(Prefix),
    ...(Delimiter !== undefined && { Delimiter: encode(Delimiter) }),
    MaxKeys,
    EncodingType,
    KeyCount: page.items.length,
    IsTruncated: page.next !== undefined,
    ContinuationToken,
    NextContinuationToken: page.next,
    Contents: page.items.flatMap((entry) => ('key' in entry ? [contentOf(encode(entry.key), entry.object)] : [])),
    CommonPrefixes: page.items.flatMap((entry) => ('prefix' in entry ? [{ Prefix: encode(entry.prefix) }] : [])),
  };
}

function contentOf(key: string, { body, etag, modifiedAt }: S3Object): NonNullable<ListObjectsV2Output['Contents']>[number] {
  return { Key: key, LastModified: new Date(modifiedAt), ETag: etag, Size: body.length, StorageClass: 'STANDARD' };
}

function rolledUp(keys: readonly (readonly [string, S3Object])[], prefix: string, delimiter: string | undefined): Entry[] {
  const entries: Entry[] = [];
  const seen = new Set<string>();
  for (const [key, object] of keys) {
    const end = delimiter === undefined || delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    if (end === -1) {
      entries.push({ key, object });
      continue;
    }
    const common = key.slice(0, end + (delimiter ?? '').length);
    if (!seen.has(common)) entries.push({ prefix: common });
    seen.add(common);
  }
  return entries;
}
