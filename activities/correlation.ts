import type { Alert } from '../domain/alert';
import { clipBytes } from '../domain/byte-size';
import type { CallMap } from '../domain/correlate/call-map';
import { Likeness } from '../domain/correlate/alike';
import { decide } from '../domain/correlate/decide';
import { ruleSpeaksOf } from '../domain/correlate/rules';
import type { CorrelateSettings, Decision, Member, OpenIncident } from '../domain/correlate/types';
import { memberOfAlert, type World } from '../domain/correlate/world';
import { UNROUTED } from '../domain/identity';
import type { Inventory } from '../domain/inventory';
import { conditionKey } from '../domain/quiet/condition';
import { routeAlert, type AlertRoute } from '../domain/routing';
import type { Clock } from '../ports/clock';
import type { ConditionRoute, CorrelationStore, ServiceIncidents, ServiceRelation } from '../ports/correlation';
import type { InboxItem } from '../ports/store';
import { worldOf } from './correlation-facts';

/** What correlation works with. */
export interface CorrelatorDeps {
  readonly store: Pick<CorrelationStore, 'routes' | 'incidentsOf' | 'save'>;
  readonly maps: { of(environment: string): Promise<CallMap> };
  readonly inventory: Inventory;
  readonly settings: CorrelateSettings;
  readonly clock: Clock;
}

/** An alert and where it goes; one that joins the incident of another service says why in `joins`. */
export interface RoutedItem {
  readonly item: InboxItem;
  readonly route: AlertRoute;
}

/** Routes alerts to workflows, several services to one where they belong together. */
export interface Correlator {
  /** Where these go, in their order. What it decided stands in the store when it ends. Throws when the store does not answer; then nothing has changed. */
  route(items: readonly InboxItem[]): Promise<readonly RoutedItem[]>;
  /** The workflow does not run: what would have joined it is decided anew. */
  gone(workflowId: string): Promise<void>;
  /** The workflow that has a condition, where it is routed. */
  holder(alert: Pick<Alert, 'environment' | 'service' | 'fingerprint'>): Promise<string | undefined>;
}

/** Makes the correlator of the one dispatcher on an inbox. It remembers routes in this process, and keeps them in the store before anything depends on them. */
export function createCorrelator(deps: CorrelatorDeps): Correlator {
  return new RememberingCorrelator(deps);
}

/** Bytes of a reason, and relations of one batch: what belongs together in a storm is told by fewer. */
const MOST = { reasonBytes: 400, relations: 200 } as const;

/** How long what was read of the projection counts, so that a storm does not ask for every batch. */
const FRESH_MS = 250;

const OWN: Decision = { kind: 'own', relates: [] };

/** Routes while a batch is looked at. */
interface Draft {
  readonly routes: Map<string, ConditionRoute>;
  readonly changed: Set<string>;
  readonly forgotten: Set<string>;
  /** By the two services: the first reason stands. */
  readonly relations: Map<string, ServiceRelation>;
}

interface Place {
  readonly map: CallMap;
  readonly world: World;
  readonly likeness: Likeness;
}

