import { setTimeout as delay } from 'node:timers/promises';
import { errorCode } from '../domain/errors';

/** So often an answer is sent again, and so long after the one before, in milliseconds; each try waits for the door's own time (5 s by default). */
export const PERSISTENCE = { retries: 4, pauseMs: 500 } as const;

/** Calls again while the answer is `not_recorded`, as right after a crash of the worker. `call` must send the same Idempotency-Key each time. Throws the last error. */
export async function persist<T>(
  call: () => Promise<T>,
  { retries, pauseMs }: { readonly retries: number; readonly pauseMs: number } = PERSISTENCE,
): Promise<T> {
  for (let left = retries; ; left -= 1) {
    try {
      return await call();
    } catch (error) {
      if (left === 0 || errorCode(error) !== 'not_recorded') throw error;
    }
    await delay(pauseMs);
  }
}
