import type { Alert } from '../alert';
import type { Change } from '../change';
import { environmentOf, knownServices, serviceOf } from '../sources/names';
import type { SourceContext } from '../sources/source';
import { toAlert } from '../sources/to-alert';
import { toChange } from '../sources/to-change';
import { aliasesOf, bareId, namesIn, stems } from './aliases';
import type { PastChange, PastPage, Where } from './facts';
import type { Past } from './past';

/** A page with the service that it is about, in our words: redacted and bounded. */
export interface PlacedPage extends PastPage {
  readonly service: string;
  readonly environment: string;
  /** Its message as the live engine would have got it. */
  readonly alert: Alert;
}

/** A change with the services that it touches, in our words. */
export interface PlacedChange {
  readonly past: PastChange;
  /** As the engine knows changes; a provider's event is one of infrastructure. Its service is the first that it touches. */
  readonly change: Change;
  readonly services: readonly string[];
}

/** Everything that happened, by service. */
export interface Placed {
  readonly pages: readonly PlacedPage[];
  readonly changes: readonly PlacedChange[];
  /** Products of the provider that a service uses, as far as its resources tell. */
  readonly products: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Finds the service of everything. `known` are services of the configuration; `environment` is that of what names none. */
export function placePast(past: Past, known: readonly string[], environment: string): Placed {
  const named = [...past.pages, ...past.changes].flatMap(({ where }) => where.service ?? []);
  const owners = [...past.owners.values()].flatMap((services) => [...services]);
  // What is known by its own name is not taken for another's.
  const services = new Map([...aliasesOf(past.owners), ...knownServices([...new Set([...known, ...owners, ...named])].map((name) => ({ name })))]);
  const context: SourceContext = { environment, services, receivedAt: past.span.to };
  const index = resourceIndex(past.owners);
  return {
    pages: past.pages.map((page) => placePage(page, index, context)),
    changes: past.changes.map((change) => placeChange(change, index, context)),
    products: productsOf(past),
  };
}

function placePage(page: PastPage, index: Index, context: SourceContext): PlacedPage {
  const service = servicesOf(page.where, index, context)[0] ?? 'unknown';
  const environment = environmentOf([page.where.environment], context);
  const { source, name, severity, summary, signal, value, threshold, link, labels, condition, id } = page;
  const told = { source, name, severity, summary, signal, value, threshold, link, ...(labels && { labels }), id, fingerprint: condition };
  const alert = toAlert({ ...told, status: 'firing', environment, service, startsAt: page.begin }, context) as Alert;
  return { ...page, service: alert.service, environment: alert.environment, alert };
}

function placeChange(past: PastChange, index: Index, context: SourceContext): PlacedChange {
  const services = servicesOf(past.where, index, context);
  const kind = past.what === 'provider-event' || past.what === 'run' ? 'infrastructure' : past.what;
  const environment = environmentOf([past.where.environment], context);
  const { id, at, author, summary, from, to, link } = past;
  const change = toChange({ kind, environment, service: services[0] ?? 'unknown', id, at, author, summary, from, to, link }, context) as Change;
  return { past, change, services };
}

/** The source's own word, then the owners of its resources, then what its names say, and those of its resources. */
function servicesOf({ service, resources, names }: Where, index: Index, context: SourceContext): readonly string[] {
  if (service !== undefined) return [serviceOf([service], context)];
  const owned = [...new Set(resources.flatMap((resource) => index(resource)))];
  if (owned.length > 0) return owned;
  const found = serviceOf([...names, ...names.flatMap(stems), ...resources.flatMap(namesIn)], context);
  return found === 'unknown' ? [] : [found];
}

type Index = (resource: string) => readonly string[];

/** Owners of a resource by its ARN or by its bare id: sources write either. */
function resourceIndex(owners: Past['owners']): Index {
  const byId = new Map<string, Set<string>>();
  const arns = new Map<string, Set<string>>();
  for (const [resource, services] of owners) {
    const id = bareId(resource);
    arns.set(id, (arns.get(id) ?? new Set()).add(resource));
    byId.set(id, new Set([...(byId.get(id) ?? []), ...services]));
  }
  return (resource) => {
    const exact = owners.get(resource);
    if (exact) return [...exact];
    const id = bareId(resource);
    const services = byId.get(id) ?? new Set();
    // The same bare id of resources of several services tells none of them.
    return (arns.get(id)?.size ?? 0) === 1 || services.size === 1 ? [...services] : [];
  };
}

function productsOf({ owners, pages }: Past): ReadonlyMap<string, ReadonlySet<string>> {
  const products = new Map<string, Set<string>>();
  const add = (service: string, product: string): void => void products.set(service, (products.get(service) ?? new Set()).add(product));
  for (const [resource, services] of owners) for (const service of services) add(service, resource.split(':')[2] ?? '');
  for (const { where } of pages) if (where.service !== undefined) for (const product of where.products ?? []) add(where.service, product);
  return products;
}
