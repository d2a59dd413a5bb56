import { formatDuration } from '../duration';
import type { ActionSpec } from './action';

/** What follows where an earlier attempt began and the world shows nothing of it. */
export type Again = { readonly kind: 'wait'; readonly ms: number } | { readonly kind: 'do' } | { readonly kind: 'ask'; readonly reason: string };

/** Decides it: first the effect has its time to show, then it is done again only where that does no harm; else a person is asked. Times are epoch milliseconds. */
export function afterNothing(
  { again, settleMs }: Pick<ActionSpec, 'again' | 'settleMs'>,
  attempt: { readonly startedAt: number; readonly idempotent: boolean },
  now: number,
): Again {
  const shownBy = attempt.startedAt + settleMs;
  if (now < shownBy) return { kind: 'wait', ms: shownBy - now };
  if (again === 'safe' || attempt.idempotent) return { kind: 'do' };
  const searched = settleMs > 0 ? `, and nothing of it came to show within ${formatDuration(settleMs)}` : '';
  return { kind: 'ask', reason: `an earlier attempt began and its answer was lost${searched}; it is not begun a second time, as that could do it twice` };
}
