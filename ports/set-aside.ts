/** A message that came through a door, or was fetched, but could not be read, without the message itself. */
export interface AsideEntry {
  readonly id: string;
  readonly source: string;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
  /** Why it could not be read at the last try; redacted. */
  readonly why: string;
  /** Bytes as they were sent. */
  readonly size: number;
  /** How its sender was known; `pull` where it was fetched. */
  readonly by: 'key' | 'signature' | 'pull';
}

/** The message with what reading it again needs. */
export interface AsideMessage extends AsideEntry {
  /** Exactly as it was sent. */
  readonly body: Uint8Array;
  /** Those headers that say what it is, under lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Messages that could not be read, kept until a later version reads them or a person drops them. */
export interface SetAside {
  /** Idempotent on the id: the first is kept. False, with nothing kept, where `most` are there already. */
  keep(message: AsideMessage, most: number): Promise<boolean>;
  /** Oldest first, at most `limit`. */
  list(limit: number): Promise<readonly AsideEntry[]>;
  get(id: string): Promise<AsideMessage | undefined>;
  /** Why it could not be read this time either. */
  failed(id: string, why: string): Promise<void>;
  /** False where there is none of this id. */
  drop(id: string): Promise<boolean>;
  /** Drops those that came before a time (epoch milliseconds). */
  forget(before: number): Promise<void>;
  /** How many came at or after a time (epoch milliseconds). */
  count(since: number): Promise<number>;
}

/** Signed messages that were taken in, so that nobody can send them a second time. */
export interface SeenMessages {
  has(source: string, message: string, now: number): Promise<boolean>;
  /** Remembers it until a time and forgets others whose time is over; epoch milliseconds. */
  remember(source: string, message: string, until: number, now: number): Promise<void>;
}
