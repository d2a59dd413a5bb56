import type { PGlite } from '@electric-sql/pglite';
import type { DatabaseConnection, Dialect, Driver, QueryResult } from 'kysely';
import { CompiledQuery, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely';
import { NightshiftError } from '../../domain/errors';
import { HOLDS_NUL } from './binary-arrays';
import { PGliteWire } from './pglite-wire';

/**
 * Kysely over an embedded PGlite. Its own node-postgres bridge is not used: after a text with a NUL character it answers the next queries with nothing instead of an error.
 * PGlite is one connection, so whoever has it keeps the others waiting until its transaction ends.
 */
export function pgliteDialect(lite: PGlite): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new PGliteDriver(lite),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}

class PGliteDriver implements Driver {
  private readonly connection: PGliteConnection;
  private tail: Promise<void> = Promise.resolve();
  private letNext: () => void = () => undefined;

  constructor(private readonly lite: PGlite) {
    this.connection = new PGliteConnection(lite);
  }

  async init(): Promise<void> {
    await this.lite.waitReady;
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    const before = this.tail;
    let letNext: () => void = () => undefined;
    this.tail = new Promise((resolve) => (letNext = resolve));
    await before;
    this.letNext = letNext;
    return this.connection;
  }

  async beginTransaction(): Promise<void> {
    await this.connection.executeQuery(CompiledQuery.raw('begin'));
  }

  async commitTransaction(): Promise<void> {
    await this.connection.executeQuery(CompiledQuery.raw('commit'));
  }

  async rollbackTransaction(): Promise<void> {
    await this.connection.executeQuery(CompiledQuery.raw('rollback'));
  }

  releaseConnection(): Promise<void> {
    this.letNext();
    return Promise.resolve();
  }

  async destroy(): Promise<void> {
    if (!this.lite.closed) await this.lite.close();
  }
}

class PGliteConnection implements DatabaseConnection {
  private readonly wire: PGliteWire;

  constructor(lite: PGlite) {
    this.wire = new PGliteWire(lite);
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    if (query.parameters.some(holdsNul)) throw new NightshiftError('invalid_input', HOLDS_NUL);
    const { rows, count } = await this.wire.query(query.sql, query.parameters);
    return { rows: rows as R[], numAffectedRows: BigInt(count) };
  }

  // eslint-disable-next-line require-yield -- the interface asks for a generator, and nothing here streams
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new NightshiftError('internal', 'The embedded database does not stream.');
  }
}

/** PGlite hands text to C as it is, where a NUL would end it. */
function holdsNul(parameter: unknown): boolean {
  return typeof parameter === 'string' ? parameter.includes('\0') : Array.isArray(parameter) && parameter.some(holdsNul);
}
