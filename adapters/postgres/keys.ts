import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { sql } from 'kysely';
import { NightshiftError } from '../../domain/errors';
import { ROLES, type Role } from '../../domain/names';
import type { KeyInfo, KeyStore, Person } from '../../ports/store';
import { transact, type Db, type Tables, type Tx } from './database';
import { together } from './together';

const OURS = /^nsk_([a-z0-9]{4,32})_([A-Za-z0-9_-]{43})$/;
const MIN_OTHER_LENGTH = 32;
// Any number does, as long as nothing else in the database takes it.
const FIRST_KEY_LOCK = 7_203_418_805;
// Compared when there is no such key, so that a wrong id takes as long as a wrong secret.
const NO_HASH = '0'.repeat(64);

/** Bearer keys: `nsk_<id>_<secret>` of 256 random bits, of which only the id and the SHA-256 of the secret are stored. */
export function keyStore(db: Db): KeyStore {
  const find = finder(db);
  return {
    create: (person, at) => create(db, person, at),
    createFirst: (person, at, keep) => createFirst(db, person, at, keep),
    ensure: (person, key, at) => ensure(db, person, key, at),
    authenticate: async (key) => {
      const { id, hash } = takeApart(key);
      const row = await find(id);
      const same = timingSafeEqual(Buffer.from(hash, 'hex'), Buffer.from(row?.secret_hash ?? NO_HASH, 'hex'));
      return row && same && row.revoked_at === null ? { name: row.name, role: row.role as Role } : undefined;
    },
    revoke: (id, at) => transact(db, (tx) => revoke(tx, id, at)),
    list: async () => {
      const rows = await db.selectFrom('keys').select(['id', 'name', 'role', 'created_at', 'revoked_at']).orderBy('created_at').orderBy('id').execute();
      return rows.map((row) => ({
        id: row.id,
        name: row.name,
        role: row.role as Role,
        createdAt: row.created_at,
        ...(row.revoked_at === null ? {} : { revokedAt: row.revoked_at }),
      }));
    },
    roleOf: async (name) => {
      const rows = await db.selectFrom('keys').select('role').where('name', '=', name).where('revoked_at', 'is', null).execute();
      return ROLES.findLast((role) => rows.some((row) => row.role === role));
    },
  };
}

type KeyRow = Pick<Tables['keys'], 'id' | 'name' | 'role' | 'secret_hash' | 'revoked_at'>;

/** Requests at once that one question answers. */
const LOOKUPS = 200;

/** Finds a key by its id. Under load every request asks, most of them for the same few keys: one question answers all that wait, and it is asked after each of them came, so that a key that was revoked opens nothing. */
function finder(db: Db): (id: string) => Promise<KeyRow | undefined> {
  return together({
    most: LOOKUPS,
    size: () => 1,
    ofOne: () => false,
    run: async (ids: readonly string[]) => {
      const wanted = [...new Set(ids)];
      const rows = await db.selectFrom('keys').select(['id', 'name', 'role', 'secret_hash', 'revoked_at']).where('id', 'in', wanted).execute();
      const found = new Map(rows.map((row) => [row.id, row]));
      return ids.map((id) => found.get(id));
    },
  });
}

async function create(db: Db, person: Person, at: string): Promise<{ info: KeyInfo; key: string }> {
  const key = `nsk_${randomBytes(6).toString('hex')}_${randomBytes(32).toString('base64url')}`;
  const { id, hash } = takeApart(key);
  await db.insertInto('keys').values({ id, name: person.name, role: person.role, secret_hash: hash, created_at: at, revoked_at: null }).execute();
  return { info: { id, name: person.name, role: person.role, createdAt: at }, key };
}

async function createFirst(db: Db, person: Person, at: string, keep: (key: string) => Promise<void>): Promise<KeyInfo | undefined> {
  return db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(${FIRST_KEY_LOCK})`.execute(tx);
    if (await tx.selectFrom('keys').select('id').where('revoked_at', 'is', null).limit(1).executeTakeFirst()) return undefined;
    const { info, key } = await create(tx, person, at);
    await keep(key);
    return info;
  });
}

/** All keys in use are locked, so that two that are revoked at the same moment cannot both find the other one left. */
async function revoke(tx: Tx, id: string, at: string): Promise<'revoked' | 'unknown' | 'last-admin'> {
  const live = await tx.selectFrom('keys').select(['id', 'role']).where('revoked_at', 'is', null).orderBy('id').forUpdate().execute();
  const key = live.find((row) => row.id === id);
  if (!key) return 'unknown';
  if (key.role === 'admin' && live.filter((row) => row.role === 'admin').length === 1) return 'last-admin';
  await tx.updateTable('keys').set({ revoked_at: at }).where('id', '=', id).execute();
  return 'revoked';
}

/** The configuration decides on name and role, but does not bring a revoked key back. */
async function ensure(db: Db, person: Person, key: string, at: string): Promise<void> {
  if (!OURS.test(key) && key.length < MIN_OTHER_LENGTH) {
    throw new NightshiftError(
      'invalid_input',
      `The key of ${person.name} is too short: use one made by "nightshift key create", or at least ${MIN_OTHER_LENGTH} random characters.`,
    );
  }
  const { id, hash } = takeApart(key);
  const { name, role } = person;
  await transact(db, async (tx) => {
    const values = { id, name, role, secret_hash: hash, created_at: at, revoked_at: null };
    await tx
      .insertInto('keys')
      .values(values)
      .onConflict((oc) => oc.doNothing())
      .execute();
    const row = await tx.selectFrom('keys').select('secret_hash').where('id', '=', id).executeTakeFirstOrThrow();
    if (row.secret_hash !== hash) throw new NightshiftError('conflict', `Another key with the id ${id} is known already. Give ${name} a key of its own.`);
    await tx.updateTable('keys').set({ name, role }).where('id', '=', id).execute();
  });
}

/** Id and hash of a key's secret; a key that is not of our form is a secret as a whole, found by a hash of its hash. */
function takeApart(key: string): { id: string; hash: string } {
  const [, id, secret] = OURS.exec(key) ?? [];
  const hash = sha256(secret ?? key);
  return { id: id ?? sha256(`id ${hash}`).slice(0, 12), hash };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
