import { canonicalJson } from '../../domain/canonical-json';
import { grantScope, grantStatement } from '../../domain/confidence/grant';
import type { AutonomyGrant } from '../../domain/confidence/grant';
import type { GrantStore, KeptGrant } from '../../ports/outcomes';
import type { AuditSink } from './audit-sink';
import { transact, type Db, type Tables, type Tx } from './database';
import { parsed } from './json';
import { appendSystem, SYSTEM_STREAM } from './ledger';

const IN_FORCE = 100;
const LISTED = 500;

/** Grants of autonomy. One that is revoked loses its signature too, so that no later change of its row brings it back. */
export function grantStore(db: Db, sink: AuditSink): GrantStore {
  return {
    add: (grant) =>
      sink.write(SYSTEM_STREAM, (anywhere) =>
        transact(anywhere, async (tx) => {
          const { id, runbook, environment, until } = grant;
          await tx
            .insertInto('autonomy_grants')
            .values({ id, runbook, environment, ends_at: Date.parse(until), body: canonicalJson(grant), revoked_at: null, revoked_by: null, revoked_why: null })
            .execute();
          const summary = `granted ${grantScope(grant)} until ${until} (${id}): ${grant.reason}`;
          const entry = { at: grant.from, actor: `person:${grant.person}`, kind: 'autonomy' as const, summary, data: { ...grantStatement(grant) } };
          return { value: undefined, appended: await appendSystem(tx, entry) };
        }),
      ),
    revoke: (id, by, why, at) =>
      sink.write<AutonomyGrant | 'unknown' | 'revoked'>(SYSTEM_STREAM, (anywhere) =>
        transact(anywhere, async (tx) => {
          const row = await tx.selectFrom('autonomy_grants').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
          if (!row) return { value: 'unknown' as const };
          if (row.revoked_at !== null) return { value: 'revoked' as const };
          const grant = await takeBack(tx, row, { by, why, at });
          const summary = `revoked ${grantScope(grant)} (${id}): ${why}`;
          const entry = { at, actor: `person:${by}`, kind: 'autonomy' as const, summary, data: { id, why } };
          return { value: grant, appended: await appendSystem(tx, entry) };
        }),
      ),
    inForce: async ({ runbook, environment }, now) => {
      const rows = await db
        .selectFrom('autonomy_grants')
        .select('body')
        .where('runbook', '=', runbook)
        .where('environment', '=', environment)
        .where('revoked_at', 'is', null)
        .where('ends_at', '>', now)
        .orderBy('ends_at', 'desc')
        .limit(IN_FORCE)
        .execute();
      return rows.map(({ body }) => parsed<AutonomyGrant>(body));
    },
    list: async () => {
      const rows = await db.selectFrom('autonomy_grants').selectAll().orderBy('ends_at', 'desc').orderBy('id').limit(LISTED).execute();
      return rows.map(keptGrant);
    },
  };
}

/** Takes back every grant: whether one was revoked after the backup that a store was put back from, nobody knows. */
export async function revokeAllGrants(tx: Tx, by: string, why: string, at: string): Promise<void> {
  const rows = await tx.selectFrom('autonomy_grants').selectAll().where('revoked_at', 'is', null).execute();
  for (const row of rows) await takeBack(tx, row, { by, why, at });
}

async function takeBack(
  tx: Tx,
  { id, body }: Tables['autonomy_grants'],
  { by, why, at }: { readonly by: string; readonly why: string; readonly at: string },
): Promise<AutonomyGrant> {
  const grant = grantStatement(parsed<AutonomyGrant>(body));
  const change = { body: canonicalJson(grant), revoked_at: at, revoked_by: by, revoked_why: why };
  await tx.updateTable('autonomy_grants').set(change).where('id', '=', id).execute();
  return grant;
}

function keptGrant({ body, revoked_at: at, revoked_by: by, revoked_why: why }: Tables['autonomy_grants']): KeptGrant {
  const grant = parsed<AutonomyGrant>(body);
  return at === null ? { grant } : { grant, revoked: { at, by: by ?? '', why: why ?? '' } };
}
