import type { Where } from './facts';
import type { Group } from './group';
import type { PlacedChange } from './places';

/** How a change touches some trouble. */
export interface Link {
  /** The service of the trouble, or of what it calls, that it touches. */
  readonly service: string;
  /** On a service that paged, on what such a one calls and that did not page, or an event of the provider. */
  readonly nearest: 'own' | 'healthy-dependency' | 'provider';
}

/** How a change touches a group; undefined where it does not: another service, another account, another region, or a run that alters nothing. */
export function linkOf(
  { past, services }: PlacedChange,
  group: Group,
  products: ReadonlyMap<string, ReadonlySet<string>>,
  dependsOn: ReadonlyMap<string, ReadonlySet<string>>,
): Link | undefined {
  if (past.what === 'run') return undefined;
  if (past.what === 'provider-event') return samePlace(past.where, group) ? providerLink(past.where, services, group, products) : undefined;
  // What the provider does by itself, such as scaling, follows load and is no change of anybody.
  if (past.by === 'provider') return undefined;
  const own = group.services.find((name) => services.includes(name) && samePlace(past.where, group, name));
  if (own !== undefined) return { service: own, nearest: 'own' };
  const called = group.services
    .filter((name) => samePlace(past.where, group, name))
    .flatMap((name) => [...(dependsOn.get(name) ?? [])])
    .find((name) => services.includes(name) && !group.services.includes(name));
  return called === undefined ? undefined : { service: called, nearest: 'healthy-dependency' };
}

function providerLink(where: Where, named: readonly string[], group: Group, products: ReadonlyMap<string, ReadonlySet<string>>): Link | undefined {
  const owned = group.services.find((name) => named.includes(name));
  const paged = group.pages.find((page) => page.where.products?.some((product) => where.products?.includes(product) === true))?.service;
  const uses = group.services.find((name) => where.products?.some((product) => products.get(name)?.has(product) === true));
  // An event that names what it affects is about nothing else.
  const service = where.resources.length > 0 ? owned : (paged ?? uses);
  return service === undefined ? undefined : { service, nearest: 'provider' };
}

/** The same account and region as a page of the service (of any, when absent), as far as both sides say; a change without a region is everywhere. */
function samePlace({ account, region }: Where, { pages }: Group, service?: string): boolean {
  const fits = (mine: string | undefined, theirs: string | undefined): boolean =>
    mine === undefined || mine === 'global' || theirs === undefined || theirs === mine;
  return pages.some((page) => (service === undefined || page.service === service) && fits(account, page.where.account) && fits(region, page.where.region));
}
