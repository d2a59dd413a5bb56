import { defined } from '../defined';
import type { Problem } from '../errors';
import { TIERS } from '../names';
import type { Tier } from '../names';
import { cyclesOf } from './cycles';
import type { Entity } from './backstage-entity';
import { line, members } from './backstage-entity';
import { indexEntities, listOf, lookUp } from './backstage-index';
import type { EntityIndex } from './backstage-index';
import { parseEntityRef, refText } from './entity-ref';
import type { CatalogueEntry, CatalogueTeam } from './entry';

/** Annotations of ours that an entity may carry. */
const NOTE = { service: 'nightshift/service', environment: 'nightshift/environment', tier: 'nightshift/tier', channel: 'nightshift/channel' } as const;
const PAGER = 'pagerduty.com/service-id';
/** What is built into others and runs nowhere by itself. */
const NOT_RUN: ReadonlySet<string> = new Set(['library', 'documentation']);
const NAME = /^[a-z0-9][a-z0-9._-]{0,62}$/;

/** What entities of Backstage say of services (components and resources) and teams (groups and users). Mistakes in them are warnings. */
export function readEntities(entities: readonly Entity[]): {
  readonly entries: readonly CatalogueEntry[];
  readonly teams: readonly (readonly [name: string, team: CatalogueTeam])[];
  readonly warnings: readonly Problem[];
} {
  const index = indexEntities(entities);
  const all = [...index.byRef.values()];
  const named = serviceNames(index);
  const calls = callsOf(index, named);
  const entries = [...named].map(([entity, name]) => entryOf(index, entity, name, [...(calls.get(name) ?? [])].sort()));
  const teams = all.filter(isTeam).map((entity) => [entity.ref.name, teamOf(entity)] as const);
  const circles = [
    ...cyclesOf(new Map([...calls].map(([name, to]) => [name, [...to]]))).map((cycle) => circleWarning('dependsOn', cycle)),
    ...cyclesOf(parents(index)).map((cycle) => circleWarning('spec.parent', cycle)),
  ];
  return { entries, teams, warnings: [...index.warnings, ...circles] };
}

function serviceNames(index: EntityIndex): ReadonlyMap<Entity, string> {
  const named = new Map<Entity, string>();
  const taken = new Map<string, Entity>();
  for (const entity of index.byRef.values()) {
    const { kind, name: own } = entity.ref;
    if ((kind !== 'component' && kind !== 'resource') || NOT_RUN.has(line(entity.spec['type'])?.toLowerCase() ?? '')) continue;
    const name = entity.notes.get(NOTE.service) ?? own;
    const other = taken.get(name);
    const message = NAME.test(name)
      ? other && `gives a service ${name} as ${refText(other.ref)} does, which counts; tell them apart by the annotation ${NOTE.service}`
      : `${name} is not a usable name of a service; write another in the annotation ${NOTE.service}`;
    if (message !== undefined) index.warnings.push({ path: entity.path, message });
    else {
      named.set(entity, name);
      taken.set(name, entity);
    }
  }
  return named;
}

/** Who calls whom by names of services: what is said to be depended on, and whoever provides an API that is consumed. */
function callsOf(index: EntityIndex, named: ReadonlyMap<Entity, string>): ReadonlyMap<string, Set<string>> {
  const calls = new Map([...named.values()].map((name) => [name, new Set<string>()]));
  const add = (from: Entity | undefined, to: Entity | undefined): void => {
    const [caller, called] = [from && named.get(from), to && named.get(to)];
    if (caller !== undefined && called !== undefined && caller !== called) calls.get(caller)?.add(called);
  };
  const providers = providersOf(index, named);
  const running = ['component', 'resource'];
  for (const entity of named.keys()) {
    const { dependsOn, dependencyOf, consumesApis } = entity.spec;
    for (const ref of listOf(dependsOn)) add(entity, lookUp(index, ref, { entity, member: 'spec.dependsOn', among: running }).entity);
    for (const ref of listOf(dependencyOf)) add(lookUp(index, ref, { entity, member: 'spec.dependencyOf', among: running }).entity, entity);
    for (const ref of listOf(consumesApis)) {
      const api = lookUp(index, ref, { entity, member: 'spec.consumesApis', kind: 'api', among: ['api'] }).ref;
      for (const provider of (api && providers.get(refText(api))) ?? []) add(entity, provider);
    }
  }
  return calls;
}

