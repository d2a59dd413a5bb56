import { errorMessage } from '../domain/errors';
import type { SeriesDefinition } from '../domain/series/definition';
import { SERIES_SOURCE } from '../domain/series/definition';
import { advance, isDue, MOST_KEYS, nothingNew, planWindows, progressName, readProgress, watermark } from '../domain/series/progress';
import type { Progress } from '../domain/series/progress';
import { windowSums } from '../domain/series/windows';
import type { Bucket } from '../domain/series/windows';
import type { MetricPoint } from '../domain/telemetry';
import type { Archive } from '../ports/archive';
import type { Clock } from '../ports/clock';
import type { StateStore } from '../ports/store';
import { MOST_STREAMS, readStreams, sight } from './series-streams';
import type { Sight } from './series-streams';
import { repeat } from './repeat';
import type { Repeated } from './repeat';

/** What the measuring of series works with. */
export interface SeriesDeps {
  readonly definitions: readonly SeriesDefinition[];
  readonly archive: Pick<Archive, 'points' | 'logs' | 'builds' | 'writer'>;
  readonly state: StateStore;
  readonly clock: Clock;
  readonly log: { warn(fields: object, message: string): void };
}

/** How often it is asked whether a window may be whole, milliseconds: that alone reads nothing. */
const LOOK_EVERY_MS = 1000;
/** Buckets that are written in one transaction. */
const WRITTEN_AT_ONCE = 2000;

/** One declared series under way. */
interface Running {
  readonly definition: SeriesDefinition;
  progress: Progress | undefined;
  lastLook: number;
  lastVolume: number | undefined;
  readonly told: Set<string>;
}

/** Measures what is due. */
export interface SeriesMeasurer {
  /** Looks at every declared series once. What fails is told and tried again at the next turn. */
  turn(): Promise<void>;
}

/**
 * Measures the declared series whenever windows are whole, and puts their buckets into the archive as gauges of the source `nightshift`. Progress is saved after the buckets are
 * written: killed in between, the same windows are measured and written again with the same values.
 */
export function seriesMeasurer(deps: SeriesDeps): SeriesMeasurer {
  const all = deps.definitions.map((definition): Running => ({
    definition,
    progress: undefined,
    lastLook: -Infinity,
    lastVolume: undefined,
    told: new Set<string>(),
  }));
  return {
    async turn() {
      for (const each of all) {
        await look(deps, each).catch((error: unknown) => {
          each.lastVolume = undefined;
          deps.log.warn({ series: each.definition.name, error: errorMessage(error) }, 'a series could not be measured; it is tried again');
        });
      }
    },
  };
}

/** Takes a turn every second, until it is stopped. */
export function createSeriesLoop(deps: SeriesDeps): Repeated {
  if (deps.definitions.length === 0) return { stop: () => Promise.resolve() };
  const measurer = seriesMeasurer(deps);
  return repeat(async () => {
    await measurer.turn();
    return LOOK_EVERY_MS;
  });
}

/** Measures one series as far as its windows are whole; at most so many windows, as the loop comes back. */
async function look(deps: SeriesDeps, running: Running): Promise<void> {
  const { definition } = running;
  const now = deps.clock.now();
  const progress = (running.progress ??= readProgress(definition, await deps.state.load(progressName(definition.name)), now));
  if (!isDue(definition, progress, running.lastLook, now)) return;
  const seen = await sight(deps.archive, definition, now);
  const plan = planWindows(definition, progress, watermark(definition, seen.newest, now));
  running.lastLook = now;
  if (!plan) return;
  const unchanged = plan.lastEnd === progress.madeTo && seen.volume !== undefined && seen.volume === running.lastVolume;
  const next = unchanged ? nothingNew(progress, plan) : await measure(deps, running, progress, plan, seen, now);
  if (JSON.stringify(next) !== JSON.stringify(progress)) await deps.state.save(progressName(definition.name), next);
  running.progress = next;
  running.lastVolume = seen.volume;
}

async function measure(
  deps: SeriesDeps,
  running: Running,
  before: Progress,
  plan: NonNullable<ReturnType<typeof planWindows>>,
  seen: Sight,
  now: number,
): Promise<Progress> {
  const { definition } = running;
  const sums = windowSums(definition, { ...plan, mostKeys: MOST_KEYS, known: before.known });
  const over = await readStreams(deps.archive, definition, plan, seen, (stream) => sums.add(stream));
  const measured = sums.measure();
  const { write, progress } = advance(definition, before, plan, measured);
  const refused = await put(deps, definition, write, now);
  tellOnce(deps, running, [
    [over, `it has more streams than are read (${MOST_STREAMS.series} series, ${MOST_STREAMS.templates} templates, ${MOST_STREAMS.builds} builds)`],
    [measured.overKeys > 0, `it has more than ${MOST_KEYS} sets of labels; those beyond are not measured: fewer labels in \`by\` help`],
    [measured.unfit > 0, `${definition.measure} means nothing of some of its streams; they are left aside`],
    [refused > 0, 'the archive refused buckets of it'],
  ]);
  return { ...progress, counts: { ...progress.counts, refused: progress.counts.refused + refused } };
}

/** Returns how many the archive did not take. */
async function put({ archive }: SeriesDeps, definition: SeriesDefinition, buckets: readonly Bucket[], now: number): Promise<number> {
  let refused = 0;
  for (let i = 0; i < buckets.length; i += WRITTEN_AT_ONCE) {
    const points = buckets.slice(i, i + WRITTEN_AT_ONCE).map((bucket) => pointOf(definition, bucket));
    const kept = await archive.writer.keep({ points }, now);
    refused += Object.values(kept.points.refused).reduce((sum, each) => sum + each, 0);
  }
  return refused;
}

function pointOf({ name, unit }: SeriesDefinition, { environment, service, labels, end, value }: Bucket): MetricPoint {
  const point = { source: SERIES_SOURCE, environment, service, metric: name, kind: 'gauge', at: new Date(end).toISOString(), value, labels } as const;
  return unit === undefined ? point : { ...point, unit };
}

/** Each once while the process runs: what is wrong with a declaration is wrong every minute. */
function tellOnce({ log }: SeriesDeps, { told, definition }: Running, causes: readonly (readonly [boolean, string])[]): void {
  for (const [holds, text] of causes) {
    if (!holds || told.has(text)) continue;
    told.add(text);
    log.warn({ series: definition.name }, `a series is not measured whole: ${text}`);
  }
}
