import { resolve } from 'node:path';
import type { AwsAccount } from '../domain/aws/place';
import { resolveBucket } from './resolve-bucket';
import type { AnchorSource } from './schema-audit';
import type { Secrets } from './secrets';
import type { AnchorConfig } from './types';

const DAY_MS = 86_400_000;
const PATH = 'audit.anchor';
/** Where the file says nothing else. */
const DEFAULTS = { everyMs: DAY_MS, retainDays: 365 } as const;

/** Where signed heads of the audit are kept: a folder, or a bucket with Object Lock; undefined for nowhere. What does not fit is noted in `secrets`. */
export function resolveAnchor(
  source: AnchorSource | undefined,
  accounts: readonly AwsAccount[] | undefined,
  base: string,
  secrets: Secrets,
): AnchorConfig | undefined {
  if (source === undefined) return undefined;
  const { folder, bucket, every: everyMs = DEFAULTS.everyMs, retainDays = DEFAULTS.retainDays, ...rest } = source;
  const retainMs = retainDays * DAY_MS;
  const complain = (path: string, message: string): undefined => void secrets.problems.push({ path, message });
  if ((folder === undefined) === (bucket === undefined)) return complain(PATH, 'needs either a folder or a bucket');
  if (folder !== undefined) {
    const [odd] = Object.keys({ ...rest, ...(source.retainDays === undefined ? {} : { retainDays }) });
    if (odd !== undefined) return complain(`${PATH}.${odd}`, 'is of a bucket; a folder locks nothing');
    return { place: { folder: resolve(base, folder) }, everyMs, retainMs };
  }
  if (accounts === undefined) return complain(`${PATH}.bucket`, 'needs aws.accounts, by which it is known how AWS is reached');
  const place = resolveBucket({ ...rest, bucket: bucket ?? '' }, accounts, secrets, PATH);
  return place && { place, everyMs, retainMs };
}
