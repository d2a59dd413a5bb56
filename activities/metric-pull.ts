import { dueSpan, metricPoints } from '../domain/aws/metric-pull';
import type { AwsMetric } from '../domain/aws/metric';
import { placeText } from '../domain/aws/place';
import { errorMessage } from '../domain/errors';
import type { ArchiveWriter } from '../ports/archive';
import type { Clock } from '../ports/clock';
import type { MetricQueries } from '../ports/metric-queries';
import type { StateStore } from '../ports/store';
import { repeat } from './repeat';
import type { Repeated } from './repeat';

/** What reading metrics works with. */
export interface MetricPullDeps {
  readonly metrics: readonly AwsMetric[];
  readonly queries: Pick<MetricQueries, 'read'>;
  readonly writer: ArchiveWriter;
  readonly state: StateStore;
  readonly clock: Clock;
  readonly log: { warn(fields: object, message: string): void };
  /** Called with its name whenever a metric was read. */
  readonly onRead?: (name: string) => void;
}

/** Reads metrics into the archive. */
export interface MetricPuller {
  /** Reads every metric that is due. What fails is told once and tried again at the next turn; the others are read all the same, one after the other until the signal is aborted. */
  turn(signal: AbortSignal): Promise<void>;
}

const TURN_MS = 15_000;

/** Where it was read to is saved after its points are committed, and a point that comes again is known by its series and time: killed at any moment, each is there once. */
export function metricPuller(deps: MetricPullDeps): MetricPuller {
  const failing = new Set<string>();
  return {
    async turn(signal) {
      for (const metric of deps.metrics) {
        const { name } = metric;
        const key = metricKey(metric);
        try {
          signal.throwIfAborted();
          if (await read(deps, metric, signal)) deps.onRead?.(name);
          failing.delete(key);
        } catch (error) {
          if (signal.aborted) return;
          if (!failing.has(key)) deps.log.warn({ metric: name, error: errorMessage(error) }, 'a metric could not be read; it is tried again');
          failing.add(key);
        }
      }
    },
  };
}

/** Takes a turn every fifteen seconds in each place, until it is stopped: a region that does not answer holds up no other. One process at a time should. */
export function createMetricPuller(deps: MetricPullDeps): Repeated {
  const stopping = new AbortController();
  const places = [...new Set(deps.metrics.map(placeText))];
  const loops = places.map((place) => {
    const puller = metricPuller({ ...deps, metrics: deps.metrics.filter((metric) => placeText(metric) === place) });
    return repeat(async () => {
      await puller.turn(stopping.signal);
      return TURN_MS;
    });
  });
  return {
    async stop() {
      stopping.abort();
      await Promise.all(loops.map((loop) => loop.stop()));
    },
  };
}

function metricKey(metric: AwsMetric): string {
  return `${placeText(metric)}/${metric.name}`;
}

/** False where nothing was due. */
async function read({ queries, writer, state, clock }: MetricPullDeps, metric: AwsMetric, signal: AbortSignal): Promise<boolean> {
  const progress = `metric:${metricKey(metric)}`;
  const { readTo } = ((await state.load(progress)) ?? {}) as { readonly readTo?: number };
  const now = clock.now();
  const due = dueSpan(metric.everyMs, readTo, now);
  if (!due) return false;
  const points = metricPoints(metric, await queries.read(metric, due.from, due.to, signal));
  if (points.length > 0) await writer.keep({ points }, now);
  await state.save(progress, { readTo: due.to });
  return true;
}