class RememberingCorrelator implements Correlator {
  private routes: ReadonlyMap<string, ConditionRoute> | undefined;
  private readonly found = new Map<string, { readonly at: number; readonly services: ReadonlySet<string>; readonly list: readonly ServiceIncidents[] }>();
  /** Incidents that the projection shows as open, and whose workflow does not run. */
  private readonly lost = new Set<string>();
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly deps: CorrelatorDeps) {}

  route(items: readonly InboxItem[]): Promise<readonly RoutedItem[]> {
    return this.inTurn(() => this.routeAll(items));
  }

  gone(workflowId: string): Promise<void> {
    return this.inTurn(() => this.forgetRoutesTo(workflowId));
  }

  async holder(alert: Pick<Alert, 'environment' | 'service' | 'fingerprint'>): Promise<string | undefined> {
    return (await this.remembered()).get(conditionKey(alert))?.workflowId;
  }

  /** Each begins with what the one before has kept. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.last.then(work);
    this.last = done.catch(() => undefined);
    return done;
  }

  private async routeAll(items: readonly InboxItem[]): Promise<readonly RoutedItem[]> {
    const routes = await this.remembered();
    const draft = draftOf(routes);
    const places = new Map<string, Place>();
    const routed: RoutedItem[] = [];
    for (const item of items) {
      const home = routeAlert(this.deps.inventory, item.alert);
      const { environment } = home;
      if (!(await this.takesPart(home, item.alert, draft))) routed.push({ item, route: home });
      else {
        const place = places.get(environment) ?? (await this.placeOf(environment, draft));
        places.set(environment, place);
        routed.push(this.routeOne(item, home, place, draft));
      }
    }
    await this.keep(draft);
    return routed;
  }

  private async forgetRoutesTo(workflowId: string): Promise<void> {
    const routes = await this.remembered();
    const draft = draftOf(routes);
    for (const route of routes.values()) if (route.workflowId === workflowId) forget(draft, route.key);
    for (const [environment, found] of this.found) {
      for (const { open } of found.list) if (open?.workflowId === workflowId) this.lost.add(open.incidentId);
      this.found.set(environment, { ...found, at: -Infinity });
    }
    await this.keep(draft);
  }

  private async remembered(): Promise<ReadonlyMap<string, ConditionRoute>> {
    return (this.routes ??= new Map((await this.deps.store.routes()).map((route) => [route.key, route])));
  }

  /** Services without calls and rules cost nothing, and what was routed before is found though correlation is off now. */
  private async takesPart({ workflow, environment, service }: AlertRoute, alert: Alert, draft: Draft): Promise<boolean> {
    if (workflow !== 'incident' || service === UNROUTED) return false;
    return (
      draft.routes.has(conditionKey(alert)) || (this.deps.settings.enabled && this.mayCorrelate(await this.deps.maps.of(environment), environment, service))
    );
  }

  private mayCorrelate(map: CallMap, environment: string, service: string): boolean {
    return map.known(service) || ruleSpeaksOf(this.deps.settings, environment, service);
  }

  private async placeOf(environment: string, draft: Draft): Promise<Place> {
    const map = await this.deps.maps.of(environment);
    const here = [...draft.routes.values()].filter((route) => route.environment === environment);
    const list = await this.incidentsIn(environment, map, here);
    const now = this.deps.clock.now();
    const { world, over } = worldOf(environment, here, list, { now, gone: (incidentId) => this.lost.has(incidentId) });
    for (const key of over) forget(draft, key);
    return { map, world, likeness: new Likeness() };
  }

  private async incidentsIn(environment: string, map: CallMap, routes: readonly ConditionRoute[]): Promise<readonly ServiceIncidents[]> {
    const now = this.deps.clock.now();
    const names = this.deps.inventory.services.flatMap((each) => (each.environment === environment ? [each.name] : []));
    const services = new Set([...names.filter((name) => this.mayCorrelate(map, environment, name)), ...routes.map(({ home }) => home)]);
    const kept = this.found.get(environment);
    if (kept && now >= kept.at && now - kept.at < FRESH_MS && [...services].every((name) => kept.services.has(name))) return kept.list;
    const list = await this.deps.store.incidentsOf(environment, [...services].sort());
    this.found.set(environment, { at: now, services, list });
    return list;
  }

  private routeOne(item: InboxItem, home: AlertRoute, place: Place, draft: Draft): RoutedItem {
    const key = conditionKey(item.alert);
    const member = memberOfAlert(item.alert, item.receivedAt);
    const known = draft.routes.get(key) ?? this.heldBy(place.world, item.alert, home, key);
    if (known && !startsAnew(known, member, place.world.get(known.workflowId))) return this.goOn(item, home, known, member, place, draft);
    if (!member.firing) return { item, route: home };
    const own = place.world.get(home.workflowId);
    const decision: Decision = own || !this.deps.settings.enabled ? OWN : decide(member, place.world.all(), { ...place, settings: this.deps.settings });
    const joins =
      decision.kind === 'joins'
        ? { workflowId: decision.incident.workflowId, home: decision.incident.service, joined: clipBytes(decision.reason, MOST.reasonBytes) }
        : undefined;
    const at = this.deps.clock.now();
    const to = joins ?? { workflowId: home.workflowId, home: home.service };
    this.note(draft, place, { key, environment: home.environment, ...to, member, at });
    for (const { incident, reason } of decision.relates) {
      if (incident.service === to.home) continue;
      relate(draft, { environment: home.environment, service: to.home, other: incident.service, reason: clipBytes(reason, MOST.reasonBytes), at });
    }
    return routedTo(item, home, { ...to });
  }

  /** A condition that an open incident shows as one that joined it, though no route is known: the store was restored. */
  private heldBy(world: World, alert: Alert, home: AlertRoute, key: string): ConditionRoute | undefined {
    for (const { incidentId, workflowId, service, environment, openedAt, members } of world.all()) {
      if (workflowId === home.workflowId || (incidentId !== undefined && this.lost.has(incidentId))) continue;
      const member = members.find((each) => each.service === alert.service && each.fingerprint === alert.fingerprint);
      if (member) return { key, environment, workflowId, home: service, joined: 'it was there before', member, at: openedAt };
    }
    return undefined;
  }

  /** More of a condition that an incident has: a repetition, its end, or its return. */
  private goOn(item: InboxItem, home: AlertRoute, known: ConditionRoute, member: Member, place: Place, draft: Draft): RoutedItem {
    const before = known.member;
    const same = draft.routes.has(known.key) && before.firing === member.firing && (before.startsAt === member.startsAt || !member.firing);
    if (!same) this.note(draft, place, { ...known, member: member.firing ? member : { ...before, firing: false } });
    return routedTo(item, home, known);
  }

  private note(draft: Draft, { world }: Place, route: ConditionRoute): void {
    draft.routes.set(route.key, route);
    draft.changed.add(route.key);
    draft.forgotten.delete(route.key);
    world.take({ workflowId: route.workflowId, environment: route.environment, service: route.home, openedAt: route.at }, route.member);
  }

  private async keep({ routes, changed, forgotten, relations }: Draft): Promise<void> {
    if (changed.size + forgotten.size + relations.size > 0) {
      const list = [...changed].flatMap((key) => routes.get(key) ?? []);
      await this.deps.store.save({ routes: list, forget: [...forgotten], relations: [...relations.values()] });
    }
    this.routes = routes;
  }
}

