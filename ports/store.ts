import type { Alert } from '../domain/alert';
import type { AuditEntry, AuditFault, AuditHead, AuditKind, AuditRecord } from '../domain/audit';
import type { TargetInHand } from '../domain/blast-radius';
import type { BrakeRule } from '../domain/brake';
import type { EvidenceBundle } from '../domain/evidence';
import type { IncidentView, Transition } from '../domain/incident-view';
import type { IncidentStatus, Role, Severity } from '../domain/names';
import type { Notification } from '../domain/notification';
import type { Fate } from '../domain/quiet/messages';
import type { Proposal } from '../domain/proposal';
import type { RunbookSnapshot } from '../domain/runbook';
import type { WatchedAlert } from '../domain/watch';
import type { Coordination } from './coordination';
import type { QuietStore, SilenceStore } from './quiet';

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
  /** Oldest undelivered first, without those of the places (`placeOf`) that are named. */
  undelivered(limit: number, except?: readonly string[]): Promise<readonly InboxItem[]>;
  markDelivered(positions: readonly number[], workflowId: string): Promise<void>;
}

/** An accepted alert and what became of it. */
export interface KeptAlert extends InboxItem {
  /** Workflow that has it; undefined while it waits. */
  readonly workflowId?: string;
}

/** Which accepted alerts are read, oldest first. Times are epoch milliseconds of arrival. */
export interface KeptFilter {
  readonly workflowId?: string;
  /** They came later than this. */
  readonly since?: number;
  /** They did not come later than this. */
  readonly until?: number;
  /** Position of the last one of the page before. */
  readonly after?: number;
  readonly limit: number;
}

/** Reads accepted alerts, delivered or not. */
export interface InboxReader {
  kept(filter: KeptFilter): Promise<readonly KeptAlert[]>;
}

/** How far the inbox lags. */
export interface InboxGauge {
  backlog(now: number): Promise<{ readonly count: number; readonly oldestMs: number }>;
}

/** Accepted alerts until the watcher has seen them in an incident, or people were told. */
export interface AlertWatch {
  /** Those that are not settled at `now` (epoch milliseconds), oldest first; what is held back is among them only when its time was over by then. */
  unsettled(limit: number, now?: number): Promise<readonly WatchedAlert[]>;
  /** Settles at most so many of those whose workflow has them and whose incident is open, from `at` (epoch milliseconds) on, without reading them. Returns how many. */
  settleDelivered(limit: number, at: number): Promise<number>;
  /** They need no watching any more, from `at` (epoch milliseconds) on; a notification of them goes into the outbox in the same transaction. */
  settle(positions: readonly number[], at: number, notification?: Notification): Promise<void>;
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
  /** All of a round, as edited parameters make another one; in the order of their digests. */
  ofRound(incidentId: string, round: number): Promise<readonly Proposal[]>;
}

/** Writes transitions: audit, projection, notification outbox and outcome ledger in one transaction. */
export interface TransitionStore {
  /** Idempotent on (incidentId, seq): a record that is there already with the same content is skipped, one with another content throws `conflict`. Returns the head of the incident's stream. `fate` says what becomes of its message; it is sent when absent. */
  apply(transition: Transition, fate?: Fate): Promise<AuditHead>;
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
  /** The id that the other side gave it. */
  readonly reference?: string;
  /** When the last attempt began, epoch milliseconds. */
  readonly startedAt?: number;
  /** When the other side last told something of it, epoch milliseconds. */
  readonly heardAt?: number;
}

/** What `prepare` must know to allow an action, from the intents in the store: actions (steps) of all, and attempts (rounds of incidents) on the target. */
export interface ActionCounts {
  readonly lastHour: number;
  readonly onTargetLastDay: number;
  /** Other targets whose remediation has been allowed within a day and is not concluded. */
  readonly inHand: readonly TargetInHand[];
  /** As `recorded` tells it, of the runbook of the intents. */
  readonly recorded: number;
}

/** Intents of effects. */
export interface IntentStore {
  /**
   * Runs `check` inside one serialised transaction with the kill switch and the counts as they are then (not counting intents with the given tokens);
   * when it returns no refusal, writes the intents. Idempotent on tokens. Returns the refusals.
   */
  prepare(
    intents: readonly Omit<IntentRow, 'state' | 'detail' | 'reference' | 'startedAt' | 'heardAt'>[],
    check: (facts: { readonly halted: boolean; readonly counts: ActionCounts }) => readonly string[],
    transition?: Transition,
  ): Promise<{ readonly refusals: readonly string[]; readonly head?: AuditHead }>;
  /** How many outcomes of a runbook the ledger has, and grants of it and keys have been revoked: what was read of its standing holds as long as there are no more. */
  recorded(runbook: string): Promise<number>;
  get(token: string): Promise<IntentRow | undefined>;
  /** Those whose end is not recorded, oldest first. */
  open(): Promise<readonly IntentRow[]>;
  /** An attempt begins, turns out not to have begun, or ends: only where nobody has changed the intent since it was read. False otherwise. */
  swap(
    read: Pick<IntentRow, 'token' | 'state' | 'startedAt'>,
    next: Pick<IntentRow, 'state' | 'detail'> & { readonly startedAt: number | undefined },
  ): Promise<boolean>;
  /** What is not named stays as it is. */
  mark(token: string, state: IntentRow['state'], detail: string, more?: Pick<IntentRow, 'reference' | 'startedAt'>): Promise<void>;
  /** The other side told something of what has these ids; returns those that are of intents. */
  heard(references: readonly string[], at: number): Promise<readonly string[]>;
}

