import type { Notification } from '../../domain/notification';
import type { Outbox, OutboxGauge } from '../../ports/store';

interface Row {
  readonly id: string;
  readonly channel: string;
  attempts: number;
  nextAt: number;
  readonly notification: Notification;
}

/** The outbox in memory, with the one channel `memory`; what was sent or given up is gone from its rows. */
export class MemoryMessages implements Outbox, OutboxGauge {
  readonly rows: Row[] = [];
  private readonly told = new Map<string, number>();

  async put(notification: Notification): Promise<void> {
    if (!this.rows.some(({ id }) => id === notification.id)) this.rows.push({ id: notification.id, channel: 'memory', attempts: 0, nextAt: 0, notification });
  }

  async unsent(): Promise<{ channel: string; waiting: number }[]> {
    return [{ channel: 'memory', waiting: this.rows.length }];
  }

  async due(now: number, limit: number): Promise<readonly Row[]> {
    return this.rows.filter((row) => row.nextAt <= now).slice(0, limit);
  }

  async sent(id: string, channel: string, at: number): Promise<void> {
    if (!this.told.has(id)) this.told.set(id, at);
    this.drop(id, channel);
  }

  async toldAt(id: string): Promise<number | undefined> {
    return this.told.get(id);
  }

  async failed(id: string, channel: string, _error: string, nextAt: number | null): Promise<void> {
    const row = this.rows.find((each) => each.id === id && each.channel === channel);
    if (row && nextAt !== null) Object.assign(row, { attempts: row.attempts + 1, nextAt });
    else this.drop(id, channel);
  }

  private drop(id: string, channel: string): void {
    const at = this.rows.findIndex((row) => row.id === id && row.channel === channel);
    if (at >= 0) this.rows.splice(at, 1);
  }
}
