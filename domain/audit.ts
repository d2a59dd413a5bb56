/** One entry of an incident's history as the workflow writes it; `data` is small and already redacted. */
export interface AuditEntry {
  readonly seq: number;
  /** ISO 8601. */
  readonly at: string;
  /** Who or what: `nightshift`, `person:ana`, `unverified:ana`, `policy`. */
  readonly actor: string;
  readonly kind: AuditKind;
  /** One line for the timeline. */
  readonly summary: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** Kinds of audit entries. */
export const AUDIT_KINDS = [
  'opened',
  'alert',
  'triaged',
  'evidence',
  'diagnosed',
  'proposed',
  'withdrawn',
  'decision',
  'decision-refused',
  'break-glass',
  'waiting',
  'reminded',
  'expired',
  'remediating',
  'refused',
  'effect',
  'verifying',
  'verified',
  'undone',
  'watching',
  'relapsed',
  'resolved',
  'escalated',
  'handed-over',
  'handed-back',
  'acknowledged',
  'note',
  'halt',
  'key',
  'intake',
  'silence',
  'feedback',
  'autonomy',
] as const;
/** Kind of an audit entry. */
export type AuditKind = (typeof AUDIT_KINDS)[number];

/** A stored entry. `prev` and `hash` chain one stream; `ledger` chains all streams by `position`. Hashes are hex SHA-256. */
export interface AuditRecord extends AuditEntry {
  /** Incident id, or `system`. */
  readonly stream: string;
  /** Place in the one sequence over all streams, from 1 without a gap. */
  readonly position: number;
  readonly prev: string;
  readonly hash: string;
  readonly ledger: string;
}

/** Last record of a stream: what the workflow keeps so that a cut tail shows. */
export interface AuditHead {
  readonly count: number;
  readonly hash: string;
}

/** One thing that is wrong in the audit, with where. */
export interface AuditFault {
  readonly kind:
    | 'altered'
    | 'missing'
    | 'cut-tail'
    | 'reordered'
    | 'file-differs'
    | 'file-missing'
    | 'ledger-broken'
    /** Only signed heads tell of the last three: a history that was taken away whole, one whose hashes were made anew, and a head that nobody of ours signed. */
    | 'deleted'
    | 'rewritten'
    | 'forged-anchor';
  readonly stream: string;
  readonly seq?: number;
  readonly position?: number;
  readonly message: string;
}
