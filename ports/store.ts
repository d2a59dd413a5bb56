import type { Alert } from '../domain/alert';
import type { AuditEntry, AuditFault, AuditHead, AuditKind, AuditRecord } from '../domain/audit';
import type { EvidenceBundle } from '../domain/evidence';
import type { IncidentView, Transition } from '../domain/incident-view';
import type { IncidentStatus, Role, Severity } from '../domain/names';
import type { Notification } from '../domain/notification';
import type { Proposal } from '../domain/proposal';
import type { RunbookSnapshot } from '../domain/runbook';

/** An alert in the inbox. */
export interface InboxItem {
  readonly position: number;
  readonly alert: Alert;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
}

/** Accepted alerts, kept until Temporal has them. */
export interface Inbox {
  /** Commits all or none; an alert whose id is there already is kept once and counted as accepted. Throws `overloaded` when `limit` undelivered ones wait. */
  accept(alerts: readonly Alert[], receivedAt: number, limit: number): Promise<{ readonly accepted: number; readonly duplicates: number }>;
  /** Oldest undelivered first. */
  undelivered(limit: number): Promise<readonly InboxItem[]>;
  markDelivered(positions: readonly number[], workflowId: string): Promise<void>;
}

/** How far the inbox lags. */
export interface InboxGauge {
  backlog(now: number): Promise<{ readonly count: number; readonly oldestMs: number }>;
}

/** Frozen evidence by digest. */
export interface EvidenceStore {
  /** Idempotent: the first bundle of (incident, round) is kept, and its digest returned. */
  freeze(bundle: EvidenceBundle): Promise<string>;
  read(digest: string): Promise<EvidenceBundle | undefined>;
  ofRound(incidentId: string, round: number): Promise<{ readonly digest: string; readonly bundle: EvidenceBundle } | undefined>;
}

/** Runbook snapshots and proposals by hash: what was shown is what runs. */
export interface ProposalStore {
  saveRunbook(snapshot: RunbookSnapshot): Promise<void>;
  runbook(hash: string): Promise<RunbookSnapshot | undefined>;
  saveProposal(proposal: Proposal): Promise<void>;
  proposal(digest: string): Promise<Proposal | undefined>;
}

/** Writes transitions: audit, projection, notification outbox and outcome ledger in one transaction. */
export interface TransitionStore {
  /** Idempotent on (incidentId, seq): a record that is there already with the same content is skipped, one with another content throws `conflict`. Returns the head of the incident's stream. */
  apply(transition: Transition): Promise<AuditHead>;
}

/** Filter of a list of incidents. */
export interface IncidentFilter {
  readonly status?: readonly IncidentStatus[];
  readonly open?: boolean;
  readonly service?: string;
  readonly environment?: string;
  readonly severity?: readonly Severity[];
  /** Opaque cursor of the page before. */
  readonly cursor?: string;
  readonly limit: number;
}

/** Reads the projection. */
export interface IncidentReader {
  list(filter: IncidentFilter): Promise<{ readonly incidents: readonly IncidentView[]; readonly next?: string }>;
  get(incidentId: string): Promise<IncidentView | undefined>;
  /** Newest closed incident of a service, for `predecessor`. */
  lastClosed(environment: string, service: string): Promise<IncidentView | undefined>;
}

/** Reads and checks the audit. */
export interface AuditReader {
  read(stream: string): Promise<readonly AuditRecord[]>;
  streams(): Promise<readonly string[]>;
  /** Every fault found in one stream, or in all of them with the ledger and the written-out files. `heads` are what workflows remember. */
  verify(options: {
    readonly stream?: string;
    readonly heads?: Readonly<Record<string, AuditHead>>;
  }): Promise<{ readonly checked: number; readonly faults: readonly AuditFault[] }>;
}

/** Writes entries that belong to no workflow (keys, kill switch, refused answers) into the stream `system`, which numbers them itself. */
export interface SystemAudit {
  append(entry: {
    readonly at: string;
    readonly actor: string;
    readonly kind: AuditKind;
    readonly summary: string;
    readonly data?: AuditEntry['data'];
  }): Promise<void>;
}

