import { sql } from 'kysely';
import type { AuditHead } from '../../domain/audit';
import { canonicalJson } from '../../domain/canonical-json';
import { NightshiftError } from '../../domain/errors';
import type { NotificationReason, Transition } from '../../domain/incident-view';
import type { Notification } from '../../domain/notification';
import type { TransitionStore } from '../../ports/store';
import type { AuditSink } from './audit-sink';
import type { Db } from './database';
import { millis } from './json';
import { entryColumns, SYSTEM_STREAM, toAppended, type Appended, type AppendReply } from './ledger';

/** A channel that notifications go to; without `on` it takes all reasons. */
export interface OutboxChannel {
  readonly channel: string;
  readonly on?: readonly NotificationReason[];
}

/** Transitions as one transaction each; notifications are put into the outbox once for each of the channels. */
export function transitionStore(sink: AuditSink, channels: readonly OutboxChannel[]): TransitionStore {
  return {
    apply: (transition): Promise<AuditHead> =>
      sink.write(transition.incidentId, async (db) => {
        const appended = await applyTransition(db, transition, channels);
        return { value: appended.head, appended };
      }),
  };
}

/** Applies a transition in one statement, alone or inside a transaction; see `TransitionStore.apply`. */
export async function applyTransition(db: Db, transition: Transition, channels: readonly OutboxChannel[]): Promise<Appended> {
  const { incidentId, records, view, notify, outcome } = transition;
  if (incidentId === SYSTEM_STREAM || view.incidentId !== incidentId) {
    throw new NightshiftError('invalid_input', `The transition of ${incidentId} must carry the view of the same incident, and not be named ${SYSTEM_STREAM}.`);
  }
  const { seqs, bodies, starts, ends } = entryColumns(incidentId, records);
  const openedAt = millis(view.openedAt, 'view.openedAt');
  const updatedAt = millis(view.updatedAt, 'view.updatedAt');
  const closedAt = view.status !== 'resolved' ? null : view.resolvedAt === undefined ? updatedAt : millis(view.resolvedAt, 'view.resolvedAt');
  const notification = notify && notificationOf(transition, notify);
  const wanted = notify ? channels.filter(({ on }) => on?.includes(notify) ?? true).map(({ channel }) => channel) : [];
  const result = await sql<{ reply: AppendReply }>`
    select nightshift.apply_transition(${incidentId}, ${seqs}::integer[], ${bodies}::text[], ${starts}::text[], ${ends}::text[],
      ${view.environment}, ${view.service}, ${view.severity}, ${view.status}, ${openedAt}::bigint, ${closedAt}::bigint, ${view.version}::integer, ${canonicalJson(view)},
      ${notification?.id ?? null}::text, ${wanted}::text[], ${notification && wanted.length > 0 ? canonicalJson(notification) : null}::text,
      ${outcome ? canonicalJson(outcome) : null}::json, ${updatedAt}::bigint) as reply`.execute(db);
  return toAppended(incidentId, result.rows[0]?.reply);
}

/** The id is the same however often, and with however many later records, the transition is sent. */
function notificationOf({ incidentId, records, view }: Transition, reason: NotificationReason): Notification {
  const cause = (reason === 'reminder' ? records.findLast((r) => r.kind === 'reminded') : undefined) ?? records.at(-1);
  const id = [incidentId, view.round, reason, ...(reason === 'reminder' ? [cause?.seq ?? view.version] : [])].join('/');
  return { id, incidentId, reason, round: view.round, at: cause?.at ?? view.updatedAt, view };
}
