import { errorCode, errorMessage, isFinal, NightshiftError } from '../../../domain/errors';

/** Does what comes before acting: whatever goes wrong there, nothing was done, and what may get better is tried again. */
export async function unbegun<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw as(isFinal(error) ? 'effect_failed' : 'not_begun', error);
  }
}

/** Goes on with what was begun by an earlier call, as `left` says: that a later one was not taken says nothing of the whole. Throws `unreachable` where one was not begun. */
export async function goingOn<T>(left: string | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw left !== undefined && errorCode(error) === 'not_begun' ? as('unreachable', error, `; ${left}`) : error;
  }
}

function as(code: 'effect_failed' | 'not_begun' | 'unreachable', error: unknown, more = ''): NightshiftError {
  const { retryAfterMs } = error as { readonly retryAfterMs?: number };
  return new NightshiftError(code, `${errorMessage(error)}${more}`, [], { cause: error, retryAfterMs });
}
