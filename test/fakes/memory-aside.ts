import type { AsideEntry, AsideMessage, SeenMessages, SetAside } from '../../ports/set-aside';

/** Messages that were set aside, in memory; `rows` is open to tests. */
export class MemoryAside implements SetAside {
  readonly rows = new Map<string, AsideMessage>();

  async keep(message: AsideMessage, most: number): Promise<boolean> {
    if (this.rows.has(message.id)) return true;
    if (this.rows.size >= most) return false;
    this.rows.set(message.id, message);
    return true;
  }

  async list(limit: number): Promise<readonly AsideEntry[]> {
    const oldestFirst = [...this.rows.values()].sort((a, b) => a.receivedAt - b.receivedAt);
    return oldestFirst.slice(0, limit).map(({ body: _body, headers: _headers, ...entry }) => entry);
  }

  async get(id: string): Promise<AsideMessage | undefined> {
    return this.rows.get(id);
  }

  async failed(id: string, why: string): Promise<void> {
    const row = this.rows.get(id);
    if (row) this.rows.set(id, { ...row, why });
  }

  async drop(id: string): Promise<boolean> {
    return this.rows.delete(id);
  }

  async forget(before: number): Promise<void> {
    for (const { id, receivedAt } of this.rows.values()) if (receivedAt < before) this.rows.delete(id);
  }

  async count(since: number): Promise<number> {
    return [...this.rows.values()].filter(({ receivedAt }) => receivedAt >= since).length;
  }
}

/** Signed messages that were taken in, in memory. */
export class MemorySeen implements SeenMessages {
  private readonly until = new Map<string, number>();

  async has(source: string, message: string, now: number): Promise<boolean> {
    return (this.until.get(`${source}/${message}`) ?? -Infinity) >= now;
  }

  async remember(source: string, message: string, until: number): Promise<void> {
    this.until.set(`${source}/${message}`, until);
  }
}
