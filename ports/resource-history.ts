import type { ConfigItem, ResourceRef } from '../domain/aws/config-items';
import type { AwsPlace } from '../domain/aws/place';

/** Knows what resources were like, and since when. Both throw `unreachable`, `rate_limited`, `forbidden` or `unauthenticated`. */
export interface ResourceHistory {
  /** Resources of these types that were recorded at or after `since` (epoch milliseconds), the one that was recorded first before the others. */
  recorded(place: AwsPlace, types: readonly string[], since: number, signal: AbortSignal): Promise<readonly ResourceRef[]>;
  /** What was recorded of a resource at or after `since`, and the record before, oldest first; nothing of one that is not known any more. */
  items(place: AwsPlace, resource: ResourceRef, since: number, signal: AbortSignal): Promise<readonly ConfigItem[]>;
}
