import type { Alert } from '../domain/alert';
import type { IncidentNotification } from '../domain/notification';
import type { Condition, Fold, HeldAlert } from '../domain/quiet/condition';
import type { Silence } from '../domain/quiet/silence';

/** What the gate decided of a batch; all of it or nothing is written. Positions are those of the inbox. */
export interface GateRecord {
  readonly hold: readonly HeldAlert[];
  readonly fold: readonly { readonly position: number; readonly fold: Fold }[];
  readonly release: readonly number[];
  readonly save: readonly Condition[];
  /** Keys of conditions that need not be kept any more. */
  readonly forget: readonly string[];
  readonly notifications: readonly IncidentNotification[];
  /** Incidents whose messages about an alert that came back are not sent any more. */
  readonly drop: readonly string[];
}

/** An alert that is held back on purpose. Times are epoch milliseconds. */
export interface HeldItem {
  readonly position: number;
  readonly alert: Alert;
  readonly receivedAt: number;
  readonly until: number;
  readonly why: string;
}

/** What is held back between inbox and workflows. */
export interface QuietStore {
  /** All that the gate remembers. */
  conditions(): Promise<readonly Condition[]>;
  /** Of one service. */
  conditionsOf(environment: string, service?: string): Promise<readonly Condition[]>;
  /** Writes what the gate decided at `now`, in one transaction. */
  record(decided: GateRecord, now: number): Promise<void>;
  /** Held alerts, the one that ends first before the others, and how many there are. */
  held(limit: number): Promise<{ readonly held: readonly HeldItem[]; readonly count: number }>;
  /** How many alerts were folded, by why. */
  folded(): Promise<Readonly<Partial<Record<Fold, number>>>>;
}

/** What an import changed. */
export interface ImportResult {
  readonly added: number;
  readonly changed: number;
  readonly ended: number;
}

/** Silences, of people and of other systems. */
export interface SilenceStore {
  /** Those that end after `now`, the next end first. */
  current(now: number): Promise<readonly Silence[]>;
  /** Adds one of a person, with its audit record. */
  add(silence: Silence, by: string, at: string): Promise<void>;
  /** Ends one of a person now, with its audit record. `imported` where another system owns it, `unknown` where none of that id lasts. */
  end(id: string, by: string, at: string): Promise<Silence | 'unknown' | 'imported'>;
  /** Makes those that were read from one system the only ones of it; what it has no more ends at `now` (epoch milliseconds). */
  replace(from: string, silences: readonly Silence[], now: number): Promise<ImportResult>;
}

/** A system whose silences hold here too. */
export interface SilenceSource {
  /** The same at every start; what was read from it is replaced by the next read. */
  readonly name: string;
  readonly everyMs: number;
  /** Its silences that are in force. Throws `unreachable` where it does not answer as it should. */
  read(): Promise<{ readonly silences: readonly Silence[]; readonly problems: readonly string[] }>;
}
