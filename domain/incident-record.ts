import type { AuditEntry, AuditHead, AuditKind } from './audit';
import { clipBytes, utf8Bytes } from './byte-size';
import { joinedServices } from './correlate/joined';
import { isUnasked } from './decisions';
import type { IncidentState, OpenProposal } from './incident-state';
import { confirmLines } from './ledger-lines';
import { STATE_LIMITS } from './incident-state';
import type { IncidentView, IncidentReason, ProposalView, RejectionView, Transition } from './incident-view';

/** Adds an entry to the incident's history; it is pending until the store confirms it. */
export function enter(state: IncidentState, now: number, actor: string, kind: AuditKind, summary: string, data?: AuditEntry['data']): void {
  state.entries += 1;
  const entry: AuditEntry = {
    seq: state.entries,
    at: new Date(now).toISOString(),
    actor,
    kind,
    summary: summary.slice(0, STATE_LIMITS.noteLength),
    ...(data === undefined ? {} : { data }),
  };
  state.pending.push(entry);
  const { data: _data, ...shown } = entry;
  state.tail.push({ ...shown, summary: clipBytes(entry.summary, STATE_LIMITS.tailBytes) });
  state.tail.splice(0, Math.max(0, state.tail.length - STATE_LIMITS.tail));
}

/** The break-glass notice outranks every other, as it must be loud. */
export function announce(state: IncidentState, reason: IncidentReason): void {
  if (state.pendingNotify !== 'break-glass') state.pendingNotify = reason;
}

/** What the store does not have yet, as far as one payload should hold; notification and outcome go with the last part. Sending it twice is safe. */
export function transitionOf(state: IncidentState, now: number): Transition {
  const records = page(state.pending);
  const last = records.at(-1);
  const view = viewOf(state, now);
  if (last && records.length < state.pending.length) return { incidentId: state.incidentId, records, view: { ...view, version: last.seq } };
  return {
    incidentId: state.incidentId,
    records,
    view,
    ...optional('notify', state.pendingNotify ?? (state.joinUntold && 'joined')),
    ...(state.pendingOutcome === undefined ? {} : { outcome: state.pendingOutcome }),
    ...(state.pendingBeside === undefined ? {} : { beside: state.pendingBeside }),
  };
}

function page(pending: readonly AuditEntry[]): AuditEntry[] {
  let bytes = 0;
  const end = pending.findIndex((entry) => (bytes += utf8Bytes(JSON.stringify(entry))) > STATE_LIMITS.pageBytes);
  return end === -1 ? pending.slice() : pending.slice(0, Math.max(1, end));
}

/** Forgets what the store has confirmed: `head` came back from applying `sent`. */
export function confirm(state: IncidentState, sent: Transition, head: AuditHead): void {
  if (head.count < state.head.count) return;
  state.head = head;
  state.pending = state.pending.filter((e) => e.seq > head.count);
  if (sent.notify !== undefined && state.pendingNotify === sent.notify) delete state.pendingNotify;
  if (tellsOfJoined(sent, state)) delete state.joinUntold;
  if (sent.outcome && state.pendingOutcome?.round === sent.outcome.round && state.pendingOutcome.verdict === sent.outcome.verdict) delete state.pendingOutcome;
  confirmLines(state, sent.beside);
}

/** Whoever answers for a service that has joined was sent that the incident opened, or that it is theirs too. Others may not have asked for what else is told. */
function tellsOfJoined({ notify, view }: Transition, { alerts }: IncidentState): boolean {
  const told = new Set(view.joined?.map(({ service }) => service));
  return (notify === 'opened' || notify === 'joined') && (joinedServices(alerts) ?? []).every(({ service }) => told.has(service));
}

/** What one more transition, without an entry, would tell. */
export function stillUntold(state: IncidentState): boolean {
  return state.joinUntold === true && state.pendingNotify === undefined;
}

/** The projection of the incident. */
export function viewOf(state: IncidentState, now: number): IncidentView {
  return {
    incidentId: state.incidentId,
    workflowId: state.workflowId,
    runId: state.runId,
    ...optional('workflowVersion', state.workflowVersion),
    environment: state.environment,
    service: state.service,
    title: state.title,
    affected: state.affected,
    severity: state.severity,
    ...optional('triage', state.triage),
    status: state.status,
    openedAt: new Date(state.openedAt).toISOString(),
    updatedAt: new Date(now).toISOString(),
    ...optional('resolvedAt', state.resolvedAt === undefined ? undefined : new Date(state.resolvedAt).toISOString()),
    ...optional('predecessor', state.predecessor),
    ...optional('joined', joinedServices(state.alerts)),
    alerts: state.alerts.slice(-STATE_LIMITS.shownAlerts).reverse(),
    alertCount: state.alertCount,
    round: state.round,
    ...optional('cause', state.cause),
    ...optional('diagnosis', state.diagnosis),
    ...optional('proposal', proposalView(state)),
    ...optional('remediation', state.remediation),
    ...optional('acknowledgedBy', state.acknowledgedBy),
    ...optional('takenBy', state.takenBy),
    ...optional('outcome', state.outcome),
    ...optional('reason', state.reason),
    version: state.entries,
  };
}

function proposalView(state: IncidentState): ProposalView | undefined {
  const asked = state.asked;
  if (!asked) return undefined;
  return {
    proposal: asked.proposal,
    policy: asked.policy,
    expiresAt: new Date(asked.expiresAt).toISOString(),
    ...optional('actsAt', asked.actsAt === undefined ? undefined : new Date(asked.actsAt).toISOString()),
    approvals: [...new Set(asked.decisions.filter((d) => d.verdict === 'approve').map((d) => d.person))],
    state: asked.state,
    ...(asked.state === 'approved' && isUnasked(asked) ? { unasked: true } : {}),
    ...optional('rejection', asked.state === 'rejected' ? rejectionView(asked) : undefined),
  };
}

function rejectionView({ decisions }: OpenProposal): RejectionView | undefined {
  const decision = decisions.find(({ verdict }) => verdict === 'reject');
  if (!decision) return undefined;
  const { person, code, reason, signature } = decision;
  return { person, ...optional('code', code), ...optional('reason', reason), signed: signature !== undefined };
}

function optional<K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : ({ [key]: value } as Record<K, V>);
}
