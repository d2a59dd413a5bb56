/** A labelled part of a message. Lines are safe plain text; `code` marks lines to copy, which are never shortened. */
export interface MessageSection {
  readonly label: string;
  readonly lines: readonly string[];
  readonly code?: boolean;
}

/** A notification in words, before a channel gives it its form. */
export interface Message {
  readonly title: string;
  readonly sections: readonly MessageSection[];
}

/** What a message needs besides the incident. */
export interface MessageContext {
  /** Epoch milliseconds. */
  readonly now: number;
  /** Address of the HTTP API without a trailing slash. */
  readonly apiUrl?: string;
  /** What our detector saw, a sentence each. */
  readonly anomalies?: readonly string[];
  /** Leaves nothing out and shortens nothing: for a page that can be scrolled, and for what a person is about to approve. */
  readonly whole?: boolean;
}
