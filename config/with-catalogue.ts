import { defined } from '../domain/defined';
import type { Problem } from '../domain/errors';
import type { CatalogueEntry, CatalogueTeam, ServiceCatalogue } from '../domain/service-catalogue/entry';
import type { CheckedSource } from './schema';
import type { CatalogueSource } from './schema-catalogue';
import type { ServiceSource } from './schema-services';

/** A service as written, completed by what a catalogue says of it. */
export interface CataloguedService {
  readonly source: ServiceSource;
  /** Where it stands, for messages. */
  readonly path: string;
  readonly entity?: string;
  readonly system?: string;
  /** Only the catalogue names it. */
  readonly catalogued: boolean;
}

/** All services, and what in the catalogue does not fit together. */
export interface WithCatalogue {
  readonly services: readonly CataloguedService[];
  readonly warnings: readonly Problem[];
}

/**
 * Services of the file completed by the catalogue, and after them those that only the catalogue names. What the file says of a service counts; the catalogue fills in the rest.
 * `channels` are the names in `notifications`.
 */
export function withCatalogue({ source, servicePaths }: CheckedSource, catalogue: ServiceCatalogue, channels: readonly string[]): WithCatalogue {
  const own = (source.services ?? []).map((each, i) => ({ source: each, path: servicePaths[i] ?? `services.${String(i)}` }));
  const environments = source.catalogue?.environments ?? environmentsOf(own.map((each) => each.source));
  const warnings: Problem[] = [];
  const checked = new Map<CatalogueEntry, CatalogueEntry>(catalogue.entries.map((entry) => [entry, knownChannels(entry, catalogue, channels, warnings)]));
  const find = (name: string, environment: string): CatalogueEntry | undefined => {
    const entry = catalogue.entries.find((each) => each.name === name && (each.environments?.includes(environment) ?? true));
    return entry && checked.get(entry);
  };
  const completed = own.map(({ source: service, path }) => {
    const entry = find(service.name, service.environment);
    return { ...complete(service, entry, catalogue.teams), path, catalogued: false };
  });
  const added = [...checked.values()].flatMap((entry) =>
    newServices(entry, completed, environments).map((service) => ({ ...complete(service, entry, catalogue.teams), path: entry.path, catalogued: true })),
  );
  const all = [...completed, ...unique(added, warnings)];
  return { services: withinEnvironment(all, source.services ?? [], warnings), warnings };
}

/** Services that nobody owns: the catch-all gets what befalls them. */
export function ownershipWarnings(services: readonly CataloguedService[]): readonly Problem[] {
  return services
    .filter(({ source }) => source.owner === undefined)
    .map(({ source, path }) => ({ path, message: `${source.name} in ${source.environment} has no owner; what befalls it goes to the catch-all` }));
}

/** Without a word on it services run where those of the file do. */
function environmentsOf(services: readonly ServiceSource[]): CatalogueSource['environments'] & {} {
  const all = [...new Set(services.map((each) => each.environment))];
  return all.length > 0 ? all : ['production'];
}

function newServices(entry: CatalogueEntry, known: readonly CataloguedService[], environments: readonly string[]): ServiceSource[] {
  const same = known.filter(({ source }) => source.name === entry.name).map(({ source }) => source.environment);
  // Where the file has it, an entry that names no environment means that one, and no other.
  const wanted = entry.environments ?? (same.length > 0 ? [] : environments);
  return wanted.filter((environment) => !same.includes(environment)).map((environment) => ({ name: entry.name, environment }));
}

function unique(added: readonly CataloguedService[], warnings: Problem[]): CataloguedService[] {
  const taken = new Set<string>();
  return added.filter(({ source, path }) => {
    const key = `${source.environment}/${source.name}`;
    if (taken.has(key)) warnings.push({ path, message: `${key} was declared before; that one counts` });
    return !taken.has(key) && taken.add(key);
  });
}

function complete(service: ServiceSource, entry: CatalogueEntry | undefined, teams: ServiceCatalogue['teams']): Omit<CataloguedService, 'path' | 'catalogued'> {
  const named = service.owner ?? entry?.owner;
  const team: Partial<CatalogueTeam> = teams.get(named?.toLowerCase() ?? '') ?? {};
  const fromEntry = defined({
    ...{ tier: entry?.tier, description: entry?.description, links: entry && [...entry.links], dependsOn: entry && [...entry.dependsOn] },
    channel: copied(entry?.channels ?? team.channels),
    pager: entry?.pager ?? team.pager,
  });
  return defined({ source: defined({ ...fromEntry, ...defined(service), owner: team.title ?? named }), entity: entry?.entity, system: entry?.system });
}

function copied(names: readonly string[] | undefined): string[] | undefined {
  return names && [...names];
}

/** A channel that is not configured could be sent nothing; the service then goes where all without one do. */
function knownChannels(entry: CatalogueEntry, { teams }: ServiceCatalogue, channels: readonly string[], warnings: Problem[]): CatalogueEntry {
  const named = entry.channels ?? teams.get(entry.owner?.toLowerCase() ?? '')?.channels;
  if (named === undefined) return entry;
  const unknown = named.filter((channel) => !channels.includes(channel));
  if (unknown.length > 0)
    warnings.push({ path: entry.path, message: `${entry.name} goes to the channel ${unknown.join(', ')}, which is not in notifications; it is passed over` });
  return { ...entry, channels: named.filter((channel) => channels.includes(channel)) };
}

/** Dependencies that a catalogue names are services of the same environment, or none; what the file itself names (`written`) is checked with the rest of it. */
function withinEnvironment(all: readonly CataloguedService[], written: readonly ServiceSource[], warnings: Problem[]): readonly CataloguedService[] {
  const known = new Set(all.map(({ source }) => `${source.environment}/${source.name}`));
  return all.map((each, i) => {
    const { dependsOn, environment, name } = each.source;
    if (dependsOn === undefined || written[i]?.dependsOn !== undefined) return each;
    const there = dependsOn.filter((other) => other !== name && known.has(`${environment}/${other}`));
    for (const other of dependsOn.filter((one) => !there.includes(one)))
      warnings.push({ path: each.path, message: `${name} depends on ${other}, which is no service in ${environment}; it is passed over` });
    return { ...each, source: { ...each.source, dependsOn: there } };
  });
}