function providersOf(index: EntityIndex, named: ReadonlyMap<Entity, string>): ReadonlyMap<string, readonly Entity[]> {
  const providers = new Map<string, Entity[]>();
  for (const entity of named.keys()) {
    for (const text of listOf(entity.spec['providesApis'])) {
      const { ref } = lookUp(index, text, { entity, member: 'spec.providesApis', kind: 'api', among: ['api'] });
      if (ref) providers.set(refText(ref), [...(providers.get(refText(ref)) ?? []), entity]);
    }
  }
  return providers;
}

function entryOf(index: EntityIndex, entity: Entity, name: string, dependsOn: readonly string[]): CatalogueEntry {
  const { notes, spec, description, links, path } = entity;
  const system = spec['system'] === undefined ? {} : lookUp(index, spec['system'], { entity, member: 'spec.system', kind: 'system', among: ['system'] });
  const owner = ownerOf(index, entity) ?? (system.entity && ownerOf(index, system.entity));
  const from = system.entity?.notes;
  return defined({
    ...{ name, description, links, dependsOn, path, entity: refText(entity.ref) },
    environments: list(notes.get(NOTE.environment) ?? from?.get(NOTE.environment)),
    owner: owner?.title,
    tier: tierOf(index, entity),
    channels: list(notes.get(NOTE.channel) ?? from?.get(NOTE.channel)) ?? owner?.channels,
    pager: notes.get(PAGER) ?? from?.get(PAGER) ?? owner?.pager,
    system: system.entity?.title ?? system.ref?.name,
  });
}

/** An owner that nobody declares is still the best that is known. */
function ownerOf(index: EntityIndex, entity: Entity): CatalogueTeam | undefined {
  if (entity.spec['owner'] === undefined) return undefined;
  const { ref, entity: found } = lookUp(index, entity.spec['owner'], { entity, member: 'spec.owner', kind: 'group', among: ['group', 'user'] });
  return found ? teamOf(found) : ref && { title: ref.name };
}

function teamOf({ ref, title, notes, spec }: Entity): CatalogueTeam {
  const shown = line(members(spec['profile'])['displayName']) ?? title ?? ref.name;
  return defined({ title: shown, channels: list(notes.get(NOTE.channel)), pager: notes.get(PAGER) });
}

function isTeam({ ref }: Entity): boolean {
  return ref.kind === 'group' || ref.kind === 'user';
}

function tierOf(index: EntityIndex, entity: Entity): Tier | undefined {
  const word = (entity.notes.get(NOTE.tier) ?? entity.notes.get('tier'))?.toLowerCase();
  const tier = TIERS.find((each) => each === word);
  if (tier === undefined && entity.notes.has(NOTE.tier))
    index.warnings.push({ path: `${entity.path}: ${NOTE.tier}`, message: `must be one of ${TIERS.join(', ')}` });
  return tier;
}

function parents(index: EntityIndex): ReadonlyMap<string, readonly string[]> {
  const groups = [...index.byRef.values()].filter(({ ref, spec }) => ref.kind === 'group' && spec['parent'] !== undefined);
  return new Map(
    groups.map(({ ref, spec }) => {
      const parent = parseEntityRef(spec['parent'], { kind: 'group', namespace: ref.namespace });
      return [refText(ref), parent ? [refText(parent)] : []];
    }),
  );
}

function circleWarning(path: string, cycle: readonly string[]): Problem {
  return { path, message: `goes in a circle: ${[...cycle, cycle[0]].join(' -> ')}` };
}

function list(text: string | undefined): readonly string[] | undefined {
  const parts = (text ?? '').split(',').flatMap((part) => (part.trim() === '' ? [] : [part.trim()]));
  return parts.length > 0 ? parts : undefined;
}
