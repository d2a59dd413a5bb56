import type { AwsPlace } from '../domain/aws/place';
import type { GraphNode } from '../domain/aws/service-graph';
import type { TimeWindow } from '../domain/poll-windows';

/** Knows which services called which. */
export interface ServiceGraph {
  /** All nodes of a window. Throws `unreachable`, `rate_limited`, `forbidden` or `unauthenticated`. */
  nodes(place: AwsPlace, window: TimeWindow, signal: AbortSignal): Promise<readonly GraphNode[]>;
}
