/**
 * What the ranking assumes of systems in general. Each is a round number by reasoning, none is fitted to a data set; docs/root-cause.md says why, and what halving and doubling does.
 */
export const SERIES = {
  /** Fewer normal values say nothing about what is normal. */
  leastNormal: 8,
  /** A value counts for at most so many deviations, so that one spike is not a long trouble. */
  mostSigmas: 12,
  /** A stretch of more steps is not more certain, as neighbouring steps depend on each other. */
  mostSteps: 9,
  /** Deviations from which a stretch counts as trouble where the normal period is too short to tell. */
  leastSigmas: 3,
  /** So many windows of the normal period tell how far a stretch deviates by chance, and from this quantile of theirs on one speaks for trouble. */
  nullWindows: 50,
  nullQuantile: 0.98,
  /** Bounds of the logarithm of the odds that one series gives. */
  mostLogOdds: 6,
  leastLogOdds: -2.5,
  /** Latency within this share of normal is noise however steady it was. */
  latencyFloor: 0.03,
  /** Share of failures that is assumed normal where none was seen: an empty period is luck, not a promise. */
  errorFloor: 0.0005,
  /** Requests of a step where they are not counted. */
  assumedRequests: 50,
  /** What was off by more than so many deviations before the incident is no news, and is taken off. */
  oldSigmas: 1.5,
  /** A step before a stretch belongs to it from so many deviations on. */
  begunSigmas: 3,
} as const;

/** How trouble goes from one node to another. */
export const SPREAD = {
  /** A node goes bad in the same time by itself. */
  alone: 0.05,
  /** A root shows it where it is measured. */
  rootShows: 0.95,
  /** A caller shows the same trouble as its callee: not always, as many a fault is of one operation only. */
  same: 0.7,
  /** Share of a caller's usual time, and of its requests, that a callee's trouble must cost to be seen there for certain. */
  visibleTime: 0.2,
  visibleFailures: 0.01,
  /** It shows another: errors out of slow calls (time-outs), slowness out of errors (retries). */
  cross: 0.4,
  /** A callee that is not measured explains its caller, and the share of the caller's requests that must reach it for that. */
  unmeasured: 0.6,
  reach: 0.1,
  /** A callee is in trouble by the load of its caller, if its own grew by at most this factor more; half of it where one of the two is not counted. */
  load: 0.5,
  passed: 1.5,
  /** A root at which requests come in has more of them than usual. */
  entryLoad: 0.5,
  /** Requests come in from outside where they grew by this factor more than those of any caller and than callers that ask again explain, so often at most for each failure. */
  unexplainedLoad: 1.3,
  again: 2,
  /** A callee is silent because its caller is, or because a caller does not come to ask it: one that fails this share of its requests or more, less in proportion. */
  silence: 0.9,
  unasked: 0.1,
  unaskedFrom: 0.8,
  /** What is left of either where another caller asks as before. */
  othersAsk: 0.3,
  /** What is seen at an address is what a measured callee of the same caller does. */
  view: 0.3,
  /** The callee's extra time or failures are at least this share of the caller's, or explain less in proportion. */
  enough: 0.5,
  /** Less than this is left of no explanation by its size or time. */
  least: 0.03,
  /** A caller may be seen to go bad so many steps before its callee: series come late, and a steady one is seen to rise sooner than a noisy one. */
  stepsEarly: 2.5,
} as const;

/** Logarithms of odds beforehand. */
export const PRIOR = {
  /** The node where the trouble was noticed is in trouble, whatever its series say. */
  symptom: 3,
  /** Probability of a second fault at the same time. */
  second: 0.1,
  /** Probability that the cause is nothing that is in the graph. */
  elsewhere: 0.03,
  /** It is seen from its callers only, so that it may be another node's name. */
  view: -1,
  /** A resource of its own is in use more than normal. */
  saturation: 0.7,
  /** A change at the very onset (half of all faults follow one, and about one node in fifty is changed in any half hour), and the lead in seconds at which half of it is left. */
  change: 3.2,
  changeHalfLife: 1800,
  /** For each step that a root goes bad later than so many steps after the trouble was noticed, and the most of it. */
  late: -0.5,
  stepsLate: 1.5,
  mostLate: -2,
} as const;

/** How a score becomes a probability, and what is said aloud. */
export const VERDICT = {
  /** Findings depend on each other, so that their sum overstates: scores are divided by this. */
  temperature: 1,
  /** Named with high confidence from this probability on. */
  high: 0.9,
  /** Nothing is named below it. */
  least: 0.15,
  /** Two roots are named when each has at least this probability. */
  root: 0.5,
  /** Pairs are looked for among so many of the best. */
  pairsAmong: 16,
} as const;
