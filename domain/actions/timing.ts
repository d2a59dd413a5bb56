import type { ActionSpec } from './action';

/** How what is begun outside is watched: pauses between two looks double from the first to the most. Milliseconds. */
export interface Pace {
  readonly pollMs: number;
  readonly pollMostMs: number;
  /** How long an effect may take to come to show, where it is another time than that of the action. */
  readonly settleMs?: number;
}

/** Pauses where the hands are near; a look may cost the target a program or a call. */
const NEAR: Pace = { pollMs: 250, pollMostMs: 2_000 };

/** The pace at which an effect of an action is watched; `far` is that of AWS. */
export function paceOf({ part, settleMs }: ActionSpec, far: Pace | undefined): Required<Pace> {
  return { settleMs, ...(part !== undefined && far ? far : NEAR) };
}
