import { appendFile, mkdir, open, readdir, readFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '../../domain/canonical-json';
import type { AuditRecord } from '../../domain/audit';
import { errorMessage, NightshiftError } from '../../domain/errors';
import type { AuditSink } from './audit-sink';
import { again, type Db } from './database';
import { toRecord, type Appended } from './ledger';

const SUFFIX = '.jsonl';
const CHECKPOINT_EVERY = 256;
const MAX_REMEMBERED = 1000;

/**
 * The sink of an embedded database: every record also becomes a line of `<folder>/<stream>.jsonl`, written after its transaction and before the caller is answered.
 * Records up to the checkpoint (`exported_position`) are on disk for certain, so a missing line among them is never mended but left for the check to find;
 * later ones may be lost with the process and are written again.
 */
export class AuditFiles implements AuditSink {
  private readonly written = new Map<string, number>();
  private readonly touched = new Set<string>();
  /** Streams whose last write failed: no checkpoint may pass them. */
  private readonly behind = new Set<string>();
  private since = 0;
  private exported = 0;
  private tail: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly db: Db,
    private readonly folder: string,
  ) {}

  /** Opens the folder (0700) and writes what a killed process left out. */
  static async open(db: Db, folder: string): Promise<AuditFiles> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const files = new AuditFiles(db, folder);
    await files.repair();
    return files;
  }

  write: AuditSink['write'] = (stream, work) =>
    this.quiet(async () => {
      const { value, appended } = await again(() => work(this.db));
      if (appended) await this.export(stream, appended);
      return value;
    });

  quiet<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.tail.then(work, work);
    this.tail = turn.catch(() => undefined);
    return turn;
  }

  lines = async (stream: string): Promise<readonly string[] | undefined> => {
    const text = await readOrUndefined(this.path(stream));
    if (text === undefined) return undefined;
    return text === '' ? [] : text.replace(/\n$/, '').split('\n');
  };

  fileStreams = async (): Promise<readonly string[]> =>
    (await readdir(this.folder))
      .filter((name) => name.endsWith(SUFFIX))
      .map((name) => name.slice(0, -SUFFIX.length))
      .sort();

  close(): Promise<void> {
    return this.quiet(() => this.checkpoint());
  }

  private async export(stream: string, { head, records }: Appended): Promise<void> {
    const known = this.written.get(stream);
    // Forgotten until the write has worked: a write that failed half-way is then found and mended by the next one.
    this.written.delete(stream);
    this.behind.add(stream);
    try {
      if (known === head.count - records.length) await this.append(stream, records.map(lineOf));
      else await this.complete(stream);
      this.behind.delete(stream);
      this.remember(stream, head.count);
      if (this.since >= CHECKPOINT_EVERY) await this.checkpoint();
    } catch (error) {
      throw new NightshiftError(
        'internal',
        `The record is stored, but the audit file of ${stream} in ${this.folder} cannot be written: ${errorMessage(error)}. Make room or mend the folder; sending it again is safe.`,
      );
    }
  }

  /** Brings a file of unknown state up to date. */
  private async complete(stream: string): Promise<void> {
    const text = (await readOrUndefined(this.path(stream))) ?? '';
    const end = text.lastIndexOf('\n') + 1;
    const torn = text.slice(end);
    const there = new Set(text.slice(0, end).split('\n'));
    const rows = await this.db.selectFrom('audit').selectAll().where('stream', '=', stream).where('position', '>', this.exported).orderBy('seq').execute();
    const lines = rows.map((row) => lineOf(toRecord(row))).filter((line) => !there.has(line));
    if (torn !== '' && lines[0]?.startsWith(torn)) await truncate(this.path(stream), Buffer.byteLength(text.slice(0, end)));
    // A fragment that no record of ours begins with is kept on a line of its own: the check will name it.
    else if (torn !== '' && lines.length > 0) await appendFile(this.path(stream), '\n');
    await this.append(stream, lines);
  }

  private async append(stream: string, lines: readonly string[]): Promise<void> {
    if (lines.length === 0) return;
    await appendFile(this.path(stream), `${lines.join('\n')}\n`, { mode: 0o600 });
    this.touched.add(stream);
    this.since += lines.length;
  }

  private remember(stream: string, count: number): void {
    this.written.set(stream, count);
    const oldest = this.written.size > MAX_REMEMBERED ? this.written.keys().next().value : undefined;
    if (oldest !== undefined) this.written.delete(oldest);
  }

  private async repair(): Promise<void> {
    const ledger = await this.db.selectFrom('audit_ledger').selectAll().executeTakeFirstOrThrow();
    this.exported = ledger.exported_position;
    const open = await this.db.selectFrom('audit').select('stream').distinct().where('position', '>', this.exported).execute();
    for (const { stream } of open) {
      await this.complete(stream);
      this.touched.add(stream);
    }
    await this.checkpoint();
  }

  /** Every record is in its file now; makes that durable and notes it. */
  private async checkpoint(): Promise<void> {
    if (this.behind.size > 0) return;
    for (const stream of this.touched) await sync(this.path(stream));
    if (this.touched.size > 0) {
      await sync(this.folder);
      const { position } = await this.db.selectFrom('audit_ledger').select('position').executeTakeFirstOrThrow();
      await this.db.updateTable('audit_ledger').set({ exported_position: position }).where('id', '=', 1).execute();
      this.exported = position;
    }
    this.touched.clear();
    this.since = 0;
  }

  private path(stream: string): string {
    return join(this.folder, `${stream}${SUFFIX}`);
  }
}

/** The line that a record is written as. */
export function lineOf(record: AuditRecord): string {
  return canonicalJson(record);
}

async function readOrUndefined(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    // Removed by someone: the check names it, and it must not keep new records from being written.
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (!handle) return;
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
