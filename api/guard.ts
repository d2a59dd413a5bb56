import { errorCode, NightshiftError } from '../domain/errors';

/** Waits for the store at most `timeoutMs`. Our own errors pass; anything else, and silence, is `unreachable`. */
export async function fromStore<T>(work: () => Promise<T>, timeoutMs: number): Promise<T> {
  try {
    return await inTime(work, timeoutMs);
  } catch (error) {
    if (errorCode(error) !== undefined) throw error;
    throw new NightshiftError('unreachable', 'The store does not answer; nothing was taken. Send it again.', [], { cause: error });
  }
}

/** Waits for some work at most `timeoutMs`, then throws `unreachable`; the work itself goes on unwatched. */
export async function inTime<T>(work: () => Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new NightshiftError('unreachable', `There was no answer within ${String(timeoutMs)} ms.`)), timeoutMs);
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}
