import type { AwsAccount } from '../domain/aws/place';
import { resolveBucket } from './resolve-bucket';
import type { AwsExportSource } from './schema-aws';
import type { Secrets } from './secrets';
import type { AwsExportConfig } from './types';

const DAY_MS = 86_400_000;
/** Where the file says nothing else. */
const DEFAULTS = { everyMs: DAY_MS, shingle: 8 } as const;

/** Where the archive is exported to. What does not fit is noted in `secrets`. */
export function resolveAwsExport(source: AwsExportSource | undefined, accounts: readonly AwsAccount[], secrets: Secrets): AwsExportConfig | undefined {
  if (source === undefined) return undefined;
  const { every: everyMs = DEFAULTS.everyMs, shingle = DEFAULTS.shingle, measures = false } = source;
  const bucket = resolveBucket(source, accounts, secrets, 'aws.export');
  return bucket && { ...bucket, everyMs, shingle, measures };
}
