import type { Session } from './identity';

/** One call as it came and what became of it. */
export interface LedgerEntry {
  /** Milliseconds since the epoch, on the fake's clock. */
  readonly at: number;
  /** As the request was signed for it, such as `monitoring`. */
  readonly service: string;
  readonly operation: string;
  readonly account: string;
  readonly region: string;
  /** ARN of the caller. */
  readonly principal: string;
  /** Of a role: its tags, for whom it is, and what it may do at most. */
  readonly session?: Session;
  readonly accessKeyId: string;
  readonly protocol: string;
  /** `1.1` or `2.0`. */
  readonly http: string;
  readonly input: unknown;
  /** `ok`, the name of an error, or the effect of the fault that befell it; `open` while it is at work. */
  outcome: string;
}

/** Every call in order. */
export interface Ledger {
  readonly entries: readonly LedgerEntry[];
  add(entry: LedgerEntry): void;
  /** Calls of one operation, or of one service, such as `monitoring` or `monitoring.DescribeAlarms`. */
  of(name: string): LedgerEntry[];
  clear(): void;
}

/** An empty one. */
export function makeLedger(): Ledger {
  const entries: LedgerEntry[] = [];
  return {
    entries,
    add: (entry) => void entries.push(entry),
    of: (name) => entries.filter(({ service, operation }) => name === service || name === `${service}.${operation}`),
    clear: () => void entries.splice(0),
  };
}
