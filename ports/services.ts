import type { ServicePlace } from '../domain/ownership';
import type { Sighting } from '../domain/service-view';

/** What told of a service. */
export type SightingKind = 'alert' | 'change';

/** Services that others speak of. */
export interface SeenServices {
  /** Notes that they were told of at `at`; beyond a named number those that were not told of for longest are forgotten. */
  note(places: readonly ServicePlace[], kind: SightingKind, at: number): Promise<void>;
  /** By environment and name. */
  list(): Promise<readonly Sighting[]>;
}
