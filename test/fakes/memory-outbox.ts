import { NightshiftError } from '../../domain/errors';
import type { Notification } from '../../domain/notification';
import type { Outbox } from '../../ports/store';

interface OutboxRow {
  readonly notification: Notification;
  readonly channel: string;
  attempts: number;
  dueAt: number;
  state: 'waiting' | 'sent' | 'given-up';
  error?: string;
}

/** An outbox in memory that can fail as a store does, and that tests can wait on. */
export class MemoryOutbox implements Pick<Outbox, 'due' | 'sent' | 'failed'> {
  readonly rows: OutboxRow[] = [];
  reads = 0;
  /** So many of the next reads, or marks, fail. */
  failReads = 0;
  failMarks = 0;
  private waiting: { condition: () => boolean; resolve: () => void }[] = [];

  add(notification: Notification, channels: readonly string[]): void {
    for (const channel of channels) this.rows.push({ notification, channel, attempts: 0, dueAt: 0, state: 'waiting' });
  }

  due(now: number, limit: number): ReturnType<Outbox['due']> {
    this.reads += 1;
    if (this.failReads-- > 0) return this.changed(() => unreachable());
    return this.changed(() =>
      this.rows
        .filter((r) => r.state === 'waiting' && r.dueAt <= now)
        .slice(0, limit)
        .map((r) => ({ ...r })),
    );
  }

  sent(id: string, channel: string): Promise<void> {
    return this.changed(() => {
      if (this.failMarks-- > 0) unreachable();
      this.row(id, channel).state = 'sent';
    });
  }

  failed(id: string, channel: string, error: string, nextAt: number | null): Promise<void> {
    return this.changed(() => {
      const row = this.row(id, channel);
      row.attempts += 1;
      row.error = error;
      if (nextAt === null) row.state = 'given-up';
      else row.dueAt = nextAt;
    });
  }

  states(): readonly OutboxRow['state'][] {
    return this.rows.map((r) => r.state);
  }

  /** Waits until every row was sent or given up. */
  settled(): Promise<void> {
    return this.until(() => this.rows.every((r) => r.state !== 'waiting'));
  }

  /** Waits until a condition holds after some call to the outbox. */
  until(condition: () => boolean): Promise<void> {
    return condition() ? Promise.resolve() : new Promise((resolve) => this.waiting.push({ condition, resolve }));
  }

  private row(id: string, channel: string): OutboxRow {
    const row = this.rows.find((r) => r.notification.id === id && r.channel === channel);
    if (row === undefined) throw new Error(`no row ${id} ${channel}`);
    return row;
  }

  private async changed<T>(change: () => T): Promise<T> {
    await Promise.resolve();
    try {
      return change();
    } finally {
      const ready = this.waiting.filter((w) => w.condition());
      this.waiting = this.waiting.filter((w) => !ready.includes(w));
      for (const w of ready) w.resolve();
    }
  }
}

function unreachable(): never {
  throw new NightshiftError('unreachable', 'the store does not answer');
}
