import { defined } from '../domain/defined';
import { errorCode } from '../domain/errors';
import type { SeriesDefinition, StreamFilter } from '../domain/series/definition';
import { hasLabels, SERIES_SOURCE } from '../domain/series/definition';
import { longestPause, observe, observeBuild, observeLines } from '../domain/series/observe';
import type { Plan } from '../domain/series/progress';
import type { Stream } from '../domain/series/stream';
import type { Archive, Series } from '../ports/archive';

/** Series of the archive, templates of logs and builds that one declared series reads at most. */
export const MOST_STREAMS = { series: 5000, templates: 2000, builds: 10_000 } as const;
/** Series whose points are in memory at the same time. */
const SERIES_AT_ONCE = 200;
const PAGE = 1000;

/** What the archive is read by. */
export type StreamSources = Pick<Archive, 'points' | 'logs' | 'builds'>;

/** Where the streams of a declared series stand. */
export interface Sight {
  readonly series: readonly Series[];
  /** Newest time of an event, epoch milliseconds; undefined where there is none. */
  readonly newest: number | undefined;
  /** Changes whenever something arrived; undefined where nobody can tell. */
  readonly volume: number | undefined;
  /** True when there are more streams than are read. */
  readonly over: boolean;
}

/** Looks at which streams there are, without reading them. Lines and builds are not looked at: their newest event is taken to be now. */
export async function sight(sources: StreamSources, { name, from }: SeriesDefinition, now: number): Promise<Sight> {
  if (from.metric === undefined) return { series: [], newest: now, volume: undefined, over: false };
  const series: Series[] = [];
  for (let after = 0; series.length <= MOST_STREAMS.series;) {
    const page = await sources.points.series({ ...placeOf(from), metric: from.metric, labels: from.labels, after, limit: PAGE });
    series.push(...page.filter((each) => (from.source ?? each.source) === each.source && !isOwn(each, name)));
    after = page.at(-1)?.id ?? 0;
    if (page.length < PAGE) break;
  }
  const read = series.slice(0, MOST_STREAMS.series);
  return {
    series: read,
    newest: read.length === 0 ? undefined : Math.max(...read.map(({ counts }) => counts.last)),
    volume: read.reduce((sum, { counts }) => sum + counts.points + counts.corrected, 0),
    over: series.length > read.length,
  };
}

/** Hands out the streams with all that windows of the plan need. Returns true when there were more than are read. */
export async function readStreams(
  sources: StreamSources,
  definition: SeriesDefinition,
  plan: Plan,
  seen: Sight,
  take: (stream: Stream) => void,
): Promise<boolean> {
  const { from } = definition;
  if (from.metric !== undefined) {
    await readPoints(sources, definition, plan, seen.series, take);
    return seen.over;
  }
  const time = { ...placeOf(from), from: plan.firstEnd - definition.windowMs, to: plan.lastEnd };
  return from.log === undefined ? readBuilds(sources, from, time, take) : readLines(sources, from, time, take);
}

async function readPoints({ points }: StreamSources, definition: SeriesDefinition, plan: Plan, series: readonly Series[], take: (stream: Stream) => void) {
  const pause = longestPause(definition.windowMs);
  const start = plan.firstEnd - definition.windowMs;
  const read = async (some: readonly Series[], from: number): Promise<void> => {
    try {
      const found = await points.read(
        some.map(({ id }) => id),
        from,
        plan.lastEnd,
      );
      for (const { id, kind, environment, service, labels } of some) {
        take({ environment, service, kind: kindOf(kind, found.get(id)?.[0]?.histogram), labels, observations: observe(kind, found.get(id) ?? [], pause) });
      }
    } catch (error) {
      if (errorCode(error) !== 'too_large' || some.length <= 1) throw error;
      const half = Math.ceil(some.length / 2);
      await read(some.slice(0, half), from);
      await read(some.slice(half), from);
    }
  };
  // What a counter grew by needs the reading before the first window too.
  const grows = (each: Series): boolean => each.kind === 'counter' || each.kind === 'histogram';
  for (const [some, from] of [[series.filter(grows), start - pause] as const, [series.filter((each) => !grows(each)), start] as const]) {
    for (let i = 0; i < some.length; i += SERIES_AT_ONCE) await read(some.slice(i, i + SERIES_AT_ONCE), from);
  }
}

/** A histogram that counts since the point before comes as a delta. */
function kindOf(kind: Series['kind'], histogram: object | undefined): Stream['kind'] {
  return kind === 'delta' && histogram !== undefined ? 'histogram' : kind;
}

type Time = ReturnType<typeof placeOf> & { readonly from: number; readonly to: number };

async function readLines({ logs }: StreamSources, from: StreamFilter, time: Time, take: (stream: Stream) => void): Promise<boolean> {
  // A minute belongs to its end.
  const found = await logs.templates({ ...time, from: time.from - 60_000, limit: MOST_STREAMS.templates });
  for (const { source, environment, service, level, template, minutes } of found) {
    const labels = { level, template };
    if ((from.source ?? source) !== source || !template.includes(from.log ?? '') || !hasLabels(from, labels)) continue;
    take({ environment, service, kind: 'log', labels, observations: observeLines(minutes) });
  }
  return found.length >= MOST_STREAMS.templates;
}

async function readBuilds({ builds }: StreamSources, from: StreamFilter, time: Time, take: (stream: Stream) => void): Promise<boolean> {
  const found = await builds.list({ ...time, limit: MOST_STREAMS.builds });
  for (const build of found) {
    const { source, environment, service, name, result, branch } = build;
    const labels = { name, result, ...(branch === undefined ? {} : { branch }) };
    if ((from.source ?? source) !== source || !hasLabels(from, labels)) continue;
    take({ environment, service, kind: 'builds', labels, observations: observeBuild(build) });
  }
  return found.length >= MOST_STREAMS.builds;
}

function placeOf({ environment, service }: StreamFilter): { readonly environment?: string; readonly service?: string } {
  return defined({ environment, service });
}

/** Another series may be read; its own buckets never. */
function isOwn(series: Series, name: string): boolean {
  return series.source === SERIES_SOURCE && series.metric === name;
}
