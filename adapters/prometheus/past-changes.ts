import { defined } from '../../domain/defined';
import type { PastChange } from '../../domain/lookback/facts';
import { digestId } from '../../domain/outside-text';
import type { Series } from './past-api';
import { whereOf } from './past-alerts';

/** Labels that say the version, the most telling first. */
const VERSIONS = ['release', 'version', 'revision', 'commit', 'git_commit'];
/** Labels that differ from instance to instance, or from build to build. */
const VARIES = new Set([
  ...VERSIONS,
  ...['__name__', 'instance', 'pod', 'pod_name', 'node', 'host', 'hostname', 'container', 'container_id', 'uid', 'endpoint'],
  ...['goversion', 'branch', 'tags', 'build_date', 'builddate', 'build_user', 'goos', 'goarch', 'python_version'],
]);

/**
 * Deployments, as `…_build_info` shows another version than before: one for each time a version comes that did not run then, however long the instances take. Of the time between the two
 * points it is that of a restart (`starts`) in it, or the middle.
 */
export function versionChanges(series: readonly Series[], starts: readonly PastChange[]): PastChange[] {
  const groups = new Map<string, { labels: Series['labels']; versions: Map<number, Map<string, number>> }>();
  for (const { labels, points } of series) {
    const version = VERSIONS.map((name) => labels[name]).find((value) => value !== undefined && value !== '');
    if (version === undefined || labels['__name__'] === 'go_build_info') continue;
    const key = JSON.stringify([labels['__name__'], ...steady(labels)]);
    const group = groups.get(key) ?? { labels, versions: new Map<number, Map<string, number>>() };
    groups.set(key, group);
    for (const [at] of points) {
      const running = group.versions.get(at) ?? new Map<string, number>();
      group.versions.set(at, running.set(version, (running.get(version) ?? 0) + 1));
    }
  }
  return [...groups].flatMap(([key, { labels, versions }]) => comings(versions).map((each) => deployment(key, labels, each, starts)));
}

interface Coming {
  /** Last point without it, and first one with it. */
  readonly after: number;
  readonly at: number;
  readonly from: string;
  readonly to: string;
}

function comings(versions: ReadonlyMap<number, ReadonlyMap<string, number>>): Coming[] {
  const found: Coming[] = [];
  let before: ReadonlyMap<string, number> | undefined;
  let after = 0;
  for (const [at, running] of [...versions].sort(([a], [b]) => a - b)) {
    const [from] = [...(before ?? [])].sort(([, a], [, b]) => b - a)[0] ?? [];
    for (const to of running.keys()) if (from !== undefined && before?.has(to) !== true) found.push({ after, at, from, to });
    before = running;
    after = at;
  }
  return found;
}

function deployment(key: string, labels: Series['labels'], { after, at, from, to }: Coming, starts: readonly PastChange[]): PastChange {
  const where = whereOf(labels);
  const start = starts.find((each) => each.at > after && each.at <= at && each.where.names[0] === where.names[0]);
  const metric = labels['__name__'] ?? 'build_info';
  const facts = { kind: 'change' as const, id: digestId('ch', [key, at, to]), what: 'deployment' as const, by: 'automation' as const };
  const when = start?.at ?? Math.round((after + at) / 2);
  return { ...facts, at: when, author: 'unknown', summary: `Release ${to}, as ${metric} shows`, from, to, where };
}

/** Restarts of instances that ran before: `process_start_time_seconds` is the time itself. */
export function restarts(series: readonly Series[]): PastChange[] {
  return series.flatMap(({ labels, points }) => {
    const starts = [...new Set(points.map(([, value]) => value).filter(Number.isFinite))];
    return starts.slice(1).map((seconds): PastChange => {
      const instance = labels['instance'];
      const at = Math.round(seconds * 1000);
      const summary = `Restart of ${instance ?? 'an instance'}`;
      const id = digestId('ch', ['restart', ...steady(labels), instance ?? '', at]);
      return { kind: 'change', id, what: 'restart', by: 'automation', at, author: 'unknown', summary, where: whereOf(labels) };
    });
  });
}

/** Changes of the specification of a Kubernetes Deployment; those that come with another number of replicas are scaling, and no change of what runs. */
export function specChanges(generations: readonly Series[], replicas: readonly Series[]): PastChange[] {
  const key = ({ namespace, deployment: name, cluster }: Series['labels']): string => JSON.stringify([cluster, namespace, name]);
  const scaled = new Map(replicas.map(({ labels, points }) => [key(labels), new Map(points)]));
  return generations.flatMap(({ labels, points }) =>
    points.slice(1).flatMap(([at, generation], i): PastChange[] => {
      const [earlier, before] = points[i] ?? [at, generation];
      const sizes = scaled.get(key(labels));
      if (generation <= before || sizes?.get(at) !== sizes?.get(earlier)) return [];
      const { namespace, deployment: name = 'unknown', region, cluster } = labels;
      const summary = `The specification of Deployment ${namespace === undefined ? '' : `${namespace}/`}${name} changed (generation ${String(before)} to ${String(generation)})`;
      const where = defined({ names: [name], resources: [], environment: labels['environment'] ?? labels['env'], region });
      const id = digestId('ch', ['generation', cluster ?? '', namespace ?? '', name, generation]);
      return [{ kind: 'change', id, what: 'configuration', by: 'automation', at, author: 'unknown', summary, where }];
    }),
  );
}

function steady(labels: Series['labels']): string[] {
  return Object.entries(labels)
    .filter(([name]) => !VARIES.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`);
}
