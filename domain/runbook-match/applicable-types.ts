/** A runbook that could be given, by what it declares and what the configuration has; whether it helps is another question. */
interface ApplicableRunbook {
  readonly runbook: string;
  readonly title: string;
  readonly version: number;
  /** SHA-256 of its content, as a proposal names it. */
  readonly hash: string;
  readonly origin?: string;
  readonly because: string;
}

/** What could be chosen from, of how many; `candidates` are the first of those that apply. */
export interface ApplicableRunbooks {
  readonly inCatalogue: number;
  readonly applicable: number;
  readonly candidates: readonly ApplicableRunbook[];
}
