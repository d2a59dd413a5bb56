import { partitionOf } from '../domain/aws/place';
import type { AwsAccount } from '../domain/aws/place';
import { defined } from '../domain/defined';
import type { AwsExportSource } from './schema-aws';
import type { Secrets } from './secrets';
import type { AwsExportConfig } from './types';

const DAY_MS = 86_400_000;
/** Where the file says nothing else. */
const DEFAULTS = { prefix: 'nightshift', everyMs: DAY_MS, shingle: 8 } as const;

/** Where the archive is exported to: account and region are the first ones unless they are said, and its credentials those of the account, or of a role that may write there. What does not fit is noted in `secrets`. */
export function resolveAwsExport(source: AwsExportSource | undefined, accounts: readonly AwsAccount[], secrets: Secrets): AwsExportConfig | undefined {
  if (source === undefined) return undefined;
  const { bucket, prefix = DEFAULTS.prefix, every: everyMs = DEFAULTS.everyMs, shingle = DEFAULTS.shingle, measures = false } = source;
  const account = source.account === undefined ? accounts[0] : accounts.find(({ id }) => id === source.account);
  if (account === undefined) {
    secrets.problems.push({ path: 'aws.export.account', message: `${source.account ?? ''} is not among aws.accounts; add it there` });
    return undefined;
  }
  const { region = account.regions[0] ?? '' } = source;
  const externalId = secrets.read(source.externalId, 'aws.export.externalId');
  if (source.externalId && source.role === undefined)
    secrets.problems.push({ path: 'aws.export.externalId', message: 'is used with a role alone; name the role, or remove it' });
  const own = source.role === undefined ? account.role : defined({ arn: roleArn(source.role, account.id, region), externalId });
  return { bucket, prefix, account: defined({ ...account, regions: [region], role: own }), region, everyMs, shingle, measures };
}

/** ARN of a role that is named, in the partition of the region. */
export function roleArn(role: string, account: string, region: string): string {
  return role.startsWith('arn:') ? role : `arn:${partitionOf(region)}:iam::${account}:role/${role}`;
}
