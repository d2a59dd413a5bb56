import type { Verdict } from './names';
import type { WindowStats } from './metrics';

/** What was measured after a remedy, and what it means. */
export interface Verification {
  readonly verdict: Verdict;
  /** One sentence with the figures. */
  readonly reason: string;
  readonly before: WindowStats | null;
  readonly after: WindowStats | null;
  /** True when measuring longer could change the verdict (too little traffic or time). */
  readonly inconclusive: boolean;
  /** True where nothing was broken and nothing is: the end of what was predicted says what became of it. */
  readonly foretold?: true;
}

/** What a verification needs; durations in milliseconds. */
export interface VerificationPlan {
  readonly settleMs: number;
  readonly windowMs: number;
  readonly minRequests: number;
  /** Give up as `unknown` when nothing conclusive was measured for this long. */
  readonly timeoutMs: number;
}
