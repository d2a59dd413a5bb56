import { z } from 'zod';
import { errorMessage } from '../domain/errors';
import type { StateStore } from '../ports/store';
import { repeat } from './repeat';
import type { Repeated } from './repeat';

/** Something outside that is read again and again, each time what came since. */
export interface Poll {
  /** Name that its progress is kept under, the same at every start, such as `service-graph:123456789012/eu-central-1`. */
  readonly name: string;
  /** Milliseconds. */
  readonly everyMs: number;
  /**
   * Reads and keeps what came since, in its order; `since` is what `reached` was called with last, undefined at the first look. Progress that was made before a kill may be made again, so
   * that keeping something twice must change nothing. True when more is there already. Throws what it could not read or keep; what `reached` was called with counts.
   */
  take(since: number | undefined, reached: (to: number) => Promise<void>, signal: AbortSignal): Promise<boolean>;
}

/** What polling works with. */
export interface PollDeps {
  readonly state: Pick<StateStore, 'load' | 'save'>;
  readonly log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
}

/** Until a poll is taken up again that has more to read, or that failed (at first, and at most where it is read more often), and between the first turns of two, as not all of them need to ask at the same moment; milliseconds. */
const PAUSE = { moreMs: 1000, againMs: 60_000, mostAgainMs: 3_600_000, betweenMs: 250 } as const;

const progress = z.object({ to: z.number() });

/** One poll, over its turns. */
export class Poller {
  /** In a row. */
  private failures = 0;

  constructor(
    private readonly poll: Poll,
    private readonly deps: PollDeps,
  ) {}

  /** Takes what is new. Returns the time until the next turn, milliseconds. What fails is told once, and tried again from where it got to, after a pause that doubles. */
  async turn(signal: AbortSignal): Promise<number> {
    const { name, everyMs } = this.poll;
    const { state, log } = this.deps;
    try {
      const saved = progress.safeParse(await state.load(stateName(name)));
      const more = await this.poll.take(saved.data?.to, (to) => state.save(stateName(name), { to }), signal);
      if (this.failures > 0) log.info({ poll: name }, 'it is read again');
      this.failures = 0;
      return more ? Math.min(PAUSE.moreMs, everyMs) : everyMs;
    } catch (error) {
      if (signal.aborted) return everyMs;
      if (this.failures === 0)
        log.warn({ poll: name, error: errorMessage(error) }, 'something outside could not be read; it is tried again, from where it got to');
      this.failures += 1;
      // Asking may cost, also what is not answered.
      return Math.min(Math.max(PAUSE.mostAgainMs, everyMs), Math.min(PAUSE.againMs, everyMs) * 2 ** Math.min(this.failures - 1, 20));
    }
  }
}

/** Polls each by itself until it is stopped, so that one that does not answer keeps none of the others waiting. What is being read then is broken off. */
export function createPolls(polls: readonly Poll[], deps: PollDeps): Repeated {
  const stopping = new AbortController();
  const loops = polls.map((poll, i) => {
    const poller = new Poller(poll, deps);
    return repeat(() => poller.turn(stopping.signal), (i * PAUSE.betweenMs) % poll.everyMs);
  });
  return {
    async stop() {
      stopping.abort();
      await Promise.all(loops.map((loop) => loop.stop()));
    },
  };
}

function stateName(name: string): string {
  return `poll:${name}`;
}
