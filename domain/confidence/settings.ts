import type { Rung } from '../names';

/** What a rung takes: outcomes that count (effective, after decay) and the lower bound of success. */
export interface RungNeed {
  readonly outcomes: number;
  readonly bound: number;
}

/** How confidence is computed and autonomy is earned; shares are from 0 to 1, durations in milliseconds. */
export interface ConfidenceSettings {
  /** Rung that a runbook has before there is any record. */
  readonly start: Rung;
  readonly needs: Readonly<Record<Exclude<Rung, 'observe'>, RungNeed>>;
  /** Most chance, over the whole life of a version and at every look, that a bound lies above the truth. */
  readonly risk: number;
  /** Lower bound of what the runbook adds to healing alone, in shares of incidents. */
  readonly leastUplift: number;
  /** Recoveries in a row after a failure before it acts alone without a veto again. */
  readonly probation: number;
  /** So many failures among so many outcomes of late, and it does not act alone at all. */
  readonly lately: { readonly failures: number; readonly outcomes: number };
  /** A fall is believed that a runbook on the gate itself would show once in so many outcomes at most. */
  readonly fallOdds: number;
  /** Age at which an outcome counts half. */
  readonly halfLifeMs: number;
  /** Share of the evidence that a new version starts with. */
  readonly versionCarry: number;
  /** How much an outcome of a like service counts. */
  readonly likeWeight: number;
  /** How much a recovery moves the bound that a person told of and nothing measured. */
  readonly wordWeight: number;
  /** What the service's own record must show before like services may close the rest of the way to the gate. */
  readonly ownFloor: number;
  /** For how long a harm is held against a runbook. */
  readonly harmMemoryMs: number;
  /** Least calibrated probability that this one diagnosis leads to recovery. */
  readonly leastScore: number;
}

const YEAR = 365 * 24 * 3_600_000;

/** The defaults; `needs.auto.bound` is the policy's gate. What each costs is measured in `bench/confidence`. */
export const CONFIDENCE_DEFAULTS: ConfidenceSettings = {
  start: 'approve',
  needs: {
    shadow: { outcomes: 0, bound: 0 },
    suggest: { outcomes: 3, bound: 0 },
    approve: { outcomes: 10, bound: 0.5 },
    veto: { outcomes: 20, bound: 0.8 },
    auto: { outcomes: 50, bound: 0.95 },
  },
  risk: 0.05,
  leastUplift: 0.1,
  probation: 5,
  lately: { failures: 2, outcomes: 10 },
  fallOdds: 200,
  halfLifeMs: YEAR,
  versionCarry: 0.25,
  likeWeight: 0.5,
  wordWeight: 0.5,
  ownFloor: 0.85,
  harmMemoryMs: YEAR,
  leastScore: 0.9,
};

/** The defaults with another gate for acting alone. */
export function withGate(gate: number, settings: ConfidenceSettings = CONFIDENCE_DEFAULTS): ConfidenceSettings {
  return { ...settings, needs: { ...settings.needs, auto: { ...settings.needs.auto, bound: gate } } };
}

/** What is left of evidence after a time: a half after each half-life. */
export function leftAfter(ms: number, halfLifeMs: number): number {
  return ms <= 0 ? 1 : 2 ** (-ms / halfLifeMs);
}
