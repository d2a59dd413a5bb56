import { again, type Db } from './database';
import type { Appended } from './ledger';

/** Runs a statement or a transaction that appends to one stream, and sees to it that what was appended gets to wherever records are written out. */
export interface AuditSink {
  write<T>(stream: string, work: (db: Db) => Promise<{ readonly value: T; readonly appended?: Appended }>): Promise<T>;
  /** Runs a reading while nothing is half written out. */
  quiet<T>(read: () => Promise<T>): Promise<T>;
  /** Lines of a stream's file without the line ends; undefined when there is none. Absent where nothing is written out. */
  readonly lines?: (stream: string) => Promise<readonly string[] | undefined>;
  /** Streams that have a file. */
  readonly fileStreams?: () => Promise<readonly string[]>;
  close(): Promise<void>;
}

/** The sink of a database that is the only place of the audit. */
export function tableSink(db: Db): AuditSink {
  return {
    write: async (_stream, work) => (await again(() => work(db))).value,
    quiet: (read) => read(),
    close: () => Promise.resolve(),
  };
}
