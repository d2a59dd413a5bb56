/** A message of another system that came in by another way than the door. */
export interface PulledMessage {
  /** Name of the source that reads it. */
  readonly source: string;
  readonly bytes: Uint8Array;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
  /** What tells it from every other one, where its bytes do not. */
  readonly identity?: string;
}

/** Takes messages of other systems into the store as the door does. */
export interface MessageIntake {
  /** Commits everything in it, or nothing; the same message again changes nothing. Throws `unreadable`, `too_large` or `invalid_input` for what this version cannot read, `overloaded` or `unreachable` for what cannot be kept now. */
  take(message: PulledMessage): Promise<void>;
  /** The same for some, all of them or none; each is known by its own identity. Throws as soon as one of them cannot be read. */
  takeAll(messages: readonly PulledMessage[]): Promise<void>;
  /** Sets it aside with the reason, for `ingest replay`. False where it cannot be: it is empty or too large, or too many are. */
  setAside(message: PulledMessage, why: unknown): Promise<boolean>;
}
