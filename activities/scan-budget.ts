import { z } from 'zod';
import { scannedUsd } from '../domain/aws/pull-prices';
import type { Clock } from '../ports/clock';
import type { StateStore } from '../ports/store';

/** What queries of Logs Insights may still use up in this month of UTC. */
export interface ScanBudget {
  readonly mostUsd: number;
  /** False where what was scanned this month costs as much as it may. */
  isLeft(): Promise<boolean>;
  /** Counts what a query scanned, bytes. */
  spend(bytes: number): Promise<void>;
}

/** What a budget works with. */
export interface ScanBudgetDeps {
  readonly state: Pick<StateStore, 'load' | 'save'>;
  readonly clock: Clock;
  /** US dollars a month. */
  readonly mostUsd: number;
}

const NAME = 'log-queries:scanned';
const kept = z.object({ month: z.string(), bytes: z.number() });

/** A budget that is kept in the store, as what a query scans is known only when it has run. Queries that run at once are each counted. */
export function scanBudget({ state, clock, mostUsd }: ScanBudgetDeps): ScanBudget {
  let line: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = line.then(work);
    line = turn.catch(() => undefined);
    return turn;
  };
  const month = (): string => new Date(clock.now()).toISOString().slice(0, 7);
  const bytes = async (): Promise<number> => {
    const { data } = kept.safeParse(await state.load(NAME));
    return data?.month === month() ? data.bytes : 0;
  };
  return {
    mostUsd,
    isLeft: () => inTurn(async () => scannedUsd(await bytes()) < mostUsd),
    spend: (more) => inTurn(async () => state.save(NAME, { month: month(), bytes: (await bytes()) + more })),
  };
}
