import { configChanges } from '../domain/aws/config-items';
import { placeText, placesOf } from '../domain/aws/place';
import type { AwsAccount, AwsPlace } from '../domain/aws/place';
import type { Inventory } from '../domain/inventory';
import { knownServices } from '../domain/sources/names';
import type { ChangeStore } from '../ports/changes';
import type { Clock } from '../ports/clock';
import type { ResourceHistory } from '../ports/resource-history';
import type { Poll } from './polls';

/** What polling configuration works with; milliseconds. */
export interface ConfigChangesDeps {
  readonly accounts: readonly AwsAccount[];
  readonly everyMs: number;
  readonly types: readonly string[];
  readonly history: ResourceHistory;
  readonly inventory: Inventory;
  readonly changes: Pick<ChangeStore, 'record'>;
  readonly clock: Clock;
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** How far back the first look goes, and the longest pause that is made up for; a record may come so long after the time that it bears. */
const REACH = { firstMs: DAY_MS, mostMs: 30 * DAY_MS, lateMs: 30 * MINUTE_MS } as const;
/** Resources whose history is asked for in one go. */
const MOST = 200;

/** A poll of each place that keeps what was changed there. A change has the same id whenever it is read, and the store keeps the first. */
export function configChangePolls({ accounts, everyMs, ...deps }: ConfigChangesDeps): readonly Poll[] {
  return accounts.flatMap(({ environment, ...account }) =>
    placesOf([{ environment, ...account }]).map((place): Poll => {
      const seen = new Map<string, number>();
      return {
        name: `configuration:${placeText(place)}`,
        everyMs,
        take: (since, reached, signal) => take(deps, { place, environment, seen }, since, reached, signal),
      };
    }),
  );
}

interface Looked {
  readonly place: AwsPlace;
  readonly environment: string;
  /** When each resource of the last look was recorded, so that its history is not asked for at every look. */
  readonly seen: Map<string, number>;
}

async function take(
  { types, history, inventory, changes, clock }: Omit<ConfigChangesDeps, 'accounts' | 'everyMs'>,
  { place, environment, seen }: Looked,
  since: number | undefined,
  reached: (to: number) => Promise<void>,
  signal: AbortSignal,
): Promise<boolean> {
  const now = clock.now();
  const from = Math.max(since === undefined ? now - REACH.firstMs : since - REACH.lateMs, now - REACH.mostMs);
  const recorded = await history.recorded(place, types, from, signal);
  const fresh = recorded.filter((resource) => seen.get(keyOf(resource)) !== resource.recordedAt);
  for (const resource of fresh.slice(0, MOST)) {
    const context = { environment, receivedAt: now, services: knownServices(inventory.services) };
    await changes.record(configChanges(await history.items(place, resource, from, signal), from, place, context));
    seen.set(keyOf(resource), resource.recordedAt);
  }
  const more = fresh.length > MOST;
  await reached(more ? Math.min(now, fresh[MOST - 1]?.recordedAt ?? now) : now);
  if (!more) for (const [key, at] of seen) if (at < now - 2 * REACH.lateMs) seen.delete(key);
  return more;
}

function keyOf({ type, id }: { readonly type: string; readonly id: string }): string {
  return `${type}/${id}`;
}
