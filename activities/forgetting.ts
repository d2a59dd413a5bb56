import { errorMessage } from '../domain/errors';
import type { ArchivePruner, Horizon } from '../ports/archive';
import type { Clock } from '../ports/clock';
import { repeat } from './repeat';
import type { Repeated } from './repeat';

const MINUTE_MS = 60_000;
/** Between two rounds, and between two parts of one: others need the database too. */
const PAUSE = { roundMs: 10 * MINUTE_MS, partMs: 50 };
/** Rows of each kind in one part: some tens of milliseconds on the embedded database, which does nothing else meanwhile. */
const MOST_ROWS = 5_000;
/** For so long a message that is sent again is known by its delivery: exporters give up far earlier. */
const DELIVERY_MS = 24 * 60 * MINUTE_MS;

/** What forgetting works with; durations in milliseconds. */
export interface ForgetterDeps {
  readonly pruner: ArchivePruner;
  readonly clock: Clock;
  readonly log: { warn(fields: object, message: string): void };
  readonly keep: { readonly pointsMs: number; readonly logsMs: number; readonly buildsMs: number; readonly changesMs: number; readonly measuresMs: number };
  /** Replaces the pauses, for tests. */
  readonly pause?: { readonly roundMs: number; readonly partMs: number };
}

/** What was measured and told is forgotten when it is older than it is kept: at once, and then every ten minutes, in small parts. */
export function createForgetter(deps: ForgetterDeps): Repeated {
  const { roundMs, partMs } = deps.pause ?? PAUSE;
  return repeat(() =>
    deps.pruner.prune(horizon(deps), MOST_ROWS).then(
      (done) => (done.more ? partMs : roundMs),
      (error: unknown) => {
        deps.log.warn({ error: errorMessage(error) }, 'what is old could not be forgotten; it is tried again');
        return roundMs;
      },
    ),
  );
}

function horizon({ clock, keep }: ForgetterDeps): Horizon {
  const now = clock.now();
  return {
    points: now - keep.pointsMs,
    logs: now - keep.logsMs,
    builds: now - keep.buildsMs,
    changes: now - keep.changesMs,
    measures: now - keep.measuresMs,
    deliveries: now - DELIVERY_MS,
  };
}
