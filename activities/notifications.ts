import type { ErrorCode } from '../domain/errors';
import { ERRORS, NightshiftError, errorCode, errorMessage } from '../domain/errors';
import type { Clock } from '../ports/clock';
import type { Notifier } from '../ports/notifier';
import { subjectOf } from '../domain/notification';
import type { Outbox } from '../ports/store';
import { createWaker } from './waker';

/** Where the deliverer tells what it could not do; a pino logger fits. */
export interface DelivererLog {
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
}

/** Pauses and limits of the deliverer, in milliseconds but for `batch`. */
export interface DelivererSettings {
  /** Longest time between two looks into the outbox. */
  readonly pollMs: number;
  readonly firstRetryMs: number;
  readonly maxRetryMs: number;
  /** A notification older than this is given up when it fails. */
  readonly giveUpAfterMs: number;
  readonly batch: number;
}

/** A day of tries, the pauses doubling from 2 s to 15 minutes. */
export const DELIVERER_DEFAULTS: DelivererSettings = { pollMs: 2_000, firstRetryMs: 2_000, maxRetryMs: 900_000, giveUpAfterMs: 86_400_000, batch: 200 };

/** What the deliverer is made of. `random` gives 0 to 1, for jitter. */
export interface DelivererDeps {
  readonly outbox: Pick<Outbox, 'due' | 'sent' | 'failed'>;
  readonly notifiers: readonly Notifier[];
  readonly clock: Clock;
  readonly log: DelivererLog;
  readonly random?: () => number;
  readonly settings?: Partial<DelivererSettings>;
}

/** The running loop: `kick` makes it look at once, `stop` ends it when what is being sent has ended. */
export interface Deliverer {
  kick(): void;
  stop(): Promise<void>;
}

type Row = Awaited<ReturnType<Outbox['due']>>[number];

/**
 * Sends what waits in the outbox, one lane a channel, so that a slow or broken channel holds up no other. At least once: a notification keeps its id on every try.
 * On one channel the notifications of one incident stay in order: a later one waits while an earlier one is being tried again.
 */
export function createDeliverer(deps: DelivererDeps): Deliverer {
  const delivery = new Delivery(deps);
  const running = delivery.run();
  return {
    kick: () => {
      delivery.waker.wake();
    },
    stop: async () => {
      delivery.stop();
      await running;
    },
  };
}

/** Milliseconds until the next try after `attempts` failed ones: doubling, capped, and spread by half so that many do not come back at once. */
export function retryDelay(attempts: number, settings: Pick<DelivererSettings, 'firstRetryMs' | 'maxRetryMs'>, random: () => number): number {
  const full = Math.min(settings.maxRetryMs, settings.firstRetryMs * 2 ** Math.min(attempts, 30));
  return Math.round(full * (0.5 + random() / 2));
}

/** The first failed notification of an incident on a channel; `until` is epoch milliseconds. */
interface Blocker {
  readonly key: string;
  readonly until: number;
}

/** Sends of one channel, one after another. */
interface Lane {
  tail: Promise<void>;
  queued: number;
}

class Delivery {
  readonly waker = createWaker();
  private readonly settings: DelivererSettings;
  private readonly random: () => number;
  private readonly notifiers: ReadonlyMap<string, Notifier>;
  private readonly lanes = new Map<string, Lane>();
  private readonly taken = new Set<string>();
  /** Taken by the channel but not yet marked in the store: these are marked again, not sent again. */
  private readonly unmarked = new Set<string>();
  private readonly blockers = new Map<string, Blocker>();
  private heldRows = 0;
  private stopped = false;

  constructor(private readonly deps: DelivererDeps) {
    this.settings = { ...DELIVERER_DEFAULTS, ...deps.settings };
    this.random = deps.random ?? Math.random;
    this.notifiers = new Map(deps.notifiers.map((notifier) => [notifier.channel, notifier]));
  }

  stop(): void {
    this.stopped = true;
    this.waker.wake();
  }

  async run(): Promise<void> {
    while (!this.stopped) {
      await this.look();
      await this.waker.wait(this.pause());
    }
    await Promise.all([...this.lanes.values()].map((lane) => lane.tail));
  }

