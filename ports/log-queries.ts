import type { AwsPlace } from '../domain/aws/place';
import type { TimeWindow } from '../domain/poll-windows';

/** A line of an answer: values by the names of their fields. */
export type QueryRow = Readonly<Record<string, string>>;

/** Asks logs that somebody else keeps. */
export interface LogQueries {
  /**
   * All lines of the answer. Waits while too many queries run, and stops the query on the server when `signal` is aborted. Throws `too_large` where the answer may have been cut,
   * `unreadable` where the query failed, else what the server's error is. `scanned` is called with the
   * bytes that are billed, also before it throws, where the server told any.
   */
  rows(
    place: AwsPlace,
    query: { readonly groups: readonly string[]; readonly text: string },
    window: TimeWindow,
    signal: AbortSignal,
    scanned: (bytes: number) => void,
  ): Promise<readonly QueryRow[]>;
}
