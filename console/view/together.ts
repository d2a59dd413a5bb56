import type { IncidentView } from '../../domain/incident-view';
import { hrefOf } from '../route';

/** What the page says of other services and incidents, as ends of sentences. */
export interface Together {
  readonly joined: readonly { readonly service: string; readonly text: string }[];
  readonly related: readonly { readonly incidentId: string; readonly href: string; readonly text: string }[];
}

/** Services whose alerts joined an incident, and incidents that have to do with it, each with the reason. */
export function together({ joined = [], related = [] }: Pick<IncidentView, 'joined' | 'related'>): Together {
  return {
    joined: joined.map(({ service, reason, firing, conditions }) => ({
      service,
      text: `joined (${String(firing)} of ${String(conditions)} fire), as ${reason}.`,
    })),
    related: related.map(({ incidentId, reason }) => ({ incidentId, href: hrefOf({ page: 'incident', id: incidentId }), text: `${reason}.` })),
  };
}
