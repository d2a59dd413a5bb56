import type { Logger } from 'pino';
import { createAnchorer } from '../activities/audit-anchor';
import type { Repeated } from '../activities/repeat';
import { s3Sealed } from '../adapters/aws/s3-sealed';
import { sealedFolder } from '../adapters/local/sealed-folder';
import type { AnchorConfig, BucketConfig, NightshiftConfig } from '../config/types';
import { NightshiftError } from '../domain/errors';
import type { Clock } from '../ports/clock';
import type { SealedTexts } from '../ports/sealed';
import type { Store } from '../ports/store';
import { accessTo, bucketAndPrefix, placeIn } from './objects';

const S3 = 's3://';
const RETAIN_MS = 365 * 86_400_000;

/** The place that is configured for anchors, if any. */
export function configuredPlace({ aws, audit: { anchor } }: NightshiftConfig, clock: Clock): SealedTexts | undefined {
  if (!anchor) return undefined;
  return 'folder' in anchor.place ? sealedFolder(anchor.place.folder) : locked(aws, anchor.place, { retainMs: anchor.retainMs, clock });
}

/** A folder, or `s3://bucket/prefix` with the credentials of `audit.anchor`, else of `aws.export`. Throws `invalid_input` where S3 is meant and neither is configured. */
export function sealedAt(target: string, config: () => NightshiftConfig, clock: Clock): SealedTexts {
  if (!target.startsWith(S3)) return sealedFolder(target);
  const { aws, audit } = config();
  const own = bucketOf(audit.anchor) ?? aws?.export;
  if (!own)
    throw new NightshiftError(
      'invalid_input',
      'No bucket is configured: write `audit.anchor` with `bucket`, or `aws.export`; its account and region are used.',
    );
  return locked(aws, { ...own, ...bucketAndPrefix(target) }, { retainMs: audit.anchor?.retainMs ?? RETAIN_MS, clock });
}

/** Begins to keep signed heads of the audit where a place is configured. */
export function startAnchors(config: NightshiftConfig, store: Store, clock: Clock, log: Logger): Repeated | undefined {
  const place = configuredPlace(config, clock);
  if (!place || !config.audit.anchor) return undefined;
  return createAnchorer({ ledger: store.ledger, key: store.anchorKey, clock, log, place, everyMs: config.audit.anchor.everyMs });
}

function bucketOf(anchor: AnchorConfig | undefined): BucketConfig | undefined {
  return anchor && 'bucket' in anchor.place ? anchor.place : undefined;
}

function locked(aws: NightshiftConfig['aws'], place: BucketConfig, lock: { readonly retainMs: number; readonly clock: Clock }): SealedTexts {
  if (!aws) throw new NightshiftError('invalid_config', 'A bucket needs aws.accounts in the configuration.');
  return s3Sealed(accessTo(aws, place), placeIn(place), lock);
}
