/**
 * A hypothesis counts from this score on; below it the honest answer is "undetermined". All weights are of what was measured or told by the platform: whoever can make a service write a
 * line must neither lift a cause over this bar, nor put it before another, nor raise what its score stands for in the record. Lines of a log are cited beside a cause; only where a
 * dependency was not measured at all they name it, for a person (`onlyMentioned`).
 */
export const ENOUGH = 0.5;

/** Weights of what speaks for a suspected change. */
export const CHANGE = {
  /** For a change at the very onset. Most incidents follow a change, yet something is always being changed, so that this alone must not reach `ENOUGH`. */
  near: 0.45,
  /** Lead (milliseconds) at which nearness has lost half of its weight. */
  halfAfterMs: 600_000,
  /** Nearness of one that is recorded within the slack after the onset: which came first is open, as deployments are often written down when they end. As near as one 25 s before. */
  after: 0.96,
  /** The service was normal and turned bad within `stepWithinMs` of the change, which was not seen to run well meanwhile (`RAN_WELL`): just enough to ask a person. */
  step: 0.15,
  stepWithinMs: 120_000,
  /** A resource that began to fill after the change. */
  saturation: 0.22,
  /** The service answered before and does not any more. */
  down: 0.25,
  /** The dependency that was changed is failing: the change's trace there. */
  failingDependency: 0.4,
  /** A resource that is full filled by itself: it was filling before the change, or began to long after. */
  filledBefore: -0.2,
  /** It brought back the release that ran before it. */
  broughtBack: -0.15,
} as const;

/** From when on a service counts as having run well on a change before the trouble. */
export const RAN_WELL = {
  /** Measured steps between the two, but for so many before the trouble, as the onset is not known better and a dependency may fail before it is felt. */
  leastSteps: 10,
  apartSteps: 2,
  /** So many requests would have failed there by the share of now; with fewer their absence is luck (e^-5 is under one in a hundred). */
  leastFailures: 5,
  /** Most of those that may really have failed. */
  fewFailures: 0.1,
  /** Requests where answers became slow: of a hundred, five are slower than the 95th percentile. */
  leastServed: 100,
} as const;

/** A change this long (milliseconds) after the onset may still have come before it: clocks and scrapes are that coarse. */
export const LATEST_LEAD_MS = -2_000;

/** Weights of what speaks for a resource that runs out by itself. */
export const EXHAUSTION = {
  /** Nearly full: the state in which things begin to fail. */
  full: 0.4,
  /** It filled up since before the onset, so that it came before the trouble and not out of it. */
  rising: 0.3,
  /** It is full, and began to fill as answers became slow, clearly before requests failed: enough to ask, as what a slow service waits for fills up too. */
  risingWith: 0.15,
  /** Filling, but only well on its way. */
  filling: 0.2,
  /** A change explains the filling: a restart would only buy time. */
  explainedByChange: 0.55,
  /** It fills with the traffic: more of the service is needed, and a restart would not give it. */
  explainedByLoad: 0.55,
  /** Most that is left when a dependency is failing. */
  symptom: 0.4,
  /** Ratio from which a resource is nearly full, and from which it is well on its way. */
  fullFrom: 0.9,
  fillingFrom: 0.7,
  /** A resource that stood still after a change for more than this share of the time that it then filled until the trouble, and so many steps, was not filled by the change. */
  stillAgainstFilling: 0.5,
  stillSteps: 2,
  /** Above this a resource is worth a word even when ruled out. */
  highFrom: 0.8,
} as const;

/** Weights of what speaks for a failing dependency. */
export const DEPENDENCY = {
  /** Measured as failing: more than a change of ours and a resource that filled after it, as calls to what fails pile up. */
  failing: 0.7,
  /** Not measured, but the log complains about it in so many lines: enough to call a person, and behind all that was measured. */
  onlyMentioned: 0.55,
  leastLines: 5,
  /** A change on it explains why it fails. */
  explainedByChange: 0.6,
  /** It fails under the traffic that the service passes on to it. */
  explainedByLoad: 0.6,
} as const;

/** Weights of what speaks for traffic far above its normal. */
export const TRAFFIC = {
  /** Traffic within this factor of normal is no surge. */
  from: 2,
  /** More is asked for. By itself that is as well a symptom, as clients try again after a failure. */
  offered: 0.1,
  /** More is served than all that came before by so much, which no retries bring about; or the rise came so many steps before the trouble. */
  served: 0.4,
  servedFactor: 1.2,
  firstSteps: 2,
  /** Traffic and trouble began within so many steps of each other. */
  together: 0.2,
  togetherSteps: 5,
  /** Routes with most of the requests fail, by so much more than before; or only few do, which load alone does not explain. */
  everywhere: 0.15,
  oneRoute: -0.25,
  shareStep: 0.05,
  most: 0.5,
  /** A dependency fails that has no more traffic than before. */
  failingDependency: -0.25,
  /** Steps and most, in per cent, in which more of the service is asked for. */
  moreStep: 50,
  mostMore: 100,
} as const;

/** Weights of the one root that a ranking over the call graph names. */
export const RANKED = {
  /** Probability from which it counts: with less a second one is nearly as likely, and the rules stand alone. */
  clear: 0.75,
  /** It went bad itself and explains the others: more than a dependency that merely fails. */
  root: 0.75,
  /** Most that is left of a dependency, or of a release on it, whose trouble the root explains. */
  explained: 0.55,
  /** A change on the root explains why it fails, and can be taken back. */
  explainedByChange: 0.6,
} as const;

/** Weights of what speaks for building a failed build again. */
export const FAILED_BUILD = {
  /** It failed, and nothing else opened the incident. */
  failed: 0.7,
  /** The same commit passed before: what differs is not the code. */
  passedBefore: 0.2,
  /** Most others failed at the time: what they share is to blame. */
  othersToo: 0.1,
  /** It was built again already and failed in the same part: it stays the cause, and building again is no remedy. */
  failedAgain: -0.1,
  /** Most that is left of one that a remedy built again without success: the cause still, after those that nobody tried. */
  tried: 0.55,
} as const;

/** What is left of the score of a hypothesis that was acted on without success. */
export const TRIED = 0.2;
