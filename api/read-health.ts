import { defined } from '../domain/defined';
import { HEALTH_LIMITS } from '../domain/pipeline-health';
import type { HealthBuild, HealthIncident, HealthInput, HealthMark } from '../domain/pipeline-health';
import { marksOf, QUALITY_STATE, readReport } from '../domain/quality/report';
import type { IncidentFilter } from '../ports/store';
import type { ApiDeps } from './types';

/** Which services and which time (epoch milliseconds). */
export interface HealthQuery {
  readonly environment?: string;
  readonly service?: string;
  /** Only this pipeline. */
  readonly name?: string;
  readonly from: number;
  readonly to: number;
}

/** Some of a list, and whether there is more of it than is read. */
interface Some<T> {
  readonly some: readonly T[];
  readonly more: boolean;
}

// Builds with all their steps are large: only so many are in memory at once.
const BUILD_PAGE = 500;
const INCIDENT_PAGE = 100;

/** Reads what a health report is made of, page by page and within its limits. */
export async function readHealth(deps: Pick<ApiDeps, 'store'>, query: HealthQuery): Promise<HealthInput> {
  const [builds, incidents, marks] = [await readBuilds(deps, query), await readIncidents(deps, query), await readMarks(deps, query)];
  const lists = { builds, incidents, marks };
  const cut = (['builds', 'incidents', 'marks'] as const).filter((name) => lists[name].more);
  return { from: query.from, to: query.to, builds: builds.some, incidents: incidents.some, marks: marks.some, cut };
}

async function readBuilds({ store }: Pick<ApiDeps, 'store'>, query: HealthQuery): Promise<Some<HealthBuild>> {
  const some: HealthBuild[] = [];
  while (some.length <= HEALTH_LIMITS.builds) {
    const after = some.at(-1);
    const page = await store.archive.builds.list({ ...query, ...defined({ after }), limit: BUILD_PAGE });
    some.push(...page.map(({ steps: _steps, ...rest }) => rest));
    if (page.length < BUILD_PAGE) break;
  }
  return upTo(HEALTH_LIMITS.builds, some);
}

/** Incidents that opened in the time, and those that opened before and are still open. */
async function readIncidents({ store }: Pick<ApiDeps, 'store'>, { environment, service, from, to }: HealthQuery): Promise<Some<HealthIncident>> {
  const where = defined({ environment, service });
  const [from8601, to8601] = [new Date(from).toISOString(), new Date(to).toISOString()];
  const opened = await listUntil(store, where, from8601);
  const open = await listUntil(store, { ...where, open: true }, '');
  const byId = new Map([...open.some, ...opened.some].map((each) => [each.incidentId, each]));
  const { some, more } = upTo(
    HEALTH_LIMITS.incidents,
    [...byId.values()].filter(({ openedAt }) => openedAt <= to8601),
  );
  return { some, more: more || opened.more || open.more };
}

/** Incidents of a filter, newest first, down to those that opened before a time (ISO 8601). */
async function listUntil(store: ApiDeps['store'], filter: Omit<IncidentFilter, 'limit' | 'cursor'>, since: string): Promise<Some<HealthIncident>> {
  const some: HealthIncident[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.incidents.list({ ...filter, ...defined({ cursor }), limit: INCIDENT_PAGE });
    for (const { incidentId, environment, service, title, severity, status, openedAt, resolvedAt } of page.incidents) {
      if (openedAt < since) return { some, more: false };
      some.push({ incidentId, environment, service, title, severity, status, openedAt, ...defined({ resolvedAt }) });
    }
    cursor = page.next;
  } while (cursor !== undefined && some.length < HEALTH_LIMITS.incidents);
  return { some, more: cursor !== undefined };
}

/** Marks of data quality that are known now and began before the end of the time. */
async function readMarks({ store }: Pick<ApiDeps, 'store'>, query: HealthQuery): Promise<Some<HealthMark>> {
  const marks = marksOf(readReport(await store.state.load(QUALITY_STATE)), query)
    .filter(({ since }) => since <= query.to)
    .map(({ rule, since, detail, series: { metric = 'all metrics', labels = {}, ...place } }) => {
      const names = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
      return { ...place, series: [metric, ...names].join(' '), rule, since: new Date(since).toISOString(), detail };
    });
  return upTo(HEALTH_LIMITS.marks, marks);
}

function upTo<T>(most: number, list: readonly T[]): Some<T> {
  return { some: list.slice(0, most), more: list.length > most };
}
