import { partitionOf } from '../domain/aws/place';
import type { AwsAccount } from '../domain/aws/place';
import { defined } from '../domain/defined';
import type { SecretRef } from './fields';
import type { Secrets } from './secrets';
import type { BucketConfig } from './types';

/** A bucket as written in the file. */
export interface BucketSource {
  readonly bucket: string;
  readonly prefix?: string | undefined;
  readonly account?: string | undefined;
  readonly region?: string | undefined;
  readonly role?: string | undefined;
  readonly externalId?: SecretRef | undefined;
}

const PREFIX = 'nightshift';

/** Account and region of a bucket are the first ones unless they are said, and its credentials those of the account, or of a role that may write there. What does not fit is noted in `secrets`. */
export function resolveBucket(source: BucketSource, accounts: readonly AwsAccount[], secrets: Secrets, path: string): BucketConfig | undefined {
  const { bucket, prefix = PREFIX } = source;
  const account = source.account === undefined ? accounts[0] : accounts.find(({ id }) => id === source.account);
  if (account === undefined) {
    secrets.problems.push({ path: `${path}.account`, message: `${source.account ?? ''} is not among aws.accounts; add it there` });
    return undefined;
  }
  const { region = account.regions[0] ?? '' } = source;
  const externalId = secrets.read(source.externalId, `${path}.externalId`);
  if (source.externalId && source.role === undefined)
    secrets.problems.push({ path: `${path}.externalId`, message: 'is used with a role alone; name the role, or remove it' });
  const own = source.role === undefined ? account.role : defined({ arn: roleArn(source.role, account.id, region), externalId });
  return { bucket, prefix, account: defined({ ...account, regions: [region], role: own }), region };
}

/** ARN of a role that is named, in the partition of the region. */
export function roleArn(role: string, account: string, region: string): string {
  return role.startsWith('arn:') ? role : `arn:${partitionOf(region)}:iam::${account}:role/${role}`;
}
