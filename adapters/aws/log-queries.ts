import type { CloudWatchLogsClient, GetQueryResultsResponse } from '@aws-sdk/client-cloudwatch-logs';
import type { AwsPlace } from '../../domain/aws/place';
import { placeText } from '../../domain/aws/place';
import { errorCode, NightshiftError } from '../../domain/errors';
import type { TimeWindow } from '../../domain/poll-windows';
import type { LogQueries, QueryRow } from '../../ports/log-queries';
import type { AwsAccess, ReadSettings } from './access';
import { awsClients } from './clients';
import type { AwsClients } from './clients';

/** What queries work with: `wait` ends after so many milliseconds, or when the signal is aborted. */
export interface LogQueryDeps {
  readonly access: AwsAccess;
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
}

interface Query {
  readonly groups: readonly string[];
  readonly text: string;
}

/** The most lines that an answer gives. */
const MOST_ROWS = 10_000;
/** Between two looks whether a query is done, and between two tries while too many run; milliseconds. */
const LOOK = { firstMs: 500, mostMs: 5000 } as const;
const FULL = { firstMs: 5000, mostMs: 60_000 } as const;
const TRIES_WHEN_FULL = 8;
/** A query that takes longer is given up, as others wait for it; milliseconds. */
const LONGEST_MS = 10 * 60_000;

/**
 * Queries of CloudWatch Logs Insights. In each place one of ours runs at a time, as an account's people share how many may.
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartQuery.html
 */
export function logsInsights({ access, wait }: LogQueryDeps): LogQueries {
  const reading = awsClients(access, clientOf);
  // A query whose start is asked for again may run twice, and each costs.
  const starting = awsClients(access, (settings) => clientOf({ ...settings, maxAttempts: 1 }));
  const lines = new Map<string, Promise<unknown>>();
  return {
    rows(place, query, window, signal, scanned) {
      const key = placeText(place);
      const turn = (lines.get(key) ?? Promise.resolve()).then(() => answer(new Asking({ reading, starting }, place, wait, signal), query, window, scanned));
      lines.set(
        key,
        turn.catch(() => undefined),
      );
      return turn;
    },
  };
}

async function clientOf(settings: ReadSettings): Promise<CloudWatchLogsClient> {
  // Loaded when it is needed first: most teams never need it.
  const { CloudWatchLogsClient } = await import('@aws-sdk/client-cloudwatch-logs');
  return new CloudWatchLogsClient(settings);
}

async function answer(asking: Asking, query: Query, window: TimeWindow, scanned: (bytes: number) => void): Promise<readonly QueryRow[]> {
  const id = await asking.start(query, window);
  let done = false;
  try {
    const rows = await asking.results(id);
    done = true;
    return rows;
  } finally {
    // It would run on, and count as one that runs.
    if (!done) await asking.stop(id);
    if (asking.scanned > 0) scanned(asking.scanned);
  }
}

/** One question in one place. */
class Asking {
  /** Bytes, as far as its answers told. */
  scanned = 0;

  constructor(
    private readonly clients: Readonly<Record<'reading' | 'starting', AwsClients<CloudWatchLogsClient>>>,
    private readonly place: AwsPlace,
    private readonly wait: LogQueryDeps['wait'],
    private readonly signal: AbortSignal,
  ) {}

  /** Starts it, when there is room. */
  async start({ groups, text }: Query, { from, to }: TimeWindow): Promise<string> {
    const { StartQueryCommand } = await import('@aws-sdk/client-cloudwatch-logs');
    // Whole seconds, and the last one is part of it.
    const times = { startTime: Math.floor(from / 1000), endTime: Math.floor(to / 1000) - 1 };
    const command = new StartQueryCommand({ logGroupNames: [...groups], queryString: text, limit: MOST_ROWS, ...times });
    for (let tries = 1; ; tries += 1) {
      this.signal.throwIfAborted();
      try {
        const { queryId } = await this.clients.starting.ask(this.place, 'logs:StartQuery', (client) => client.send(command));
        if (queryId === undefined) throw new NightshiftError('unreadable', `The answer of logs:StartQuery in ${placeText(this.place)} names no query.`);
        return queryId;
      } catch (error) {
        if (errorCode(error) !== 'rate_limited' || tries >= TRIES_WHEN_FULL) throw error;
        await this.wait(Math.min(FULL.mostMs, FULL.firstMs * 2 ** (tries - 1)), this.signal);
      }
    }
  }

  /** All pages of its answer, once it is complete. */
  async results(queryId: string): Promise<readonly QueryRow[]> {
    const first = await this.complete(queryId);
    const rows = [...rowsOf(first)];
    for (let next = first.nextToken; next !== undefined;) {
      const page = await this.page(queryId, next);
      rows.push(...rowsOf(page));
      next = page.nextToken;
    }
    if (rows.length >= MOST_ROWS)
      throw new NightshiftError(
        'too_large',
        `A query in ${placeText(this.place)} has ${String(MOST_ROWS)} lines or more; count fewer kinds, or ask for shorter windows (every).`,
      );
    return rows;
  }

  async stop(queryId: string): Promise<void> {
    const { StopQueryCommand } = await import('@aws-sdk/client-cloudwatch-logs');
    // One that has ended cannot be stopped, and why this one is not wanted is told already.
    await this.clients.reading.ask(this.place, 'logs:StopQuery', (client) => client.send(new StopQueryCommand({ queryId }))).catch(() => undefined);
  }

  private async complete(queryId: string): Promise<GetQueryResultsResponse> {
    let waited = 0;
    for (let pause: number = LOOK.firstMs; waited < LONGEST_MS; pause = Math.min(LOOK.mostMs, pause * 2)) {
      this.signal.throwIfAborted();
      const page = await this.page(queryId);
      const { status = 'Unknown' } = page;
      if (status === 'Complete') return page;
      if (!['Scheduled', 'Running', 'Unknown'].includes(status))
        throw new NightshiftError('unreadable', `A query in ${placeText(this.place)} ended as ${status}.`);
      await this.wait(pause, this.signal);
      waited += pause;
    }
    throw new NightshiftError('unreachable', `A query in ${placeText(this.place)} took longer than ten minutes; ask for shorter windows (every).`);
  }

  private async page(queryId: string, nextToken?: string): Promise<GetQueryResultsResponse> {
    const { GetQueryResultsCommand } = await import('@aws-sdk/client-cloudwatch-logs');
    const command = new GetQueryResultsCommand({ queryId, nextToken });
    const answered = await this.clients.reading.ask(this.place, 'logs:GetQueryResults', (client) => client.send(command, { abortSignal: this.signal }));
    this.scanned = Math.max(this.scanned, answered.statistics?.bytesScanned ?? 0);
    return answered;
  }
}

function rowsOf({ results = [] }: GetQueryResultsResponse): QueryRow[] {
  return results.map((fields) =>
    Object.fromEntries(fields.flatMap(({ field, value }) => (field === undefined || value === undefined ? [] : [[field, value] as const]))),
  );
}
