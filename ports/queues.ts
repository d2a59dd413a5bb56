/** A message of a queue, which nobody else gets for a while. */
export interface QueuedMessage {
  readonly id: string;
  readonly body: string;
  /** By which it is acknowledged. */
  readonly receipt: string;
  /** How often it was handed out, this time too. */
  readonly receives: number;
  /** When it was sent, epoch milliseconds. */
  readonly sentAt: number;
}

/** A queue that several workers may take from at once. */
export interface MessageQueue {
  /** For people and for numbers. */
  readonly name: string;
  /** Waits until there is something, or for as long as the queue lets one wait; nothing when `signal` is aborted meanwhile. */
  receive(signal: AbortSignal): Promise<readonly QueuedMessage[]>;
  /** They are kept and never come again. */
  done(messages: readonly QueuedMessage[]): Promise<void>;
  /** They come again after so many seconds. */
  later(messages: readonly { readonly message: QueuedMessage; readonly seconds: number }[]): Promise<void>;
}
