import { createHash } from 'node:crypto';

/** Most ids that one process remembers; of more the longest unused are looked up again. */
const MOST = 200_000;

/** Numbers of rows by what they stand for, so that most messages need no look at the table. They count once the transaction that found or made them is committed. */
export class KnownIds {
  private readonly ids = new Map<string, number>();

  get(identity: string): number | undefined {
    const id = this.ids.get(identity);
    if (id === undefined) return undefined;
    // Moves to the end: the oldest in the map is the longest unused.
    this.ids.delete(identity);
    this.ids.set(identity, id);
    return id;
  }

  learn(found: ReadonlyMap<string, number>): void {
    for (const [identity, id] of found) this.ids.set(identity, id);
    for (const oldest of this.ids.keys()) {
      if (this.ids.size <= MOST) break;
      this.ids.delete(oldest);
    }
  }

  /** After a row that was known turned out to be gone. */
  forget(): void {
    this.ids.clear();
  }
}

/** Thrown to begin a transaction anew when a known row has been forgotten meanwhile. */
export class RowIsGone extends Error {}

/** The key of a row: 32 hex characters of a SHA-256. */
export function keyOf(identity: string): string {
  return createHash('sha256').update(identity, 'utf8').digest('hex').slice(0, 32);
}
