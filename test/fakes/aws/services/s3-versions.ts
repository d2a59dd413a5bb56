import type { DeleteMarkerEntry, ListObjectVersionsOutput, ListObjectVersionsRequest, ObjectVersion } from '@aws-sdk/client-s3';
import type { Call } from '../service';
import { bucketFor } from './s3-store';
import type { Bucket, S3Version } from './s3-store';

const PAGE = 1_000;

/** `ListObjectVersions`: keys in order, of each the newest version first, 1,000 a page; what was put where no versions are kept has the version `null`. */
export function listVersions(input: ListObjectVersionsRequest, call: Call): ListObjectVersionsOutput {
  const { Bucket, Prefix = '', KeyMarker, VersionIdMarker, MaxKeys = PAGE, EncodingType } = input;
  const bucket = bucketFor(call, Bucket);
  const all = versionsOf(bucket).filter(({ key }) => key.startsWith(Prefix) && call.visible(key));
  const { items: page, next } = call.page({ items: () => all, token: VersionIdMarker, size: MaxKeys, max: PAGE, badToken: 'InvalidArgument' });
  const encode = (text: string): string => (EncodingType === 'url' ? encodeURIComponent(text).replaceAll('%2F', '/') : text);
  const newest = new Set(all.filter(({ key }, i) => all[i - 1]?.key !== key));
  const shown = (version: S3Version): DeleteMarkerEntry => ({
    ...{ Key: encode(version.key), VersionId: version.versionId, IsLatest: newest.has(version), LastModified: new Date(version.at) },
  });
  const versions = page.flatMap((each): ObjectVersion[] =>
    each.object ? [{ ...shown(each), ETag: each.object.etag, Size: each.object.body.length, StorageClass: 'STANDARD' }] : [],
  );
  return {
    ...{ Name: Bucket, Prefix: encode(Prefix), MaxKeys, EncodingType, IsTruncated: next !== undefined },
    ...(KeyMarker !== undefined && { KeyMarker: encode(KeyMarker), VersionIdMarker }),
    ...(next !== undefined && { NextKeyMarker: encode(page.at(-1)?.key ?? ''), NextVersionIdMarker: next }),
    Versions: versions,
    DeleteMarkers: page.filter(({ object }) => !object).map(shown),
  };
}

function versionsOf({ versions, objects }: Bucket): readonly S3Version[] {
  const kept = versions ?? [...objects].map(([key, object]) => ({ key, versionId: 'null', at: object.modifiedAt, object }));
  return [...kept].reverse().sort((a, b) => (a.key === b.key ? 0 : a.key < b.key ? -1 : 1));
}
