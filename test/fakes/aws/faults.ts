import { makeRules } from './match';
import type { Rules, Which } from './match';

/**
 * What goes wrong: `throttle`, `deny` and `error` answer an error and do nothing; `hang` never answers and does nothing; `refuse` cuts the connection off before anything is done, `drop`
 * after it is done; `fail` answers 500 after it is done; `stall` never answers after it is done; `slow` does and answers after `delayMs`; `late` cuts the connection off at once and does
 * it after `delayMs`.
 */
export type FaultEffect = 'throttle' | 'deny' | 'error' | 'hang' | 'refuse' | 'drop' | 'fail' | 'stall' | 'slow' | 'late';

/** Something that goes wrong with calls; what is left out is any. */
export interface Fault extends Which {
  readonly effect: FaultEffect;
  /** Of `slow` and `late`, in milliseconds of the fake's clock. */
  readonly delayMs?: number;
  /** Of `error`. */
  readonly error?: { readonly name: string; readonly message?: string; readonly status?: number };
}

/** Faults that are in force. */
export type Faults = Rules<Fault>;

/** None at first. */
export function makeFaults(): Faults {
  return makeRules<Fault>();
}
