import type { FastifyBaseLogger } from 'fastify';
import type { Clock } from '../ports/clock';

const WINDOW_MS = 60_000;
/** Refusals of one source that are told one by one in a minute: whoever floods a door must not fill the disk. */
const MOST_TOLD = 20;

/** Tells why messages of a source were refused. */
export type RefusalLog = (log: FastifyBaseLogger, source: string, reason: string) => void;

/** Makes the log of refusals; those beyond 20 a minute and source are counted, and told with the first of the next minute. */
export function refusalLog(clock: Clock): RefusalLog {
  const windows = new Map<string, { readonly since: number; told: number; untold: number }>();
  return (log, source, reason) => {
    const now = clock.now();
    const last = windows.get(source);
    const current = last && now - last.since < WINDOW_MS ? last : { since: now, told: 0, untold: 0 };
    const more = current === last ? 0 : (last?.untold ?? 0);
    windows.set(source, current);
    if (current.told >= MOST_TOLD) {
      current.untold += 1;
      return;
    }
    current.told += 1;
    log.warn({ source, reason, ...(more > 0 && { moreBefore: more }) }, 'a message was refused at the door');
  };
}
