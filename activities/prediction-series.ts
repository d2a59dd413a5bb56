import { MOST_POINTS, stepMs, stepReaching } from '../domain/forecast/grid';
import { findService } from '../domain/inventory';
import type { Service } from '../domain/inventory';
import type { PredictedSeries } from '../domain/prediction/prediction-alert';
import { predictionKey } from '../domain/prediction/prediction-alert';
import { StepMeans } from '../domain/prediction/step-means';
import { SATURATION } from '../domain/detection/measures';
import type { MeasureRow } from '../domain/detection/measure-row';
import type { SeriesDefinition } from '../domain/series/definition';
import { labelsText } from '../domain/series/labels-text';
import { SERIES_SOURCE } from '../domain/series/definition';
import type { PointReader, Series } from '../ports/archive';
import type { MeasureHistory } from '../ports/measures';
import type { SampleArchive } from '../ports/metrics';
import { keptRows, rowsOfSamples } from './measure-history';

/** A series that is looked at ahead of time, with its history. */
export interface Followed {
  readonly series: PredictedSeries;
  readonly means: StepMeans;
}

/** Reads the history of some series; at the second time only what came since. */
export interface Follower {
  /** What it reads, for people. */
  readonly name: string;
  refresh(now: number): Promise<readonly Followed[]>;
}

/** Where histories are read; `keepMs` is how long they are kept there. */
interface From<R> {
  readonly reader: R;
  readonly keepMs: number;
  readonly horizonMs: number;
}

/** Series of one declaration that are followed at most: each costs a forecast. */
const MOST_OF_ONE = 50;
/** Buckets that are read in one go. */
const READ_AT_ONCE = 20_000;
const MINUTE = 60_000;
/** A resource is full from here on: few gauges ever reach their limit to the last digit. */
const FULL = 0.99;

/** Follows the buckets of a declared series, one history for each set of its labels. */
export function declaredFollower(
  definition: SeriesDefinition & Required<Pick<SeriesDefinition, 'limit'>>,
  services: readonly Service[],
  { reader, keepMs, horizonMs }: From<PointReader>,
): Follower {
  const { name, slideMs, windowMs, latenessMs } = definition;
  const step = stepMs(stepReaching({ unit: 'ms', size: slideMs }, horizonMs));
  const reachMs = Math.min(keepMs, MOST_POINTS * step);
  const known = new Map<number, Followed & { readTo: number }>();
  return {
    name,
    async refresh(now) {
      const found = await reader.series({ metric: name, limit: 2 * MOST_OF_ONE });
      const ours = found.filter(({ source }) => source === SERIES_SOURCE).slice(0, MOST_OF_ONE);
      const gone = [...known.keys()].filter((id) => !ours.some((each) => each.id === id));
      for (const id of gone) known.delete(id);
      for (const each of ours) {
        const followed = known.get(each.id) ?? { series: seriesOf(definition, each, services), means: new StepMeans(step, MOST_POINTS), readTo: now - reachMs };
        known.set(each.id, followed);
        // What is late changes buckets of a while ago.
        const from = Math.floor((followed.readTo - windowMs - latenessMs) / step) * step;
        followed.means.cut(from);
        for (let begin = from; begin < now; begin += READ_AT_ONCE * slideMs) {
          const points = await reader.read([each.id], begin + 1, Math.min(now, begin + READ_AT_ONCE * slideMs));
          for (const { at, value } of points.get(each.id) ?? []) followed.means.add(at, value);
        }
        followed.readTo = now;
      }
      return [...known.values()];
    },
  };
}

function seriesOf({ name, limit }: SeriesDefinition & Required<Pick<SeriesDefinition, 'limit'>>, found: Series, services: readonly Service[]): PredictedSeries {
  const { environment, service, labels } = found;
  const text = labelsText(labels);
  const tier = findService({ services }, environment, service)?.tier ?? 'standard';
  const { side, value, severity } = limit;
  return {
    ...{ environment, service, tier, limit: { side, value }, fills: false },
    signal: text === '' ? name : `${name}{${text}}`,
    what: text === '' ? name : `${name} (${text})`,
    ...(severity === undefined ? {} : { severity }),
  };
}

/** Where the rows of services are read, and how long each kind is kept, milliseconds. */
interface FromRows {
  readonly history: Pick<MeasureHistory, 'read'>;
  readonly samples: Pick<SampleArchive, 'read'>;
  readonly rowMs: number;
  readonly measuresMs: number;
  readonly samplesMs: number;
  readonly horizonMs: number;
}

/** Follows how full the resources of a service are, by its rows; what nobody has judged (yet) by the samples that are taken of it. */
export function saturationFollower(service: Service, { history, samples, rowMs, measuresMs, samplesMs, horizonMs }: FromRows): Follower {
  const step = stepMs(stepReaching({ unit: 'ms', size: Math.max(MINUTE, rowMs, service.metrics?.everyMs ?? 0) }, horizonMs));
  const reachMs = Math.min(Math.max(measuresMs, samplesMs), MOST_POINTS * step);
  const known = new Map<string, Followed>();
  let readTo: number | undefined;
  const take = (rows: readonly MeasureRow[]): void => {
    for (const { at, measures } of rows) {
      for (const { name, value } of measures) {
        if (value === null || !name.startsWith(SATURATION)) continue;
        const followed = known.get(name) ?? { series: resourceOf(service, name), means: new StepMeans(step, MOST_POINTS) };
        known.set(name, followed);
        followed.means.add(at, value);
      }
    }
  };
  return {
    name: `${service.environment}/${service.name}`,
    async refresh(now) {
      const to = Math.floor(now / step) * step;
      const from = readTo ?? Math.ceil((now - reachMs) / step) * step;
      let judged = from;
      for await (const rows of keptRows(history, service, { from, to }, rowMs)) {
        take(rows);
        judged = rows.at(-1)?.at ?? judged;
      }
      const since = Math.max(judged, Math.ceil((now - samplesMs) / rowMs) * rowMs);
      take(await rowsOfSamples(samples, service, { from: since, to }, { rowMs, minRequests: 0 }));
      readTo = to;
      return [...known.values()].sort((a, b) => (predictionKey(a.series) < predictionKey(b.series) ? -1 : 1));
    },
  };
}

function resourceOf({ environment, name, tier }: Service, signal: string): PredictedSeries {
  const what = signal.slice(SATURATION.length).replace(/[_-]+/g, ' ');
  return { environment, service: name, tier, signal, what, limit: { side: 'above', value: FULL }, fills: true };
}
