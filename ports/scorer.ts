import type { Anomaly } from '../domain/anomaly/explain';
import type { WatchSettings } from '../domain/anomaly/watch';

/** New values of one series, in order of time, with what is known of the series so far. */
export interface SeriesBatch {
  readonly series: string;
  readonly settings: WatchSettings;
  /** Times are epoch milliseconds; null is a value that is missing. */
  readonly points: readonly { readonly at: number; readonly value: number | null }[];
  /** The `state` of the batch before; absent for a series that is new. */
  readonly state?: Uint8Array;
}

/** A batch as it was scored. */
export interface ScoredBatch {
  readonly series: string;
  /** One for each point, 0 to 1. */
  readonly scores: readonly number[];
  readonly anomalies: readonly Anomaly[];
  readonly state: Uint8Array;
}

/** Scores series. Throws `invalid_input` for a state that is not of these settings. */
export interface Scorer {
  score(batches: readonly SeriesBatch[]): Promise<readonly ScoredBatch[]>;
}
