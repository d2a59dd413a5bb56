import { closedTo, memberOf, World } from '../domain/correlate/world';
import type { Member, OpenIncident } from '../domain/correlate/types';
import type { ConditionRoute, ServiceIncidents } from '../ports/correlation';

/** After so long an alert that was handed to a workflow, and of which no incident is seen, draws no others to it. */
const OPENING_MS = 15 * 60_000;

/** Routes that still count, those that are over, and the incidents that they and the projection speak of. */
export interface KnownWorld {
  readonly world: World;
  readonly over: readonly string[];
}

/** What is open in an environment, by what was routed and what the projection shows. `gone` tells incidents whose workflow does not run any more, whatever the projection says. */
export function worldOf(
  environment: string,
  routes: readonly ConditionRoute[],
  found: readonly ServiceIncidents[],
  { now, gone }: { readonly now: number; readonly gone: (incidentId: string) => boolean },
): KnownWorld {
  const byService = new Map(found.map((each) => [each.service, each]));
  const over: string[] = [];
  const members = new Map<string, { readonly home: string; readonly since: number; readonly list: Member[] }>();
  for (const route of routes) {
    if (isOver(route, byService.get(route.home), now)) over.push(route.key);
    else {
      const known = members.get(route.workflowId) ?? { home: route.home, since: route.at, list: [] };
      known.list.push(route.member);
      members.set(route.workflowId, { ...known, since: Math.min(known.since, route.at) });
    }
  }
  const shown = found.flatMap(({ service, open }): OpenIncident[] => {
    if (!open) return [];
    const routed = members.get(open.workflowId)?.list ?? [];
    members.delete(open.workflowId);
    const rest = open.alerts.map((note) => memberOf(note, service)).filter((note) => !routed.some((each) => sameCondition(each, note)));
    const closed = gone(open.incidentId) ? 'its workflow does not run any more' : closedTo(open);
    const { workflowId, incidentId, openedAt, split } = open;
    return [
      { workflowId, incidentId, environment, service, openedAt, split, members: [...rest, ...routed], ...(closed === undefined ? {} : { closedTo: closed }) },
    ];
  });
  const opening = [...members].map(([workflowId, { home, since, list }]): OpenIncident => {
    const late = now - since > OPENING_MS ? { closedTo: 'it has not opened in a long time' } : {};
    return { workflowId, environment, service: home, openedAt: since, split: [], members: list, ...late };
  });
  return { world: new World([...shown, ...opening]), over };
}

/** Its incident has ended since, or never opened, as what was to open it has ended. */
function isOver({ at, member, workflowId }: ConditionRoute, of: ServiceIncidents | undefined, now: number): boolean {
  if (of?.lastClosedAt !== undefined && of.lastClosedAt >= at) return true;
  if (of?.open) return of.open.workflowId !== workflowId;
  return !member.firing && now - at > OPENING_MS;
}

function sameCondition(a: Member, b: Member): boolean {
  return a.service === b.service && a.fingerprint === b.fingerprint;
}
