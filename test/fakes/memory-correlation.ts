import type { IncidentView } from '../../domain/incident-view';
import type { ConditionRoute, CorrelationStore, Episode, RelatedIncident, ServiceIncidents, ServiceRelation } from '../../ports/correlation';

/** What correlation keeps, in memory; `views` is the projection. */
export class MemoryCorrelation implements CorrelationStore {
  readonly kept = new Map<string, ConditionRoute>();
  readonly relations: ServiceRelation[] = [];
  readonly splits: { readonly incidentId: string; readonly service: string; readonly by: string }[] = [];

  constructor(private readonly views: () => readonly IncidentView[]) {}

  async routes(): Promise<readonly ConditionRoute[]> {
    return [...this.kept.values()];
  }

  async incidentsOf(environment: string, services: readonly string[]): Promise<readonly ServiceIncidents[]> {
    return services.map((service) => {
      const all = this.views().filter((view) => view.environment === environment && view.service === service);
      const open = all.find(({ status }) => status !== 'resolved');
      const ends = all.flatMap(({ resolvedAt }) => (resolvedAt === undefined ? [] : [Date.parse(resolvedAt)]));
      return { service, ...(ends.length === 0 ? {} : { lastClosedAt: Math.max(...ends) }), ...(open && { open: this.shown(open) }) };
    });
  }

  async save({ routes, forget, relations }: Parameters<CorrelationStore['save']>[0]): Promise<void> {
    for (const route of routes) this.kept.set(route.key, route);
    for (const key of forget) this.kept.delete(key);
    this.relations.push(...relations);
  }

  async split(incidentId: string, service: string, by: string): Promise<void> {
    if (!this.splits.some((one) => one.incidentId === incidentId && one.service === service)) this.splits.push({ incidentId, service, by });
  }

  async related(own: Parameters<CorrelationStore['related']>[0]): Promise<readonly RelatedIncident[]> {
    return this.relations.flatMap(({ service, other, reason }) => {
      const name = own.service === service ? other : own.service === other ? service : undefined;
      const theirs = this.views().find((view) => view.service === name);
      return theirs ? [{ incidentId: theirs.incidentId, reason }] : [];
    });
  }

  async episodes(since: number): Promise<readonly Episode[]> {
    return this.views().flatMap(({ incidentId, environment, service, openedAt, resolvedAt }) => {
      const closedAt = resolvedAt === undefined ? undefined : Date.parse(resolvedAt);
      if (closedAt !== undefined && closedAt < since) return [];
      return [{ incidentId, environment, service, openedAt: Date.parse(openedAt), ...(closedAt === undefined ? {} : { closedAt }) }];
    });
  }

  private shown({ incidentId, workflowId, status, openedAt, remediation, alerts }: IncidentView): NonNullable<ServiceIncidents['open']> {
    const split = this.splits.filter((one) => one.incidentId === incidentId).map(({ service }) => service);
    return { incidentId, workflowId, status, openedAt: Date.parse(openedAt), acted: remediation !== undefined, alerts, split };
  }
}