function forget(draft: Draft, key: string): void {
  draft.routes.delete(key);
  draft.changed.delete(key);
  draft.forgotten.add(key);
}

function draftOf(routes: ReadonlyMap<string, ConditionRoute>): Draft {
  return { routes: new Map(routes), changed: new Set(), forgotten: new Set(), relations: new Map() };
}

function relate({ relations }: Draft, relation: ServiceRelation): void {
  const key = JSON.stringify([relation.environment, relation.service, relation.other]);
  if (!relations.has(key) && relations.size < MOST.relations) relations.set(key, relation);
}

/** What had ended begins again, and a person has split its service off meanwhile. */
function startsAnew({ joined, member }: ConditionRoute, now: Member, holder: OpenIncident | undefined): boolean {
  return joined !== undefined && now.firing && !member.firing && holder?.split.includes(now.service) === true;
}

function routedTo(
  item: InboxItem,
  home: AlertRoute,
  { workflowId, home: service, joined }: Pick<ConditionRoute, 'workflowId' | 'home' | 'joined'>,
): RoutedItem {
  if (workflowId === home.workflowId) return { item, route: home };
  const alert = { ...item.alert, ...(joined === undefined ? {} : { joins: joined }) };
  return { item: { ...item, alert }, route: { workflow: 'incident', workflowId, environment: home.environment, service } };
}
