import { errorCode } from '../domain/errors';
import { findService } from '../domain/inventory';
import type { Inventory } from '../domain/inventory';
import type { ServicePlace } from '../domain/ownership';
import type { ChangeStore } from '../ports/changes';
import type { Clock } from '../ports/clock';
import type { SeenServices, SightingKind } from '../ports/services';
import type { Inbox } from '../ports/store';

/** What discovery works with. */
export interface DiscoveryDeps {
  readonly inventory: Inventory;
  readonly seen: SeenServices;
  readonly clock: Clock;
  readonly log: { warn(fields: object, message: string): void };
}

/** Where the doors write what names services. */
interface Discovered {
  readonly inbox: Pick<Inbox, 'accept'>;
  readonly changes: Pick<ChangeStore, 'record'>;
}

/** A service is noted again after this long at the earliest, so that a storm of one name costs one row. */
const AGAIN_MS = 60_000;
/** Names that are remembered for that. */
const MOST_REMEMBERED = 10_000;

/** The inbox and the changes of the doors, noting services that the inventory does not have once something about them was committed. A failure there is logged and fails nobody's message. */
export function discovering<S extends Discovered>(store: S, deps: DiscoveryDeps): Pick<S, 'inbox' | 'changes'> {
  const notedAt = new Map<string, number>();
  const note = async (places: readonly ServicePlace[], kind: SightingKind): Promise<void> => {
    const now = deps.clock.now();
    const fresh = places.filter((place) => isFresh(place, kind, now, notedAt, deps.inventory));
    if (fresh.length === 0) return;
    try {
      await deps.seen.note(fresh, kind, now);
    } catch (error) {
      for (const place of fresh) notedAt.delete(keyOf(place, kind));
      deps.log.warn({ code: errorCode(error) }, 'services that are not in the inventory could not be noted');
    }
  };
  const { inbox, changes } = store;
  return {
    inbox: {
      ...inbox,
      accept: async (alerts, receivedAt, limit) => {
        const accepted = await inbox.accept(alerts, receivedAt, limit);
        await note(alerts, 'alert');
        return accepted;
      },
    },
    changes: {
      ...changes,
      record: async (told) => {
        await changes.record(told);
        await note(told, 'change');
      },
    },
  };
}

function isFresh(place: ServicePlace, kind: SightingKind, now: number, notedAt: Map<string, number>, inventory: Inventory): boolean {
  const key = keyOf(place, kind);
  const before = notedAt.get(key);
  if ((before !== undefined && now - before < AGAIN_MS) || findService(inventory, place.environment, place.service)) return false;
  if (notedAt.size >= MOST_REMEMBERED) notedAt.clear();
  notedAt.set(key, now);
  return true;
}

function keyOf({ environment, service }: ServicePlace, kind: SightingKind): string {
  return JSON.stringify([kind, environment, service]);
}
