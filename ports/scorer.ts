import type { Judged } from '../domain/anomaly/watch';
import type { SeriesValue } from '../domain/detection/service-watch';

/** Says how strange values are. */
export interface Scorer {
  /** Judges values, one of each series, by what the watch of each knows, and has the watch learn it. The answers are in the order of the values. */
  judge(values: readonly SeriesValue[]): Promise<readonly Judged[]>;
}