/** An intent as it stands in the store. */
export interface IntentRow {
  readonly token: string;
  readonly incidentId: string;
  readonly round: number;
  readonly step: string;
  readonly target: string;
  readonly runbook: string;
  readonly state: 'intended' | 'started' | 'done' | 'failed' | 'ambiguous';
  /** Epoch milliseconds. */
  readonly intendedAt: number;
  readonly detail?: string;
}

/** What `prepare` must know to allow an action, from the intents in the store: actions (steps) of all, and attempts (rounds of incidents) on the target. */
export interface ActionCounts {
  readonly lastHour: number;
  readonly onTargetLastDay: number;
}

/** Intents of effects. */
export interface IntentStore {
  /**
   * Runs `check` inside one serialised transaction with the kill switch and the counts as they are then (not counting intents with the given tokens);
   * when it returns no refusal, writes the intents. Idempotent on tokens. Returns the refusals.
   */
  prepare(
    intents: readonly Omit<IntentRow, 'state' | 'detail'>[],
    check: (facts: { readonly halted: boolean; readonly counts: ActionCounts }) => readonly string[],
    transition?: Transition,
  ): Promise<{ readonly refusals: readonly string[]; readonly head?: AuditHead }>;
  get(token: string): Promise<IntentRow | undefined>;
  mark(token: string, state: IntentRow['state'], detail: string): Promise<void>;
}

/** The kill switch. */
export interface KillSwitch {
  halted(): Promise<{ readonly on: boolean; readonly by?: string; readonly at?: string; readonly reason?: string }>;
  set(on: boolean, by: string, reason: string, at: string): Promise<void>;
}

/** A person as a key names it. */
export interface Person {
  readonly name: string;
  readonly role: Role;
}

/** A key without its secret. */
export interface KeyInfo extends Person {
  readonly id: string;
  readonly createdAt: string;
  readonly revokedAt?: string;
}

/** Bearer keys, stored as SHA-256 of their secret part. */
export interface KeyStore {
  /** Returns the key's text, which is shown this once. */
  create(person: Person, at: string): Promise<{ readonly info: KeyInfo; readonly key: string }>;
  /** Makes a key of given text known (first admin key from the configuration). Idempotent. */
  ensure(person: Person, key: string, at: string): Promise<void>;
  authenticate(key: string): Promise<Person | undefined>;
  /** By key id; false when there is none. */
  revoke(id: string, at: string): Promise<boolean>;
  list(): Promise<readonly KeyInfo[]>;
  /** The current role of a person by any key that is not revoked, for `prepare`. */
  roleOf(name: string): Promise<Role | undefined>;
}

/** The door key that signs statements; made at first use. */
export interface DoorKey {
  secret(): Promise<Buffer>;
}

/** Notifications that wait to be sent. */
export interface Outbox {
  /** Those due at `now`, oldest first. */
  due(now: number, limit: number): Promise<readonly { readonly notification: Notification; readonly channel: string; readonly attempts: number }[]>;
  sent(id: string, channel: string, at: number): Promise<void>;
  /** Tries again at `nextAt`; gives up when null. */
  failed(id: string, channel: string, error: string, nextAt: number | null): Promise<void>;
}

/** Small state of a loop that must survive a restart (the detector's firing conditions). */
export interface StateStore {
  load(name: string): Promise<unknown>;
  save(name: string, value: unknown): Promise<void>;
}

/** Everything that one database owns. */
export interface Store {
  readonly inbox: Inbox & InboxGauge;
  readonly samples: import('./metrics').SampleArchive;
  readonly changes: import('./changes').ChangeStore;
  readonly evidence: EvidenceStore;
  readonly proposals: ProposalStore;
  readonly transitions: TransitionStore;
  readonly incidents: IncidentReader;
  readonly audit: AuditReader & SystemAudit;
  readonly intents: IntentStore;
  readonly killSwitch: KillSwitch;
  readonly keys: KeyStore;
  readonly doorKey: DoorKey;
  readonly outbox: Outbox;
  readonly state: StateStore;
  /** Answers when the database does. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
