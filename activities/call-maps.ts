import { callMapOf, declaredEdges, type CallEdge, type CallMap } from '../domain/correlate/call-map';
import { errorMessage } from '../domain/errors';
import type { Inventory } from '../domain/inventory';
import type { CallSums } from '../ports/archive';
import type { Clock } from '../ports/clock';

/** What maps of calls are read from. */
export interface CallMapDeps {
  readonly inventory: Inventory;
  readonly calls: Pick<CallSums, 'totals'>;
  readonly clock: Clock;
  readonly log: { warn(fields: object, message: string): void };
  /** How long somebody waits for the first map of an environment, or for one in place of a very old one, milliseconds. */
  readonly patienceMs?: number;
}

/** How long a map counts, how far back calls are looked for, and how many it takes: one stray call is no dependency. */
const FRESH_MS = 60_000;
/** An older map tells of another day. */
const OLD_MS = 10 * FRESH_MS;
const PATIENCE_MS = 1_000;
const REACH_MS = 60 * 60_000;
const LEAST_CALLS = 10;
const MOST_PAIRS = 50_000;

interface Kept {
  readonly at: number;
  readonly map: CallMap;
  readonly seen: readonly CallEdge[];
}

/** Who calls whom in each environment: what the configuration declares, and what traces showed in the last hour, of services that the inventory knows. */
export class CallMaps {
  private readonly kept = new Map<string, Kept>();
  private readonly reading = new Map<string, Promise<CallMap>>();

  constructor(private readonly deps: CallMapDeps) {}

  /**
   * The last map; a newer one is read beside. Only the first one, or one in place of a very old one, is waited for, and not for long: until then what is declared counts. Where the
   * archive does not answer, the calls that were seen before count on.
   */
  async of(environment: string): Promise<CallMap> {
    const now = this.deps.clock.now();
    const before = this.kept.get(environment);
    const age = before && now >= before.at ? now - before.at : Infinity;
    if (before && age < FRESH_MS) return before.map;
    const under = this.reading.get(environment);
    const reading = under ?? this.refresh(environment, now, before).finally(() => this.reading.delete(environment));
    this.reading.set(environment, reading);
    const last = before?.map ?? callMapOf(declaredEdges(this.deps.inventory, environment));
    return age < OLD_MS || under ? last : soon(reading, last, this.deps.patienceMs ?? PATIENCE_MS);
  }

  private async refresh(environment: string, now: number, before: Kept | undefined): Promise<CallMap> {
    const seen = await this.seen(environment, now).catch((error: unknown) => {
      this.deps.log.warn({ environment, error: errorMessage(error) }, 'the observed calls cannot be read; alerts are correlated by what is known of calls');
      return before?.seen ?? [];
    });
    const map = callMapOf([...declaredEdges(this.deps.inventory, environment), ...seen]);
    this.kept.set(environment, { at: this.deps.clock.now(), map, seen });
    return map;
  }

  private async seen(environment: string, now: number): Promise<readonly CallEdge[]> {
    const names = new Set(this.deps.inventory.services.flatMap((service) => (service.environment === environment ? [service.name] : [])));
    if (names.size < 2) return [];
    const totals = await this.deps.calls.totals({ environment, from: now - REACH_MS, to: now, limit: MOST_PAIRS });
    if (totals.length === MOST_PAIRS) this.deps.log.warn({ environment, pairs: MOST_PAIRS }, 'alerts are correlated by the busiest of the observed calls only');
    return totals.flatMap(({ caller, callee, requests }): CallEdge[] => {
      const counts = caller !== undefined && names.has(caller) && names.has(callee) && requests >= LEAST_CALLS;
      return counts ? [{ caller, callee, from: 'traces' }] : [];
    });
  }
}

function soon<T>(answer: Promise<T>, otherwise: T, withinMs: number): Promise<T> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(otherwise), withinMs);
    void answer.then((found) => {
      clearTimeout(timer);
      resolve(found);
    });
  });
}
