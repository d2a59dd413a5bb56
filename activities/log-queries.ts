import { queryPoints } from '../domain/aws/log-query';
import type { LogQuery } from '../domain/aws/log-query';
import { placeText } from '../domain/aws/place';
import type { AwsAccount } from '../domain/aws/place';
import { digestOf } from '../domain/digest';
import { errorCode, errorMessage } from '../domain/errors';
import { dueWindows } from '../domain/poll-windows';
import type { TimeWindow } from '../domain/poll-windows';
import type { ArchiveWriter } from '../ports/archive';
import type { Clock } from '../ports/clock';
import type { LogQueries, QueryRow } from '../ports/log-queries';
import type { Poll } from './polls';
import type { ScanBudget } from './scan-budget';

/** What asking logs works with. */
export interface LogQueriesDeps {
  readonly accounts: readonly AwsAccount[];
  readonly queries: readonly LogQuery[];
  readonly logs: LogQueries;
  readonly writer: ArchiveWriter;
  readonly clock: Clock;
  /** Nothing is asked when it is used up. */
  readonly budget: ScanBudget;
  readonly log: { warn(fields: object, message: string): void };
}

type Asked = Parameters<LogQueries['rows']>[1];

/** Windows in one go, and the longest pause that is made up for, milliseconds: each window costs what it scans. */
const MOST = 12;
const REACH_MS = 24 * 60 * 60_000;

/** A poll of each query, window after window, into the archive. A point that is told twice is one. */
export function logQueryPolls({ accounts, queries, writer, clock, ...asking }: LogQueriesDeps): readonly Poll[] {
  return queries.map((query): Poll => {
    const { name, groups, query: text, service, everyMs, delayMs } = query;
    const environment = accounts.find(({ id }) => id === query.account)?.environment ?? '';
    let toldIn: string | undefined;
    const rule = { windowMs: everyMs, settleMs: delayMs, firstMs: everyMs, reachMs: REACH_MS, most: MOST };
    return {
      // Another text is another query, with windows of its own.
      name: `log-query:${placeText(query)}/${name}/${digestOf([groups, text, service]).slice(0, 12)}`,
      everyMs,
      async take(since, reached, signal) {
        const { windows, more } = dueWindows(since, clock.now(), rule);
        for (const window of windows) {
          if (!(await asking.budget.isLeft())) {
            toldIn = tellUsedUp(toldIn, query, clock.now(), asking);
            return false;
          }
          const rows = await rowsOf(query, { groups, text }, window, signal, asking);
          const points = queryPoints(query, environment, rows, window.from);
          if (points.length > 0) await writer.keep({ points }, clock.now());
          await reached(window.to);
        }
        return more;
      },
    };
  });
}

type Asking = Pick<LogQueriesDeps, 'logs' | 'budget' | 'log'>;

async function rowsOf(query: LogQuery, asked: Asked, window: TimeWindow, signal: AbortSignal, { logs, budget, log }: Asking): Promise<readonly QueryRow[]> {
  let scanned = 0;
  try {
    return await logs.rows(query, asked, window, signal, (bytes) => (scanned += bytes));
  } catch (error) {
    return passedOver(error, query, window, log);
  } finally {
    if (scanned > 0) await budget.spend(scanned);
  }
}

/** Told once a month; returns the month. */
function tellUsedUp(toldIn: string | undefined, { name, ...place }: LogQuery, now: number, { budget, log }: Asking): string {
  const month = new Date(now).toISOString().slice(0, 7);
  const why = `queries of Logs Insights scanned for the ${budget.mostUsd.toFixed(2)} USD of this month that aws.monthlyUsd leaves them; they go on next month, or when it is raised`;
  if (toldIn !== month) log.warn({ query: name, place: placeText(place) }, why);
  return month;
}

/** No rows of a window whose answer is refused: asked again it would be billed again, and refused again. Throws any other error. */
function passedOver(error: unknown, query: LogQuery, { from, to }: TimeWindow, log: LogQueriesDeps['log']): readonly QueryRow[] {
  if (!['too_large', 'unreadable'].includes(errorCode(error) ?? '')) throw error;
  const times = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
  log.warn({ query: query.name, place: placeText(query), ...times, error: errorMessage(error) }, 'the answer of a query is refused; this window is left out');
  return [];
}
