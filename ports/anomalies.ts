import type { Feedback } from '../domain/anomaly/threshold';
import type { AnomalyRecord } from '../domain/detection/anomaly-record';

/** Which anomalies: those with `from <= at <= to`, epoch milliseconds. */
export interface AnomalyFilter {
  readonly environment?: string;
  readonly service?: string;
  readonly from: number;
  readonly to: number;
  readonly limit: number;
}

/** Anomalies with what their pictures need; as long as points are kept. */
export interface AnomalyStore {
  /** Idempotent on the id: the first is kept. */
  put(record: AnomalyRecord): Promise<void>;
  get(id: string): Promise<AnomalyRecord | undefined>;
  /** Newest first. */
  list(filter: AnomalyFilter): Promise<readonly AnomalyRecord[]>;
}

/** What became of an anomaly, as it is told to the watch of its series. */
export interface AnomalyFeedback {
  /** Rises from one to the next, and is readable only once all before it are. */
  readonly id: number;
  readonly anomaly: string;
  /** Key of its series. */
  readonly series: string;
  readonly score: number;
  readonly what: Feedback;
  /** `person:ana`, or `nightshift` for what followed from the end of an incident. */
  readonly by: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** What a person said. */
export interface ToldFeedback {
  readonly what: Feedback;
  /** Name of the person. */
  readonly by: string;
  /** ISO 8601. */
  readonly at: string;
  readonly anomalies: readonly string[];
  /** The incident that it was said of, where it was not said of one anomaly. */
  readonly incidentId?: string;
}

/** What became of anomalies, append-only. That an incident was fixed or ignored is written with its last transition. */
export interface FeedbackStore {
  /** Records it with its audit record; returns the anomalies that nobody had said that of. It counts once however many say so, and of an anomaly that is not kept any more not at all. */
  tell(told: ToldFeedback): Promise<readonly string[]>;
  /** What was told after an id, 0 for all, in order; none is missed by reading on after the last. */
  since(id: number, limit: number): Promise<readonly AnomalyFeedback[]>;
}
