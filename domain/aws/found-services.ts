import { ENVIRONMENT_LABELS, nameOf, SERVICE_LABELS, valuesOf } from '../sources/names';
import type { FoundResource } from './found-resource';

/** A service that runs on resources that were found. */
export interface FoundService {
  readonly name: string;
  readonly environment: string;
  readonly resources: readonly FoundResource[];
}

/** Services, and what a person should know of how they came to be, a sentence each. */
export interface FoundServices {
  readonly services: readonly FoundService[];
  readonly notes: readonly string[];
}

type Place = Pick<FoundService, 'name' | 'environment'>;

/** Longest name of a service. */
const LONGEST = 63;
/** So many are named in a note. */
const MOST_NAMED = 5;

/** A resource with the names that it goes by. */
interface Named {
  readonly resource: FoundResource;
  /** As the tag or the resource has it; undefined where it only follows from others. */
  readonly told: string | undefined;
  readonly tagged: boolean;
  readonly environment: string | undefined;
}

/**
 * Makes services of resources: those that the same tags name are one. Without a tag (`service`, `app` and the like, else `Name`) the name of the resource is the service's, and `environment`
 * its environment. What only brings a service there joins the one that it deploys to, or whose name its own contains.
 */
export function servicesOf(resources: readonly FoundResource[], environment: string): FoundServices {
  const named = resources.map(read);
  const found = new Map<string, { name: string; environment: string; resources: FoundResource[]; told: Set<string> }>();
  const unusable: string[] = [];
  const join = ({ resource, environment: own = environment }: Named, told: string): void => {
    const name = serviceName(told);
    if (name === undefined) return void unusable.push(resource.arn);
    const key = `${own}/${name}`;
    const service = found.get(key) ?? { name, environment: own, resources: [], told: new Set<string>() };
    found.set(key, service);
    service.resources.push(resource);
    service.told.add(told);
  };
  for (const each of named) if (each.told !== undefined && runs(each)) join(each, distinct(each, named));
  const runners = [...found.values()];
  const lost: string[] = [];
  for (const each of named) {
    if (runs(each)) continue;
    const owner = runners.find((service) => service.resources.some(({ arn }) => each.resource.targets.includes(arn)));
    const place = owner ?? likely(each, runners, environment);
    const told = each.tagged ? each.told : place?.name;
    if (told === undefined) lost.push(each.resource.arn);
    else join({ ...each, environment: each.environment ?? place?.environment }, told);
  }
  const services = [...found.values()].sort((a, b) => (`${a.environment}/${a.name}` < `${b.environment}/${b.name}` ? -1 : 1));
  return {
    services,
    notes: [
      ...notesOf(services, named, environment),
      ...listed(['has no usable name and is left out', 'have no usable name and are left out'], unusable),
      ...lostNote(lost),
    ],
  };
}

function read(resource: FoundResource): Named {
  const lower = Object.fromEntries(Object.entries(resource.tags).map(([key, value]) => [key.toLowerCase(), value]));
  const of = (labels: readonly string[]): string | undefined => valuesOf(lower, labels).find((value) => value !== undefined && value.trim() !== '');
  const tag = of(SERVICE_LABELS) ?? of(['name']);
  const environment = of(ENVIRONMENT_LABELS);
  return { resource, told: tag ?? resource.name, tagged: tag !== undefined, environment: environment === undefined ? undefined : serviceName(environment) };
}

/** Whether a service runs on it, and is not only brought there by it. */
function runs({ resource: { kind, targets, scaled, balanced } }: Named): boolean {
  return kind === 'ecs' || kind === 'lambda' || (kind === 'codedeploy' && targets.length === 0 && (scaled.length > 0 || balanced.length > 0));
}

/** The name, with the cluster or the application where another resource of the kind has the same by chance: nothing says that the two are one. */
function distinct({ resource, told = '', tagged, environment }: Named, all: readonly Named[]): string {
  const { kind, group, account, region, arn } = resource;
  const same = (other: Named): boolean =>
    !other.tagged && other.told === told && other.environment === environment && other.resource.kind === kind && other.resource.arn !== arn;
  const here = (other: Named): boolean => other.resource.account === account && other.resource.region === region && other.resource.group !== group;
  if (tagged || group === undefined || !all.some((other) => same(other) && here(other))) return told;
  return kind === 'codedeploy' ? `${told}-${group}` : `${group}-${told}`;
}

