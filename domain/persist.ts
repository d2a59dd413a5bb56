import { errorCode } from './errors';
import type { ErrorCode } from './errors';

/**
 * An answer is sent again `pauseMs` after the one before. Doors that fail at once are tried so often in a row; doors that take `slowMs` and more, as they do while a worker begins
 * anew after a crash, until `forMs` is over.
 */
export const PERSISTENCE = { retries: 4, pauseMs: 500, slowMs: 2000, forMs: 60_000 } as const;

/** Codes after which nobody can tell whether an answer was taken. */
export type Uncertain = Extract<ErrorCode, 'not_recorded' | 'unreachable'>;

/** How it is persisted; `now` and `pause` in milliseconds. */
export interface Persistence {
  readonly again: readonly Uncertain[];
  readonly now: () => number;
  readonly pause: (ms: number) => Promise<void>;
  /** Told before each repeat, the first is 1. */
  readonly retrying?: (attempt: number) => void;
}

/** Calls again while it is not known whether the answer was taken. `call` must send the same Idempotency-Key each time, so that it counts once. Throws the last error. */
export async function persist<T>(call: () => Promise<T>, { again, now, pause, retrying }: Persistence): Promise<T> {
  const begun = now();
  let quick = 0;
  for (let attempt = 1; ; attempt += 1) {
    const sent = now();
    try {
      return await call();
    } catch (error) {
      const code = errorCode(error);
      quick = now() - sent < PERSISTENCE.slowMs ? quick + 1 : 0;
      if (!again.some((each) => each === code) || quick > PERSISTENCE.retries || now() - begun > PERSISTENCE.forMs) throw error;
    }
    retrying?.(attempt);
    await pause(PERSISTENCE.pauseMs);
  }
}
