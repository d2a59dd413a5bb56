/** What the page shows; it stands behind the `#` of the address, so that a link can be shared and no server is asked for it. */
export type Route =
  { readonly page: 'list'; readonly closedToo: boolean } | { readonly page: 'incident'; readonly id: string } | { readonly page: 'standings' };

const INCIDENT = /^\/incidents\/(inc-[a-z2-7]{16})$/;

/** The route of a hash such as `#/incidents/inc-…`; anything else is the list. */
export function routeOf(hash: string): Route {
  const path = hash.replace(/^#/, '');
  if (path === '/standings') return { page: 'standings' };
  const id = INCIDENT.exec(path)?.[1];
  return id === undefined ? { page: 'list', closedToo: path === '/all' } : { page: 'incident', id };
}

/** The hash of a route, for a link. */
export function hrefOf(route: Route): string {
  if (route.page === 'incident') return `#/incidents/${route.id}`;
  if (route.page === 'standings') return '#/standings';
  return route.closedToo ? '#/all' : '#/';
}
