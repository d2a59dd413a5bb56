/** Where a revision of CodeDeploy is, as its API writes it. */
export interface Revision {
  readonly revisionType?: string | undefined;
  readonly s3Location?:
    | {
        readonly bucket?: string | undefined;
        readonly key?: string | undefined;
        readonly bundleType?: string | undefined;
        readonly version?: string | undefined;
        readonly eTag?: string | undefined;
      }
    | undefined;
  readonly gitHubLocation?: { readonly repository?: string | undefined; readonly commitId?: string | undefined } | undefined;
  readonly appSpecContent?: Content | undefined;
  readonly string?: Content | undefined;
}

interface Content {
  readonly content?: string | undefined;
  readonly sha256?: string | undefined;
}

/** The version that people would name: the object with its version, the commit, or the digest of the AppSpec. */
export function revisionName(revision: Revision | undefined): string | undefined {
  const { s3Location, gitHubLocation, appSpecContent, string } = revision ?? {};
  if (s3Location?.key !== undefined) {
    const version = versionOf(s3Location);
    return version === undefined ? s3Location.key : `${s3Location.key}@${version.slice(0, 12)}`;
  }
  return gitHubLocation?.commitId?.slice(0, 12) ?? (appSpecContent?.sha256 ?? string?.sha256)?.slice(0, 12);
}

/** The same text for revisions that are the same, as far as they say. */
export function revisionKey({ s3Location, gitHubLocation, appSpecContent, string }: Revision): string {
  const { bucket, key } = s3Location ?? {};
  if (s3Location) return JSON.stringify(['s3', bucket, key, versionOf(s3Location) ?? '']);
  if (gitHubLocation) return JSON.stringify(['github', gitHubLocation.repository, gitHubLocation.commitId]);
  const text = appSpecContent ?? string;
  return JSON.stringify(['content', text?.sha256 ?? text?.content ?? '']);
}

/** Whether deploying `a` may bring what `b` is: an object under the same name that `a` does not say the version of may have been written over. */
export function mayHoldSame(a: Revision, b: Revision): boolean {
  const [one, other] = [a.s3Location, b.s3Location];
  return one !== undefined && other !== undefined && versionOf(one) === undefined && one.bucket === other.bucket && one.key === other.key;
}

function versionOf({ version, eTag }: NonNullable<Revision['s3Location']>): string | undefined {
  return version ?? eTag?.replaceAll('"', '');
}
