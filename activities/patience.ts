import { errorMessage } from '../domain/errors';
import { humanDuration } from '../domain/human-time';
import type { Attempt } from './surroundings';

/** Reads things for at most so many milliseconds each, without an end where nothing is said: what fails or takes longer is noted in `missing`, and its fallback stands for it. */
export function patiently(missing: { what: string; reason: string }[], ms: number | undefined): Attempt {
  return async (what, fallback, read) => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      if (ms !== undefined) timer = setTimeout(() => reject(new Error(`it did not answer within ${humanDuration(ms)}`)), ms);
    });
    try {
      return await Promise.race([read(), late]);
    } catch (error) {
      missing.push({ what, reason: errorMessage(error) });
      return fallback;
    } finally {
      clearTimeout(timer);
    }
  };
}