  /** Rows that are in hand or held back would fill the store's page and hide those of other channels, so the page grows by them. */
  private async look(): Promise<void> {
    try {
      // One time for all of the look: what became due while it was read is not among the rows, and nothing may pass it.
      const now = this.deps.clock.now();
      const rows = await this.deps.outbox.due(now, this.settings.batch + this.taken.size + this.heldRows);
      const due = new Set(rows.map(keyOf));
      const held = rows.filter((row) => this.isHeld(row, due, now));
      this.heldRows = held.length;
      for (const row of rows) if (!held.includes(row) && !this.taken.has(keyOf(row))) this.enqueue(row);
    } catch (error) {
      this.deps.log.warn({ code: errorCode(error) }, 'The outbox cannot be read now; it is tried again');
    }
  }

  private isHeld(row: Row, due: ReadonlySet<string>, now: number): boolean {
    const blocker = this.blockers.get(laneOf(row));
    if (blocker === undefined) return false;
    if (blocker.until > now) return true;
    if (blocker.key === keyOf(row)) return false;
    if (due.has(blocker.key) || this.taken.has(blocker.key)) return true;
    this.blockers.delete(laneOf(row));
    return false;
  }

  private enqueue(row: Row): void {
    const lane = this.lanes.get(row.channel) ?? { tail: Promise.resolve(), queued: 0 };
    this.lanes.set(row.channel, lane);
    this.taken.add(keyOf(row));
    lane.queued += 1;
    lane.tail = lane.tail.then(async () => {
      await this.deliver(row);
      this.taken.delete(keyOf(row));
      lane.queued -= 1;
      if (lane.queued === 0) this.waker.wake();
    });
  }

  private async deliver(row: Row): Promise<void> {
    const blocker = this.blockers.get(laneOf(row));
    if (this.stopped || (blocker !== undefined && blocker.key !== keyOf(row))) return;
    try {
      await this.send(row);
    } catch (error) {
      await this.failed(row, error);
      return;
    }
    this.unmarked.add(keyOf(row));
    this.unblock(row);
    await this.record(row, () => this.deps.outbox.sent(row.notification.id, row.channel, this.deps.clock.now()));
  }

  private async send(row: Row): Promise<void> {
    if (this.unmarked.has(keyOf(row))) return;
    const notifier = this.notifiers.get(row.channel);
    if (notifier === undefined) throw new NightshiftError('refused', `There is no notification channel "${row.channel}" in the configuration any more.`);
    await notifier.send(row.notification);
  }

  private async failed(row: Row, error: unknown): Promise<void> {
    const now = this.deps.clock.now();
    const nextAt = this.nextTry(row, errorCode(error), now);
    const reason = errorCode(error) === undefined ? 'The channel failed in an unexpected way.' : errorMessage(error);
    if (nextAt === null) this.unblock(row);
    else this.blockers.set(laneOf(row), { key: keyOf(row), until: nextAt });
    const { id } = row.notification;
    const what = nextAt === null ? 'A notification was given up' : 'A notification was not taken; it is tried again';
    this.deps.log.warn({ id, about: subjectOf(row.notification), channel: row.channel, attempts: row.attempts + 1, reason }, what);
    await this.record(row, () => this.deps.outbox.failed(id, row.channel, reason, nextAt));
  }

  private nextTry(row: Row, code: ErrorCode | undefined, now: number): number | null {
    if (code !== undefined && !ERRORS[code].retryable) return null;
    const nextAt = now + retryDelay(row.attempts, this.settings, this.random);
    return nextAt - Date.parse(row.notification.at) > this.settings.giveUpAfterMs ? null : nextAt;
  }

  private async record(row: Row, write: () => Promise<void>): Promise<void> {
    try {
      await write();
      this.unmarked.delete(keyOf(row));
    } catch (error) {
      const until = this.deps.clock.now() + this.settings.firstRetryMs;
      if (!this.blockers.has(laneOf(row))) this.blockers.set(laneOf(row), { key: keyOf(row), until });
      this.deps.log.warn({ id: row.notification.id, channel: row.channel, code: errorCode(error) }, 'The outbox cannot be written now; it is tried again');
    }
  }

  private unblock(row: Row): void {
    if (this.blockers.get(laneOf(row))?.key === keyOf(row)) this.blockers.delete(laneOf(row));
  }

  private pause(): number {
    const now = this.deps.clock.now();
    const soonest = Math.min(...[...this.blockers.values()].map((b) => b.until - now).filter((ms) => ms > 0));
    return Math.min(this.settings.pollMs, soonest);
  }
}

function keyOf(row: Row): string {
  return JSON.stringify([row.notification.id, row.channel]);
}

function laneOf(row: Row): string {
  return JSON.stringify([subjectOf(row.notification), row.channel]);
}
