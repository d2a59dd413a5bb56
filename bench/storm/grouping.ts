/** Alert ids of one incident. */
export interface Grouped {
  readonly incidentId: string;
  readonly ids: readonly string[];
}

/** How well incidents match the groups that were planted, 0 to 1 each. */
export interface Grouping {
  /** Share of the alerts in incidents that belong to the group most of their incident's alerts are of. */
  readonly purity: number;
  /** Share of the planted alerts that are in the one incident which holds most of their group. */
  readonly completeness: number;
}

/** Measures incidents against groups; `groupOf` tells the group that an alert was planted in. An alert that is in no incident, or in two, counts against completeness or purity. */
export function measureGrouping(planted: readonly string[], incidents: readonly Grouped[], groupOf: (id: string) => string): Grouping {
  const perGroup = tally(planted.map((id) => groupOf(id)));
  const best = new Map<string, number>();
  let alerts = 0;
  let pure = 0;
  for (const { ids } of incidents) {
    const counts = tally(ids.map((id) => groupOf(id)));
    alerts += ids.length;
    pure += Math.max(0, ...counts.values());
    const distinct = tally([...new Set(ids)].map((id) => groupOf(id)));
    for (const [group, count] of distinct) best.set(group, Math.max(best.get(group) ?? 0, count));
  }
  const complete = [...perGroup.keys()].reduce((sum, group) => sum + (best.get(group) ?? 0), 0);
  return { purity: share(pure, alerts), completeness: share(complete, planted.length) };
}

function tally(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
