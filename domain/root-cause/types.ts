/** What a series tells of a node. Errors are a share that failed, availability one that succeeded (0 to 1), requests a count for each step, saturation a share in use. */
export type SeriesKind = 'latency' | 'errors' | 'availability' | 'requests' | 'saturation' | 'other';

/** A value of a series. Times are seconds since the epoch; null is a step without a value. */
export interface SeriesValue {
  readonly at: number;
  readonly value: number | null;
}

/** One measured series of a node, in order of time, over the normal period and the window. Of several of one kind the first is the main one, such as the mean beside quantiles. */
export interface NodeSeries {
  readonly name: string;
  readonly kind: SeriesKind;
  readonly values: readonly SeriesValue[];
}

/** A service, or a part of one. */
export interface CauseNode {
  readonly id: string;
  /** `callers`: measured only where it is called, as an address or a provider is, so that it may be another name of a node that measures itself. */
  readonly measuredBy?: 'itself' | 'callers';
  readonly series: readonly NodeSeries[];
}

/** A call: an edge from the caller to the callee. */
export interface Call {
  readonly caller: string;
  readonly callee: string;
}

/** Something that was altered on a node, in seconds since the epoch. */
export interface NodeChange {
  readonly id: string;
  readonly node: string;
  readonly at: number;
}

/** A span of time in seconds since the epoch: `to` is outside. */
export interface Period {
  readonly from: number;
  readonly to: number;
}

/** What a ranking is made of. */
export interface CauseQuestion {
  readonly nodes: readonly CauseNode[];
  readonly calls: readonly Call[];
  readonly changes: readonly NodeChange[];
  /** When everything was well. */
  readonly normal: Period;
  /** The incident with some steps before it. */
  readonly window: Period;
  /** When the trouble was noticed, in seconds since the epoch. */
  readonly onset: number;
  /** Where it was noticed, and by what. */
  readonly symptom?: { readonly node: string; readonly kind: SeriesKind };
}

/** How one series went against its normal period. */
export interface Deviation {
  readonly name: string;
  readonly kind: SeriesKind;
  /** Robust standard deviations of the strongest stretch of the window, positive for more. */
  readonly sigmas: number;
  /** Natural logarithm of how much likelier the values are in trouble than in normal time; capped, so that loudness does not win. */
  readonly logOdds: number;
  /** First step of that stretch, seconds since the epoch. */
  readonly since: number;
  readonly usual: number;
  readonly now: number;
}

/** One finding, in plain words, with what it rests on. */
export interface CauseEvidence {
  readonly kind: 'deviation' | 'explains' | 'explained-by' | 'change' | 'symptom' | 'timing' | 'unmeasured' | 'view' | 'saturation' | 'unexplained';
  readonly text: string;
  readonly nodes: readonly string[];
}

/** A possible root cause. */
export interface RankedCause {
  readonly node: string;
  /** Relative logarithmic score: differences count, the best has 0. */
  readonly score: number;
  /** Probability that the node is a root of the incident. */
  readonly probability: number;
  readonly supporting: readonly CauseEvidence[];
  readonly contradicting: readonly CauseEvidence[];
}

/** Ranked causes; `undetermined` when the evidence does not separate them. */
export interface CauseRanking {
  readonly verdict: 'named' | 'undetermined';
  /** `high`: the first cause may be stated as such. Always `low` when undetermined. */
  readonly confidence: 'high' | 'low';
  /** Nodes of which each is probably a root at the same time; one for a single fault, none when undetermined. */
  readonly roots: readonly string[];
  readonly causes: readonly RankedCause[];
  /** Why nothing is named, or not with high confidence. */
  readonly reasons: readonly string[];
}