/** The kill switch. */
export interface KillSwitch {
  halted(): Promise<{ readonly on: boolean; readonly by?: string; readonly at?: string; readonly reason?: string }>;
  /** `by` is the name of a person; only one turns it off. */
  set(on: boolean, by: string, reason: string, at: string): Promise<void>;
  /**
   * Turns it on in Nightshift's own name when more incidents than the rule allows opened within its time before `now` and since it was last turned off; the audit and, once, the
   * notifications say so. True when this call turned it on.
   */
  brake(rule: BrakeRule, now: number): Promise<boolean>;
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
  /** Makes a key if none is valid, one caller at a time over all processes; `keep` gets its text before the key counts, and the key is not made when that fails. Undefined when there was one. */
  createFirst(person: Person, at: string, keep: (key: string) => Promise<void>): Promise<KeyInfo | undefined>;
  /** Makes a key of given text known (first admin key from the configuration). Idempotent. */
  ensure(person: Person, key: string, at: string): Promise<void>;
  authenticate(key: string): Promise<Person | undefined>;
  /** By key id, in one transaction with the look whether it is the last admin's: that one stays. `unknown` when there is none in use. */
  revoke(id: string, at: string): Promise<'revoked' | 'unknown' | 'last-admin'>;
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
  /** Idempotent on id and channel. */
  put(notification: Notification): Promise<void>;
  /** Those due at `now`, oldest first. */
  due(now: number, limit: number): Promise<readonly { readonly notification: Notification; readonly channel: string; readonly attempts: number }[]>;
  sent(id: string, channel: string, at: number): Promise<void>;
  /** When a notification first reached a channel (epoch milliseconds); undefined where it has reached none. */
  toldAt(id: string): Promise<number | undefined>;
  /** Tries again at `nextAt`; gives up when null. */
  failed(id: string, channel: string, error: string, nextAt: number | null): Promise<void>;
}

/** How many notifications wait, by channel. */
export interface OutboxGauge {
  unsent(): Promise<readonly { readonly channel: string; readonly waiting: number }[]>;
}

/** Small state that must survive a restart: the detector's firing conditions, how a command of a team ended. */
export interface StateStore {
  load(name: string): Promise<unknown>;
  /** Saves it under a name that is not taken yet; false, with nothing changed, where it is. Of two at once one wins. */
  create(name: string, value: unknown): Promise<boolean>;
  save(name: string, value: unknown): Promise<void>;
}

/** Forgets what is saved of things that are gone. */
export interface StateSweep {
  /** Removes what is saved under names that begin with `prefix` and was judged to a time (`judgedTo`, epoch milliseconds) before another; returns how much it was. */
  forgetJudged(prefix: string, before: number): Promise<number>;
}

/** What a backup holds. */
export interface BackupSummary {
  /** When it was made, ISO 8601. */
  readonly at: string;
  readonly rows: number;
}

/** Copies of everything that one database owns, as lines of JSON: a header, rows by table, and an end with their number and a SHA-256 of all lines before. */
export interface Backups {
  /** Hands out a copy as of one moment; other writers may wait meanwhile, so `write` must not wait for a slow reader. */
  dump(at: string, write: (line: string) => Promise<void>): Promise<BackupSummary>;
  /**
   * Replaces everything by a copy, in one transaction, and turns the kill switch on in the name of `by`. `lines` is called twice, as nothing is touched before the whole copy was
   * checked. Throws `invalid_input` for what is no whole backup, and `conflict` for one of a newer version.
   */
  restore(lines: () => AsyncIterable<string>, by: string, at: string): Promise<BackupSummary>;
}

/** Everything that one database owns. */
export interface Store {
  readonly inbox: Inbox & InboxGauge & InboxReader;
  readonly watch: AlertWatch;
  readonly samples: import('./metrics').SampleArchive;
  readonly changes: import('./changes').ChangeStore;
  readonly archive: import('./archive').Archive;
  readonly evidence: EvidenceStore;
  readonly proposals: ProposalStore;
  readonly transitions: TransitionStore;
  readonly incidents: IncidentReader;
  readonly audit: AuditReader & SystemAudit;
  readonly ledger: import('./audit').LedgerReader;
  readonly anchorKey: import('./audit').AnchorKey;
  readonly intents: IntentStore & import('./audit').IntentHistory;
  readonly killSwitch: KillSwitch;
  readonly keys: KeyStore;
  readonly doorKey: DoorKey;
  readonly outbox: Outbox & OutboxGauge;
  readonly setAside: import('./set-aside').SetAside;
  readonly seen: import('./set-aside').SeenMessages;
  readonly services: import('./services').SeenServices;
  readonly state: StateStore & StateSweep;
  readonly detection: import('./detection').DetectionBook;
  readonly measures: import('./measures').MeasureHistory & import('./measures').MeasuredServices;
  readonly quiet: QuietStore;
  readonly silences: SilenceStore;
  readonly opinions: import('./reasoner').OpinionStore;
  readonly reasoningBudget: import('./reasoner').ReasoningBudget;
  readonly anomalies: import('./anomalies').AnomalyStore;
  readonly feedback: import('./anomalies').FeedbackStore;
  readonly knowledge: import('./knowledge').IncidentDocuments & import('./knowledge').Lessons & import('./knowledge').CardVectors;
  readonly outcomes: import('./outcomes').OutcomeLedger;
  readonly grants: import('./outcomes').GrantStore;
  readonly shadow: import('./shadow').ShadowLedger;
  readonly rounds: import('./shadow').RoundStore;
  readonly backups: Backups;
  readonly correlation: import('./correlation').CorrelationStore;
  readonly coordination: Coordination;
  /** Answers when the database does. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
