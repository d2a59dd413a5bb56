import type { PGlite } from '@electric-sql/pglite';
import { serialize } from 'pg-protocol';
import { textParser } from './text-parser';

/** What a statement gave. */
export interface WireResult {
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  /** Rows that it inserted, changed, deleted or read. */
  readonly count: number;
}

/** Statements that stay prepared; the code has fewer, but for lists of varying length. */
const PREPARED = 300;

/**
 * The extended query protocol of PostgreSQL (https://www.postgresql.org/docs/current/protocol-flow.html) with an embedded PGlite. A statement is prepared once, and each run is one message
 * into the database, where PGlite's own `query` prepares anew and asks six times. Results are of the types that node-postgres makes of them.
 */
export class PGliteWire {
  private readonly names = new Map<string, string>();
  private made = 0;

  constructor(private readonly lite: PGlite) {}

  /** Runs one statement. Rejects with the database's error, which has its SQLSTATE as `code`. Not to be called again before it ends. */
  query(sql: string, parameters: readonly unknown[]): Promise<WireResult> {
    return this.lite.runExclusive(async () => {
      const known = this.names.get(sql);
      const name = known ?? `s${String((this.made += 1))}`;
      const run = [
        serialize.bind({ statement: name, values: parameters.map(valueOf) }),
        serialize.describe({ type: 'P', name: '' }),
        serialize.execute({ portal: '', rows: 0 }),
        serialize.sync(),
      ];
      try {
        const result = resultOf(await this.send(known === undefined ? [serialize.parse({ name, text: sql, types: [] }), ...run] : run));
        await this.remember(sql, name);
        return result;
      } catch (error) {
        if (known === undefined) await this.forget(name);
        throw error;
      }
    });
  }

  private send(messages: readonly Uint8Array[]): Promise<readonly BackendMessage[]> {
    return this.lite.execProtocolStream(Buffer.concat(messages));
  }

  private async remember(sql: string, name: string): Promise<void> {
    // Taken out and put in, so that the one that was not used for longest comes first.
    this.names.delete(sql);
    this.names.set(sql, name);
    if (this.names.size <= PREPARED) return;
    const [oldest] = this.names;
    if (!oldest) return;
    this.names.delete(oldest[0]);
    await this.forget(oldest[1]);
  }

  private async forget(name: string): Promise<void> {
    await this.send([serialize.close({ type: 'S', name }), serialize.sync()]);
  }
}

type BackendMessage = Awaited<ReturnType<PGlite['execProtocolStream']>>[number];

interface Column {
  readonly name: string;
  readonly read: (text: string) => unknown;
}

function resultOf(messages: readonly BackendMessage[]): WireResult {
  let columns: readonly Column[] = [];
  const rows: Record<string, unknown>[] = [];
  let count = 0;
  for (const message of messages) {
    if (isDescription(message)) columns = message.fields.map(({ name, dataTypeID }) => ({ name, read: textParser(dataTypeID) }));
    else if (isRow(message)) rows.push(rowOf(columns, message.fields));
    else if (isCompletion(message)) count = Number(/\d+$/.exec(message.text)?.[0] ?? 0);
  }
  return { rows, count };
}

function rowOf(columns: readonly Column[], fields: readonly (string | null)[]): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  columns.forEach(({ name, read }, i) => {
    const text = fields[i] ?? null;
    row[name] = text === null ? null : read(text);
  });
  return row;
}

type Description = BackendMessage & { readonly fields: readonly { readonly name: string; readonly dataTypeID: number }[] };
type Row = BackendMessage & { readonly fields: readonly (string | null)[] };
type Completion = BackendMessage & { readonly text: string };

function isDescription(message: BackendMessage): message is Description {
  return message.name === 'rowDescription';
}

function isRow(message: BackendMessage): message is Row {
  return message.name === 'dataRow';
}

function isCompletion(message: BackendMessage): message is Completion {
  return message.name === 'commandComplete';
}

/** A parameter as PostgreSQL reads it: text, or bytes in its binary form. */
function valueOf(parameter: unknown): string | Buffer | null {
  return Buffer.isBuffer(parameter) ? parameter : textOf(parameter);
}

function textOf(parameter: unknown): string | null {
  if (parameter === null || parameter === undefined) return null;
  if (typeof parameter === 'string') return parameter;
  if (Array.isArray(parameter)) return `{${parameter.map(elementOf).join(',')}}`;
  if (typeof parameter === 'number' || typeof parameter === 'boolean' || typeof parameter === 'bigint') return String(parameter);
  throw new TypeError('a parameter is a text, a number, a truth value, bytes or a list');
}

function elementOf(element: unknown): string {
  const text = textOf(element);
  if (text === null) return 'NULL';
  return Array.isArray(element) ? text : `"${text.replace(/[\\"]/g, '\\$&')}"`;
}
