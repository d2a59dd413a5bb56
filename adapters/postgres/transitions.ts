import { sql } from 'kysely';
import type { AuditHead } from '../../domain/audit';
import { canonicalJson } from '../../domain/canonical-json';
import { NightshiftError } from '../../domain/errors';
import type { IncidentReason, Transition } from '../../domain/incident-view';
import { notificationId, takers, type IncidentNotification, type Taker } from '../../domain/notification';
import type { TransitionStore } from '../../ports/store';
import type { Fate } from '../../domain/quiet/messages';
import { learnFromEnd, lockFeedback, mayTeach } from './anomalies';
import type { AuditSink } from './audit-sink';
import { transact, type Db } from './database';
import { holdMessage } from './held-messages';
import { tellsShadow } from '../../domain/shadow/fold';
import { millis } from './json';
import { hasLines, writeLines } from './outcomes';
import { noteShadow } from './shadow';
import { entryColumns, SYSTEM_STREAM, toAppended, type Appended, type AppendReply } from './ledger';

/** A channel that notifications go to; without `on` it takes all reasons, without `serves` those of all services. */
export interface OutboxChannel extends Taker {
  readonly channel: string;
}

/** Transitions as one transaction each; notifications are put into the outbox once for each of the channels. */
export function transitionStore(sink: AuditSink, channels: readonly OutboxChannel[]): TransitionStore {
  return {
    apply: (transition, fate): Promise<AuditHead> =>
      sink.write(transition.incidentId, async (db) => {
        const appended = await applyWithFate(db, transition, { channels, fate });
        return { value: appended.head, appended };
      }),
  };
}

/** One whose message waits, that ends an incident of anomalies, or that the shadow ledger is about, needs some more statements, and they are rare. */
async function applyWithFate(
  db: Db,
  transition: Transition,
  { channels, fate }: { readonly channels: readonly OutboxChannel[]; readonly fate: Fate | undefined },
): Promise<Appended> {
  const { notify, ...silent } = transition;
  // That something joined must not take the place of what waits for the incident's own channels; what is told at the end goes to those of the others too.
  const folded = fate?.kind === 'drop' || (fate?.kind === 'hold' && notify === 'joined');
  const told = folded ? silent : transition;
  const waits = notify !== undefined && !folded && fate?.kind === 'hold' ? { notify, fate } : undefined;
  const teaches = mayTeach(transition.view);
  const shadows = tellsShadow(transition);
  if (waits === undefined && !teaches && !shadows && !hasLines(transition)) return applyTransition(db, told, channels);
  return transact(db, async (tx) => {
    if (teaches) await lockFeedback(tx);
    const appended = await applyTransition(tx, told, channels);
    if (waits) await holdMessage(tx, notificationOf(transition, waits.notify), waits.fate);
    if (teaches) await learnFromEnd(tx, transition.view);
    if (shadows) await noteShadow(tx, transition);
    return appended;
  });
}

/** Applies a transition in one statement, alone or inside a transaction; one with lines of the outcome ledger only inside. See `TransitionStore.apply`. */
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
  const wanted = notify ? takers(notify, channels, view).map(({ channel }) => channel) : [];
  const result = await sql<{ reply: AppendReply }>`
    select nightshift.apply_transition(${incidentId}, ${seqs}::integer[], ${bodies}::text[], ${starts}::text[], ${ends}::text[],
      ${view.environment}, ${view.service}, ${view.severity}, ${view.status}, ${openedAt}::bigint, ${closedAt}::bigint, ${view.version}::integer, ${canonicalJson(view)},
      ${notification?.id ?? null}::text, ${wanted}::text[], ${notification && wanted.length > 0 ? canonicalJson(notification) : null}::text,
      ${outcome ? canonicalJson(outcome) : null}::json, ${updatedAt}::bigint) as reply`.execute(db);
  await writeLines(db, transition, updatedAt);
  return toAppended(incidentId, result.rows[0]?.reply);
}

/** The id is the same however often, and with however many later records, the transition is sent. */
function notificationOf({ incidentId, records, view }: Transition, reason: IncidentReason): IncidentNotification {
  const cause = (reason === 'reminder' ? records.findLast((r) => r.kind === 'reminded') : undefined) ?? records.at(-1);
  // No channel is told twice that something of its services joined: later messages tell the rest.
  if (reason === 'joined') return { id: `${incidentId}/joined`, incidentId, reason, round: view.round, at: records.at(-1)?.at ?? view.updatedAt, view };
  const own = notificationId(incidentId, view.round, reason);
  const id = reason === 'reminder' ? `${own}/${String(cause?.seq ?? view.version)}` : own;
  return { id, incidentId, reason, round: view.round, at: cause?.at ?? view.updatedAt, view };
}
