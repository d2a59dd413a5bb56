import type { PartEstimate } from '../domain/lookback/estimate';
import type { PastFact, Span } from '../domain/lookback/facts';

/** What came of one part: its facts, or why there are none. `calls` are those that were made, by operation, retries included. */
export interface PartRead {
  readonly part: string;
  readonly calls: Readonly<Record<string, number>>;
  readonly facts: readonly PastFact[];
  /** Why the part could not be read, a sentence; then it has no facts and is tried again by the next run. */
  readonly error?: string;
}

/** How a reading is told of. */
export interface ReadProgress {
  /** Parts that were read before; they are not read again. */
  readonly done: ReadonlySet<string>;
  /** Ends the reading between two calls. */
  readonly signal: AbortSignal;
}

/** What is expected of a reading: its parts and their calls, and what the person should know, a sentence each. */
export interface PastEstimate {
  readonly parts: readonly PartEstimate[];
  readonly notes: readonly string[];
}

/**
 * Reads what happened from a system that remembers it, and only reads. Parts are small (one region, one kind of thing, one day), have names that are the same in every run over the
 * same span, and fail alone: a part that cannot be read is told as such and the others go on.
 */
export interface PastReader {
  /** Where it reads, for people and to tell its kept parts from those of another: no secrets. */
  readonly source: string;
  /** The same where only a call tells, as whose account the credentials at hand are of; it counts instead of `source`. Throws errors of ours. */
  readonly identify?: () => Promise<string>;
  /** What reading costs, an upper bound; it may make a few calls itself. Throws `unreachable` where nothing at all can be read. */
  estimate(span: Span): Promise<PastEstimate>;
  /** The parts as they come. Throws only for the signal. */
  read(span: Span, progress: ReadProgress): AsyncIterable<PartRead>;
}

/** Parts that were read, kept over the end of the process. */
export interface KeptParts {
  /** Where they are kept, for people. */
  readonly place: string;
  /** The unfinished reading of `source` that was kept, if there is one. Throws `invalid_input` where what is kept is of something else. */
  load(source: string): Promise<KeptReading | undefined>;
  /** Begins a reading anew; what was kept before is forgotten. */
  begin(source: string, span: Span): Promise<void>;
  /** Keeps a part; it stays, also when the process is killed right after. */
  add(part: PartRead): Promise<void>;
  /** Forgets everything: the reading is finished. */
  finish(): Promise<void>;
}

/** An unfinished reading. */
export interface KeptReading {
  readonly span: Span;
  readonly parts: readonly PartRead[];
}
