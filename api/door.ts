import { createHash, randomUUID } from 'node:crypto';
import type { Decision, Statement } from '../domain/approval';
import { decisionContext, hasRole, mayDecide } from '../domain/approval-rules';
import { signStatement } from '../domain/approval-signature';
import { BY_HAND_LIMITS } from '../domain/by-hand';
import { canonicalJson } from '../domain/canonical-json';
import { signClosing } from '../domain/closing-signature';
import { ERRORS, errorCode, errorMessage, NightshiftError, type ErrorCode } from '../domain/errors';
import type { DoneByHand, IncidentView } from '../domain/incident-view';
import { cleanText } from '../domain/outside-text';
import type { RejectionCode } from '../domain/rejection';
import type { PersonCommand, Reply, ResolveCommand } from '../ports/incidents';
import type { Person } from '../ports/store';
import { fromStore } from './guard';
import type { ApiDeps } from './types';

/** A person's answer to a proposal as the body of the request says it. */
export interface Answer {
  readonly verdict: 'approve' | 'reject';
  readonly proposal: string;
  readonly parameters?: Readonly<Record<string, string>> | undefined;
  readonly reason?: string | undefined;
  readonly code?: RejectionCode | undefined;
  readonly breakGlass?: boolean | undefined;
}

/** What a person does besides deciding, as the request says it. */
export interface Order {
  readonly kind: PersonCommand['kind'];
  readonly note?: string | undefined;
  /** With `resolve`: what the person did by hand. */
  readonly byHand?: DoneByHand | undefined;
}

/** The door that knows who a person is: it signs what the person says and hands it to the incident. */
export interface Door {
  /** Throws `not_found`, `conflict`, `forbidden` and what the incident answers; a refusal stands in the system's audit. `key` is the caller's Idempotency-Key. */
  decide(person: Person, incidentId: string, answer: Answer, key: string | undefined): Promise<Reply>;
  command(person: Person, incidentId: string, order: Order, key: string | undefined): Promise<Reply>;
}

const NOTE_LENGTH = 1000;

/** Makes the door. */
export function createDoor(deps: Pick<ApiDeps, 'store' | 'incidents' | 'clock' | 'policy' | 'settings'>): Door {
  const { store, incidents, clock } = deps;
  const wait = deps.settings.doorTimeoutMs;

  return {
    async decide(person, incidentId, answer, key) {
      const view = await openIncident(deps, incidentId);
      try {
        checkPerson(deps, person, view, answer);
        const secret = await fromStore(() => store.doorKey.secret(), wait);
        const statement = statementOf(person, incidentId, answer, clock.now(), wait);
        const decision: Decision = { ...statement, signature: signStatement(secret, statement) };
        return await incidents.decide(view.workflowId, decision, callKey(key, [person.name, incidentId, 'decide', answer]));
      } catch (error) {
        if (isRefusal(error)) await noteRefusal(deps, person, incidentId, answer, error);
        throw error;
      }
    },
    async command(person, incidentId, order, key) {
      const view = await openIncident(deps, incidentId);
      const command = commandOf(person, incidentId, order);
      const sent = command.kind === 'resolve' ? await signedCommand(deps, view, command) : command;
      return incidents.command(view.workflowId, sent, callKey(key, [person.name, incidentId, order]));
    },
  };
}

async function openIncident(deps: Pick<ApiDeps, 'store' | 'settings'>, incidentId: string): Promise<IncidentView> {
  const view = await fromStore(() => deps.store.incidents.get(incidentId), deps.settings.doorTimeoutMs);
  if (!view) throw new NightshiftError('not_found', `There is no incident ${incidentId}.`);
  // The workflow id may belong to a later incident of the same service by now.
  if (view.status === 'resolved') throw new NightshiftError('conflict', `The incident ${incidentId} is closed since ${view.resolvedAt ?? view.updatedAt}.`);
  return view;
}