/** The service whose name stands in that of the resource, the longest that does; of several environments the usual one, unless a tag names one. */
function likely({ resource, environment }: Named, services: readonly Omit<FoundService, 'resources'>[], usual: string): Place | undefined {
  const words = `-${serviceName(`${resource.group ?? ''}-${resource.name}`) ?? ''}-`;
  const fits = services.filter((each) => words.includes(`-${each.name}-`) && (environment ?? each.environment) === each.environment);
  const longest = fits.reduce((most, { name }) => Math.max(most, name.length), 0);
  const best = fits.filter(({ name }) => name.length === longest);
  return best.length === 1 ? best[0] : best.find((each) => each.environment === usual);
}

/** A name from outside as the configuration takes it. */
function serviceName(told: string): string | undefined {
  const name = nameOf(told.replaceAll('/', '-'))
    ?.slice(0, LONGEST)
    .replace(/[^a-z0-9]+$/, '');
  return name === '' ? undefined : name;
}

function notesOf(services: readonly (FoundService & { readonly told: ReadonlySet<string> })[], named: readonly Named[], environment: string): string[] {
  const untagged = named.filter((each) => runs(each) && !each.tagged).map(({ resource }) => resource.arn);
  const nowhere = named.filter((each) => runs(each) && each.environment === undefined).map(({ resource }) => resource.arn);
  const renamed = services.flatMap(({ name, told }) => [...told].filter((each) => each !== name).map((each) => `${each} is called ${name}`));
  const joined = services.flatMap(({ name, told }) => (told.size > 1 ? [`${[...told].join(' and ')} are taken for one service, ${name}`] : []));
  const alone = (each: FoundResource): boolean => named.some(({ resource, tagged }) => resource === each && !tagged);
  const namesakes = services.filter(({ resources, told }) => told.size === 1 && resources.length > 1 && resources.every(alone)).map(({ name }) => name);
  const environments = [...new Set(services.map((each) => each.environment))];
  const alike = environments.filter((each) => environments.some((other) => other !== each && (other.startsWith(each) || each.startsWith(other))));
  return [
    ...listed(told('service', 'service, app, Name', 'its own name', 'their own name'), untagged),
    ...listed(told('environment', 'environment, env, stage', environment), nowhere),
    ...(renamed.length > 0 ? [`Names are written in small letters, digits, dots, _ and -: ${some(renamed)}.`] : []),
    ...(joined.length > 0 ? [`${some(joined)}; if they are not, give them other tags.`] : []),
    ...(namesakes.length > 0 ? [`Only their name makes several resources one service: ${some(namesakes)}; if they are not, give them tags.`] : []),
    ...(alike.length > 0 ? [`The tags name environments that may be one: ${alike.join(', ')}. If so, write them alike.`] : []),
  ];
}

function lostNote(lost: readonly string[]): string[] {
  return listed(
    ['belongs', 'belong'].map((word) => `${word} to no service that was found, as neither tag nor name says which`),
    lost,
  );
}

/** A sentence on so many resources; `what` in the singular and in the plural. */
function listed([one = '', many = '']: readonly string[], arns: readonly string[]): string[] {
  return arns.length === 0 ? [] : [`${String(arns.length)} ${arns.length === 1 ? `resource ${one}` : `resources ${many}`}: ${some(arns)}.`];
}

function told(what: string, tags: string, taken: string, all = taken): readonly string[] {
  return [`has no tag that names its ${what} (${tags}); ${taken} is taken`, `have no tag that names their ${what} (${tags}); ${all} is taken`];
}

function some(all: readonly string[]): string {
  return all.length <= MOST_NAMED ? all.join(', ') : `${all.slice(0, MOST_NAMED).join(', ')} and ${String(all.length - MOST_NAMED)} more`;
}
