import type { Rung, Tier, CauseKind } from '../names';
import type { Standing } from './standing';

/** Where a runbook stands, with what it is and what policy says. */
export interface RunbookStanding {
  readonly runbook: { readonly id: string; readonly version: number; readonly hash: string; readonly title: string };
  readonly environment: string;
  readonly service: string;
  readonly cause: CauseKind;
  readonly tier: Tier;
  readonly likeness?: string;
  /** What policy allows at most, and the rule that says so. */
  readonly policy: { readonly mode: Rung; readonly reason: string };
  /** Lower bound that acting alone takes. */
  readonly gate: number;
  readonly standing: Standing;
}

/** A standing as it is shown: plain JSON. */
export interface StandingView extends Omit<RunbookStanding, 'standing' | 'gate'>, Omit<Standing, 'key' | 'reach' | 'next'> {
  readonly gate: {
    readonly bound: number;
    /** False where outcomes fade faster than they come, or too many are needed. */
    readonly reachable: boolean;
    /** More recoveries in a row until it is proven, 0 where it is; absent where it cannot be reached. */
    readonly recoveries?: number;
    /** Outcomes that count at once in the long run at the pace so far; absent while no pace is known. */
    readonly capacity?: number;
  };
  readonly next?: { readonly mode: Rung; readonly missing: readonly string[] };
}

/** A standing for doors and pages. */
export function standingView({ standing, gate, ...of }: RunbookStanding): StandingView {
  const { key: _key, reach, next, ...said } = standing;
  const { recoveries, capacity } = reach;
  return {
    ...of,
    ...said,
    gate: {
      ...{ bound: gate, reachable: recoveries !== undefined },
      ...(recoveries === undefined ? {} : { recoveries }),
      ...(capacity === undefined || !Number.isFinite(capacity) ? {} : { capacity: Math.floor(capacity) }),
    },
    ...(next === undefined ? {} : { next }),
  };
}
