import { findService } from './inventory';
import type { Inventory } from './inventory';
import type { Tier } from './names';

/** Who gets what nobody owns; without channels, every channel does. */
export interface CatchAll {
  readonly owner?: string;
  readonly channels?: readonly string[];
}

/** A service by its names, whether it is known or not. */
export interface ServicePlace {
  readonly environment: string;
  readonly service: string;
}

/** Who answers for a service, and which channels its messages go to; none named means all. */
export interface Ownership {
  readonly owner?: string;
  readonly tier?: Tier;
  readonly channels: readonly string[];
  /** True where nobody is known to own it, so that the catch-all stands in. */
  readonly catchAll: boolean;
}

/** Who answers for a service. What nobody owns, such as a service that the inventory does not know, is the catch-all's; a channel of its own still counts. */
export function ownershipOf({ services }: Inventory, catchAll: CatchAll, { environment, service }: ServicePlace): Ownership {
  const found = findService({ services }, environment, service);
  const tier = found && { tier: found.tier };
  if (found?.owner !== undefined) return { ...tier, owner: found.owner, channels: found.channels ?? [], catchAll: false };
  const owner = catchAll.owner === undefined ? {} : { owner: catchAll.owner };
  return { ...tier, ...owner, channels: found?.channels ?? catchAll.channels ?? [], catchAll: true };
}
