import { setTimeout as delay } from 'node:timers/promises';
import { errorCode } from '../domain/errors';

const LIMIT_PAUSE_MS = 5_000;
/** The limit is counted by the minute. */
const LIMIT_MS = 120_000;

/** Many requests one after another come up against the limit of a minute; each may be sent again. */
export async function unhurried<T>(request: () => Promise<T>): Promise<T> {
  for (let waited = 0; ; waited += LIMIT_PAUSE_MS) {
    try {
      return await request();
    } catch (error) {
      if (errorCode(error) !== 'rate_limited' || waited > LIMIT_MS) throw error;
      await delay(LIMIT_PAUSE_MS);
    }
  }
}

/** A query as the end of a path; what is undefined is left out, and lists are joined by commas. */
export function queryText(query: object): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query) as [string, string | number | boolean | readonly string[] | undefined][]) {
    if (value !== undefined) params.set(name, typeof value === 'object' ? value.join(',') : String(value));
  }
  return params.size === 0 ? '' : `?${params.toString()}`;
}
