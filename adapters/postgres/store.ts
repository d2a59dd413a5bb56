import { sql } from 'kysely';
import type { ArchiveSettings } from '../../domain/archive-settings';
import type { Coordination } from '../../ports/coordination';
import type { Store } from '../../ports/store';
import { anchorKey } from './anchor-key';
import { anomalyStore, feedbackStore } from './anomalies';
import { archiveOf } from './archive/archive';
import { auditLog } from './audit-reader';
import type { AuditSink } from './audit-sink';
import { backups } from './backups';
import { cardVectors } from './card-vectors';
import { changeStore } from './changes';
import { correlationStore } from './correlation';
import type { Db } from './database';
import { guarded, translateError } from './db-errors';
import { detectionBook } from './detection';
import { doorKey } from './door-key';
import { evidenceStore } from './evidence';
import { inbox } from './inbox';
import { incidentReader } from './incidents';
import { intentHistory } from './intent-history';
import { intentStore } from './intents';
import { incidentDocuments } from './knowledge';
import { keyStore } from './keys';
import { killSwitch } from './kill-switch';
import { grantStore } from './grants';
import { ledgerReader } from './ledger-reader';
import { measureHistory } from './measures';
import { outbox } from './outbox';
import { outcomeLedger } from './outcomes';
import { proposalStore } from './proposals';
import { quietStore } from './quiet';
import { opinionStore, reasoningBudget } from './reasoning';
import { sampleArchive } from './samples';
import { seenMessages, setAsideStore } from './set-aside';
import { roundStore, shadowLedger } from './shadow';
import { silenceStore } from './silences';
import { seenServices } from './seen-services';
import { stateStore } from './state';
import { transitionStore, type OutboxChannel } from './transitions';
import { alertWatch } from './watch';

/** What a store is put together from. */
export interface StoreParts {
  readonly db: Db;
  readonly sink: AuditSink;
  readonly channels: readonly OutboxChannel[];
  readonly coordination: Coordination;
  /** Name of the database for messages, without user or password. */
  readonly where: string;
  /** Releases what the opener took. */
  readonly release: () => Promise<void>;
  /** Limits of the archive; the defaults when not given. */
  readonly archive?: ArchiveSettings | undefined;
  /** Told how many rows were deleted, for a database that does not sweep by itself. */
  readonly forgotten?: (rows: number) => Promise<void>;
}

/** The store over a database whose schema is up to date; every method throws our errors only. */
export function createStore({ db, sink, channels, coordination, where, release, archive, forgotten = async () => undefined }: StoreParts): Store {
  const guard = <T extends object>(part: T): T => guarded(part, where);
  let closing: Promise<void> | undefined;
  return {
    inbox: guard(inbox(db)),
    watch: guard(alertWatch(db, channels)),
    samples: guard(sampleArchive(db, forgotten)),
    changes: guard(changeStore(db)),
    archive: archiveOf({ db, settings: archive, forgotten }, guard),
    evidence: guard(evidenceStore(db)),
    proposals: guard(proposalStore(db)),
    transitions: guard(transitionStore(sink, channels)),
    incidents: guard(incidentReader(db)),
    audit: guard(auditLog(db, sink)),
    ledger: guard(ledgerReader(db)),
    anchorKey: guard(anchorKey(db)),
    intents: guard({ ...intentStore(db, sink, channels), ...intentHistory(db) }),
    killSwitch: guard(killSwitch(db, sink, channels)),
    keys: guard(keyStore(db)),
    doorKey: guard(doorKey(db)),
    outbox: guard(outbox(db, channels)),
    setAside: guard(setAsideStore(db)),
    seen: guard(seenMessages(db)),
    services: guard(seenServices(db)),
    state: guard(stateStore(db)),
    detection: guard(detectionBook(db)),
    measures: guard(measureHistory(db)),
    quiet: guard(quietStore(db, channels)),
    silences: guard(silenceStore(db, sink)),
    opinions: guard(opinionStore(db)),
    reasoningBudget: guard(reasoningBudget(db)),
    anomalies: guard(anomalyStore(db)),
    feedback: guard(feedbackStore(db, sink)),
    knowledge: guard({ ...incidentDocuments(db), ...cardVectors(db) }),
    outcomes: guard(outcomeLedger(db)),
    grants: guard(grantStore(db, sink)),
    shadow: guard(shadowLedger(db)),
    rounds: guard(roundStore(db)),
    backups: guard(backups(db)),
    correlation: guard(correlationStore(db)),
    coordination,
    ping: async () => {
      await sql`select 1`.execute(db).catch((error: unknown) => Promise.reject(translateError(error, where) as Error));
    },
    close: () => (closing ??= sink.close().finally(release)),
  };
}
