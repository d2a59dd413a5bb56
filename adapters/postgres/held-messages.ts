import { sql } from 'kysely';
import type { IncidentNotification } from '../../domain/notification';
import { UNSTEADY, type Fate } from '../../domain/quiet/messages';
import type { Tx } from './database';

/**
 * Lets a message wait that was put into the outbox just now. Of those of one incident that wait for a silence the newest is enough, and the end of one that people never heard
 * of is no news. A message that was taken by a channel already, as its transition came again, stays.
 */
export async function holdMessage(tx: Tx, { id, incidentId, reason }: IncidentNotification, fate: Extract<Fate, { kind: 'hold' }>): Promise<void> {
  await sql`update nightshift.outbox set hold = ${fate.hold}, next_at = ${fate.until}::bigint where id = ${id} and state = 'waiting' and attempts = 0`.execute(
    tx,
  );
  if (fate.hold === UNSTEADY) return;
  const unheard = reason === 'resolved' && !(await wasHeard(tx, incidentId));
  const keep = unheard ? '' : id;
  await sql`update nightshift.outbox set state = 'failed', last_error = 'folded into a later message'
    where state = 'waiting' and hold is not null and id <> ${keep} and starts_with(id, ${`${incidentId}/`})`.execute(tx);
}

/** Was anything of this incident sent, or is it about to be? */
async function wasHeard(tx: Tx, incidentId: string): Promise<boolean> {
  const found = await sql`select 1 from nightshift.outbox
    where starts_with(id, ${`${incidentId}/`}) and (state = 'sent' or (state = 'waiting' and hold is null)) limit 1`.execute(tx);
  return found.rows.length > 0;
}