// Breaking the glass has a role of its own in the policy.
function checkPerson(deps: Pick<ApiDeps, 'policy'>, person: Person, view: IncidentView, answer: Answer): void {
  const breakGlass = answer.breakGlass ?? false;
  if (!breakGlass && !hasRole(person.role, 'approver')) {
    throw new NightshiftError('forbidden', `${person.name} is ${person.role}; deciding needs approver. Ask an approver or an admin.`);
  }
  // For any other digest than the shown one the incident answers that it is stale, so nothing about it needs to be known here.
  const shown = view.proposal?.proposal;
  const context = shown?.digest === answer.proposal ? decisionContext(shown, breakGlass) : { environment: view.environment, service: view.service, breakGlass };
  const allowed = mayDecide(deps.policy, person, context);
  if (!allowed.allowed) throw new NightshiftError(allowed.code, allowed.reason);
}

function statementOf(person: Person, incidentId: string, answer: Answer, now: number, wait: number): Statement {
  return {
    incidentId,
    proposal: answer.proposal,
    verdict: answer.verdict,
    ...(answer.parameters && { parameters: answer.parameters }),
    person: person.name,
    ...(answer.breakGlass && { breakGlass: true }),
    ...(answer.reason !== undefined && { reason: cleanText(answer.reason, NOTE_LENGTH) }),
    ...(answer.code !== undefined && { code: answer.code }),
    at: new Date(now).toISOString(),
    acceptBy: new Date(now + wait).toISOString(),
  };
}

function commandOf(person: Person, incidentId: string, order: Order): PersonCommand {
  const note = order.note === undefined ? '' : cleanText(order.note, NOTE_LENGTH);
  const about = { person: person.name, incidentId };
  if (order.kind === 'resolve') {
    const { byHand } = order;
    const done = byHand && { byHand: { ...byHand, what: cleanText(byHand.what, BY_HAND_LIMITS.what) } };
    return { kind: order.kind, ...about, note: note === '' ? (done?.byHand.what ?? '') : note, ...done };
  }
  if (order.kind === 'note') return { kind: order.kind, ...about, note };
  return { kind: order.kind, ...about, ...(note !== '' && { note }) };
}

/** What a person did is signed where it is the runbook that was shown: then it may count for that runbook. */
async function signedCommand(
  { store, clock, settings }: Pick<ApiDeps, 'store' | 'clock' | 'settings'>,
  view: IncidentView,
  command: ResolveCommand,
): Promise<ResolveCommand> {
  const { person, byHand } = command;
  const shown = view.proposal?.proposal;
  if (byHand?.runbook === undefined || byHand.runbook !== shown?.runbook.id) return command;
  const [now, wait] = [clock.now(), settings.doorTimeoutMs];
  const { incidentId } = view;
  const times = { at: new Date(now).toISOString(), acceptBy: new Date(now + wait).toISOString() };
  const secret = await fromStore(() => store.doorKey.secret(), wait);
  return { ...command, closing: signClosing(secret, { incidentId, proposal: shown.digest, runbook: byHand.runbook, what: byHand.what, person, ...times }) };
}

// One key from two people, or for two different answers, must not give one the other's reply.
function callKey(key: string | undefined, about: unknown): string {
  if (key === undefined) return randomUUID();
  return createHash('sha256')
    .update(canonicalJson([key, about]))
    .digest('base64url');
}

function isRefusal(error: unknown): boolean {
  const code = errorCode(error);
  return code !== undefined && ERRORS[code].status < 500 && code !== 'not_found';
}

async function noteRefusal(
  deps: Pick<ApiDeps, 'store' | 'clock' | 'settings'>,
  person: Person,
  incidentId: string,
  answer: Answer,
  error: unknown,
): Promise<void> {
  const code: ErrorCode = errorCode(error) ?? 'internal';
  await fromStore(
    () =>
      deps.store.audit.append({
        at: new Date(deps.clock.now()).toISOString(),
        actor: `person:${person.name}`,
        kind: 'decision-refused',
        summary: `${answer.verdict} on ${incidentId} was refused: ${errorMessage(error)}`,
        data: { incidentId, proposal: answer.proposal, verdict: answer.verdict, role: person.role, breakGlass: answer.breakGlass ?? false, code },
      }),
    deps.settings.doorTimeoutMs,
  );
}
