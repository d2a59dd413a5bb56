import type { StreamKind } from './measure';

/** One thing that was observed, or many of one kind at one time. */
export interface Observation {
  /** Epoch milliseconds; of what grew between two readings the time of the later one. */
  readonly at: number;
  /** How many events it stands for. */
  readonly count: number;
  /** Sum of their values, where they have one. */
  readonly sum?: number;
  /** Their values by upper bound, not cumulative; absent where `sum` is the value of the one event. */
  readonly spread?: ReadonlyMap<number, number>;
}

/** Observations of one origin: an archived series, a log template, the builds of a pipeline. */
export interface Stream {
  readonly environment: string;
  readonly service: string;
  readonly kind: StreamKind;
  readonly labels: Readonly<Record<string, string>>;
  readonly observations: readonly Observation[];
}

/** A reading of a metric. Times are epoch milliseconds. */
export interface Reading {
  readonly at: number;
  readonly value: number;
  readonly histogram?: { readonly count: number; readonly le: readonly (number | null)[]; readonly counts: readonly number[] } | undefined;
}
