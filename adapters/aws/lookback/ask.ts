import type { ReadAction } from '../../../domain/aws/prices';
import { errorCode } from '../../../domain/errors';
import { awsError, retryAfterMs } from '../errors';

/** Time as the reading sees it. */
export interface ReadClock {
  /** Epoch milliseconds. */
  now(): number;
  /** Resolves after so many milliseconds; rejects with the reason of `signal`. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

/** What an answer or an error of the SDK tells of its tries. */
interface Told {
  readonly $metadata?: { readonly attempts?: number };
}

/** Sends calls, counts them, and waits where AWS says so. */
export interface Ask {
  /** Every try so far, by operation. */
  readonly calls: Readonly<Partial<Record<ReadAction, number>>>;
  /** `operation` is such as `cloudwatch:DescribeAlarms`. Throws errors of ours, or the reason of the signal. */
  <T extends Told>(operation: ReadAction, send: (options: { readonly abortSignal: AbortSignal }) => Promise<T>): Promise<T>;
}

/** What all asking of one account and region shares. */
export interface AskPlace {
  /** For people, such as `123456789012/eu-west-1`. */
  readonly where: string;
  readonly clock: ReadClock;
  /** When the next call of an operation with a limit of its own may go out. */
  readonly next: Map<ReadAction, number>;
}

/**
 * Operations that are allowed so few times a second, in an account and region, that they are spaced; milliseconds.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html (LookupEvents: 2 a second)
 */
const SPACED: Readonly<Partial<Record<ReadAction, number>>> = { 'cloudtrail:LookupEvents': 550 };
/** After the SDK's own tries, as their back-off ends after seconds and others use the same allowance; milliseconds. */
const PAUSES = [2_000, 5_000, 15_000, 30_000, 60_000];
const LONGEST_PAUSE_MS = 120_000;

/** Begins a count of its own; spacing and waiting are those of the place. */
export function makeAsk(place: AskPlace, signal: AbortSignal): Ask {
  const calls: Partial<Record<ReadAction, number>> = {};
  const count = (operation: ReadAction, told: Told): void => void (calls[operation] = (calls[operation] ?? 0) + (told.$metadata?.attempts ?? 1));
  const ask = async <T extends Told>(operation: ReadAction, send: (options: { readonly abortSignal: AbortSignal }) => Promise<T>): Promise<T> => {
    for (let tries = 0; ; tries++) {
      await spaced(place, operation, signal);
      signal.throwIfAborted();
      try {
        // One of its own for each call: the SDK never takes its listeners off again.
        const answer = await send({ abortSignal: AbortSignal.any([signal]) });
        count(operation, answer);
        return answer;
      } catch (error) {
        signal.throwIfAborted();
        count(operation, error as Told);
        const ours = awsError(error, `${operation} in ${place.where}`);
        const pause = PAUSES[tries];
        if (errorCode(ours) !== 'rate_limited' || pause === undefined) throw ours;
        await place.clock.wait(Math.min(LONGEST_PAUSE_MS, retryAfterMs(error) ?? pause), signal);
      }
    }
  };
  return Object.assign(ask, { calls });
}

async function spaced({ clock, next }: AskPlace, operation: ReadAction, signal: AbortSignal): Promise<void> {
  const gap = SPACED[operation];
  if (gap === undefined) return;
  const at = Math.max(clock.now(), next.get(operation) ?? 0);
  next.set(operation, at + gap);
  if (at > clock.now()) await clock.wait(at - clock.now(), signal);
}

/** The clock of the machine. */
export const machineClock: ReadClock = {
  now: () => Date.now(),
  wait: (ms, signal) =>
    new Promise((resolve, reject) => {
      const stop = (): void => {
        clearTimeout(timer);
        reject(signal.reason as Error);
      };
      const timer = setTimeout(resolve, ms);
      if (signal.aborted) stop();
      else AbortSignal.any([signal]).addEventListener('abort', stop, { once: true });
    }),
};
