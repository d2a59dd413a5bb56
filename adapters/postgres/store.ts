import { sql } from 'kysely';
import type { Store } from '../../ports/store';
import { auditLog } from './audit-reader';
import type { AuditSink } from './audit-sink';
import { changeStore } from './changes';
import type { Db } from './database';
import { guarded, translateError } from './db-errors';
import { doorKey } from './door-key';
import { evidenceStore } from './evidence';
import { inbox } from './inbox';
import { incidentReader } from './incidents';
import { intentStore } from './intents';
import { keyStore } from './keys';
import { killSwitch } from './kill-switch';
import { outbox } from './outbox';
import { proposalStore } from './proposals';
import { sampleArchive } from './samples';
import { stateStore } from './state';
import { transitionStore, type OutboxChannel } from './transitions';

/** What a store is put together from. */
export interface StoreParts {
  readonly db: Db;
  readonly sink: AuditSink;
  readonly channels: readonly OutboxChannel[];
  /** Name of the database for messages, without user or password. */
  readonly where: string;
  /** Releases what the opener took. */
  readonly release: () => Promise<void>;
  /** Told how many rows were deleted, for a database that does not sweep by itself. */
  readonly forgotten?: (rows: number) => Promise<void>;
}

/** The store over a database whose schema is up to date; every method throws our errors only. */
export function createStore({ db, sink, channels, where, release, forgotten }: StoreParts): Store {
  const guard = <T extends object>(part: T): T => guarded(part, where);
  let closing: Promise<void> | undefined;
  return {
    inbox: guard(inbox(db)),
    samples: guard(sampleArchive(db, forgotten ?? (() => Promise.resolve()))),
    changes: guard(changeStore(db)),
    evidence: guard(evidenceStore(db)),
    proposals: guard(proposalStore(db)),
    transitions: guard(transitionStore(sink, channels)),
    incidents: guard(incidentReader(db)),
    audit: guard(auditLog(db, sink)),
    intents: guard(intentStore(db, sink, channels)),
    killSwitch: guard(killSwitch(db, sink)),
    keys: guard(keyStore(db)),
    doorKey: guard(doorKey(db)),
    outbox: guard(outbox(db)),
    state: guard(stateStore(db)),
    ping: async () => {
      await sql`select 1`.execute(db).catch((error: unknown) => Promise.reject(translateError(error, where) as Error));
    },
    close: () => (closing ??= sink.close().finally(release)),
  };
}
