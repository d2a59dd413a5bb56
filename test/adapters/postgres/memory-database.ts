import { PGlite } from '@electric-sql/pglite';
import { Kysely } from 'kysely';
import type { Db, Tables } from '../../../adapters/postgres/database';
import { pgliteDialect } from '../../../adapters/postgres/pglite-dialect';

/** An empty embedded database in memory. */
export async function memoryDatabase(): Promise<Db> {
  const lite = await PGlite.create();
  return new Kysely<Tables>({ dialect: pgliteDialect(lite) }).withSchema('nightshift');
}
