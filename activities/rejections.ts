import type { CauseKind } from '../domain/names';
import type { Inventory, Service } from '../domain/inventory';
import { demotionsOf, likeServices, MOST_REJECTIONS, NO_DEMOTIONS, REJECTION_MEMORY_MS } from '../domain/shadow/demotion';
import type { Demotions } from '../domain/shadow/demotion';
import type { ShadowLedger } from '../ports/shadow';

/** What looking up rejections works with. */
export interface RejectionDeps {
  readonly ledger: Pick<ShadowLedger, 'rejections'>;
  readonly inventory: Inventory;
}

/** How far runbooks fall in the choice for one kind of incident on one service, at a time in epoch milliseconds. */
export type Lessons = (of: { readonly service: Service | undefined; readonly cause: CauseKind; readonly at: number }) => Promise<Demotions>;

/** Reads what people's rejections taught. */
export function lessonsOf({ ledger, inventory }: RejectionDeps): Lessons {
  return async ({ service, cause, at }) => {
    if (!service) return NO_DEMOTIONS;
    const { environment } = service;
    const rejections = await ledger.rejections({ environment, cause, since: at - REJECTION_MEMORY_MS, limit: MOST_REJECTIONS });
    return demotionsOf(rejections, { service, others: likeServices(inventory, environment), now: at });
  };
}
