import { compareText } from './compare';
import { defined } from './defined';
import type { Inventory, Service, ServiceLink } from './inventory';
import type { Tier } from './names';
import { ownershipOf } from './ownership';
import type { CatchAll, ServicePlace } from './ownership';

/** Where a service is known from: the configuration, only a catalogue, or only what others told of it. */
export const SERVICE_ORIGINS = ['configuration', 'catalogue', 'discovered'] as const;
/** Where a service is known from. */
export type ServiceOrigin = (typeof SERVICE_ORIGINS)[number];

/** A service as the doors show it. */
export interface ServiceView {
  readonly name: string;
  readonly environment: string;
  readonly origin: ServiceOrigin;
  /** Who answers for it; of one that nobody owns, who stands in. */
  readonly owner?: string;
  /** True where nobody is known to own it. */
  readonly catchAll: boolean;
  readonly tier?: Tier;
  /** Names of the notification channels that its incidents go to; none means all. */
  readonly channels: readonly string[];
  readonly pager?: string;
  readonly system?: string;
  readonly description?: string;
  readonly dependsOn: readonly string[];
  /** Services that depend on it. */
  readonly usedBy: readonly string[];
  readonly links: readonly ServiceLink[];
  /** Ref in Backstage. */
  readonly entity?: string;
  /** Whether metrics and a log of it are read, and whether it can be acted on. */
  readonly metrics: boolean;
  readonly logs: boolean;
  readonly hands: boolean;
  /** ISO 8601; of discovered ones. */
  readonly firstSeen?: string;
  readonly lastSeen?: string;
  /** What told of a discovered one. */
  readonly seenIn?: readonly ('alerts' | 'changes')[];
}

/** A service that others told of; times in epoch milliseconds. */
export interface Sighting extends ServicePlace {
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly alerts: boolean;
  readonly changes: boolean;
}

/** Every service that is known, by environment and name. One that others told of before it came into the inventory is shown as the inventory has it. */
export function serviceViews(inventory: Inventory, catchAll: CatchAll, seen: readonly Sighting[]): readonly ServiceView[] {
  const usedBy = new Map<string, string[]>();
  for (const service of inventory.services)
    for (const name of service.dependsOn) {
      const key = keyOf(service.environment, name);
      usedBy.set(key, [...(usedBy.get(key) ?? []), service.name]);
    }
  const known = new Set(inventory.services.map(({ environment, name }) => keyOf(environment, name)));
  const views = [
    ...inventory.services.map((service) => inventoryView(service, inventory, catchAll, usedBy.get(keyOf(service.environment, service.name)) ?? [])),
    ...seen.filter(({ environment, service }) => !known.has(keyOf(environment, service))).map((each) => discoveredView(each, catchAll)),
  ];
  return views.sort((a, b) => compareText(a.environment, b.environment) || compareText(a.name, b.name));
}

function inventoryView(service: Service, inventory: Inventory, catchAll: CatchAll, usedBy: readonly string[]): ServiceView {
  const { name, environment, pager, system, description, dependsOn, links = [], entity, catalogued } = service;
  // One service is enough to know whose it is.
  const ownership = ownershipOf({ ...inventory, services: [service] }, catchAll, { environment, service: name });
  return defined({
    ...{ name, environment, origin: catalogued ? ('catalogue' as const) : ('configuration' as const) },
    ...ownership,
    ...{ pager, system, description, dependsOn, usedBy: [...usedBy].sort(), links, entity },
    ...{ metrics: service.metrics !== undefined, logs: service.logs !== undefined, hands: service.hands !== undefined },
  });
}

function discoveredView({ environment, service: name, firstSeen, lastSeen, alerts, changes }: Sighting, catchAll: CatchAll): ServiceView {
  const seenIn = [...(alerts ? (['alerts'] as const) : []), ...(changes ? (['changes'] as const) : [])];
  return {
    ...{ name, environment, origin: 'discovered', ...ownershipOf({ services: [] }, catchAll, { environment, service: name }) },
    ...{ dependsOn: [], usedBy: [], links: [], metrics: false, logs: false, hands: false },
    ...{ firstSeen: new Date(firstSeen).toISOString(), lastSeen: new Date(lastSeen).toISOString(), seenIn },
  };
}

function keyOf(environment: string, name: string): string {
  return JSON.stringify([environment, name]);
}
