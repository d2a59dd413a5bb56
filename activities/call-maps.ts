import { callMapOf, declaredEdges, type CallEdge, type CallMap } from '../domain/correlate/call-map';
import { errorMessage } from '../domain/errors';
import type { Inventory } from '../domain/inventory';
import type { CallReader } from '../ports/archive';
import type { Clock } from '../ports/clock';

/** What maps of calls are read from. */
export interface CallMapDeps {
  readonly inventory: Inventory;
  readonly calls: CallReader;
  readonly clock: Clock;
  readonly log: { warn(fields: object, message: string): void };
}

/** How long a map counts, how far back calls are looked for, and how many it takes: one stray call is no dependency. */
const FRESH_MS = 60_000;
const REACH_MS = 60 * 60_000;
const LEAST_CALLS = 10;
const MOST_COUNTS = 50_000;

interface Kept {
  readonly at: number;
  readonly map: CallMap;
  readonly seen: readonly CallEdge[];
}

/** Who calls whom in each environment: what the configuration declares, and what traces showed in the last hour, of services that the inventory knows. */
export class CallMaps {
  private readonly kept = new Map<string, Kept>();

  constructor(private readonly deps: CallMapDeps) {}

  /** The map now. Where the archive does not answer, the calls that were seen before count on. */
  async of(environment: string): Promise<CallMap> {
    const now = this.deps.clock.now();
    const before = this.kept.get(environment);
    if (before && now >= before.at && now - before.at < FRESH_MS) return before.map;
    const seen = await this.seen(environment, now).catch((error: unknown) => {
      this.deps.log.warn({ environment, error: errorMessage(error) }, 'the observed calls cannot be read; alerts are correlated by what is known of calls');
      return before?.seen ?? [];
    });
    const map = callMapOf([...declaredEdges(this.deps.inventory, environment), ...seen]);
    this.kept.set(environment, { at: now, map, seen });
    return map;
  }

  private async seen(environment: string, now: number): Promise<readonly CallEdge[]> {
    const names = new Set(this.deps.inventory.services.flatMap((service) => (service.environment === environment ? [service.name] : [])));
    if (names.size < 2) return [];
    const counts = await this.deps.calls.calls({ environment, from: now - REACH_MS, to: now, limit: MOST_COUNTS });
    const requests = new Map<string, CallEdge & { readonly requests: number }>();
    for (const { caller, callee, requests: more } of counts) {
      if (caller === undefined || !names.has(caller) || !names.has(callee)) continue;
      const key = JSON.stringify([caller, callee]);
      requests.set(key, { caller, callee, from: 'traces', requests: (requests.get(key)?.requests ?? 0) + more });
    }
    return [...requests.values()].filter((edge) => edge.requests >= LEAST_CALLS);
  }
}
