import { ApplicationFailure, log, setHandler } from '@temporalio/workflow';
import type { Alert } from '../domain/alert';
import type { Decision, RecordedDecision } from '../domain/approval';
import { malformedDecision, tally, untimelyDecision } from '../domain/decisions';
import type { DecisionProblem } from '../domain/decisions';
import { joinAlerts } from '../domain/incident-alerts';
import { takeDecision } from '../domain/incident-moves';
import type { Wish } from '../domain/incident-moves';
import { enter, viewOf } from '../domain/incident-record';
import type { IncidentState } from '../domain/incident-state';
import { STATE_LIMITS } from '../domain/incident-state';
import type { Progress } from '../domain/steps';
import * as messages from './messages';
import type { PersonMessage, UpdateReply } from './messages';

/** What handlers leave for the main loop. Handlers never wait. */
export interface Mailbox {
  /** What a person asked for; carried out at the next safe point. */
  wish?: Wish;
  progress?: Progress;
  /** An entry that people wait to see; it is written at once, not with the next step. */
  urgent: boolean;
  /** A condition fired that began after the fix. */
  relapsed: boolean;
}

/** Sets every handler; called before the first await, as messages come with the first task. */
export function listen(state: IncidentState, box: Mailbox, dedupeSize: number): void {
  setHandler(messages.alertsSignal, (alerts) => takeAlerts(state, box, alerts, dedupeSize), { description: 'A batch of alerts joins the incident.' });
  setHandler(messages.progressSignal, (progress) => {
    if (progress.incidentId === state.incidentId && progress.round === state.round) box.progress = progress;
  });
  setHandler(messages.decideUpdate, (decision) => decide(state, decision, 'update'), {
    description: 'Approve or reject the open proposal, or approve it with edited parameters.',
    validator: (decision: Decision) => refuse(malformedDecision(decision) ?? untimelyDecision(state, decision, Date.now())),
  });
  setHandler(
    messages.decideSignal,
    (decision) => {
      const problem = malformedDecision(decision) ?? untimelyDecision(state, decision, Date.now());
      if (problem) noteRefused(state, box, problem);
      else decide(state, decision, 'signal');
    },
    { description: 'The same decision as the update.' },
  );
  listenToPersons(state, box);
  setHandler(messages.incidentQuery, () => viewOf(state, Date.now()), { description: 'The incident as it stands.' });
  setHandler(messages.timelineQuery, () => state.tail, { description: 'The newest history entries.' });
}

function listenToPersons(state: IncidentState, box: Mailbox): void {
  const say =
    (kind: 'acknowledged' | 'note', text: (m: PersonMessage) => string) =>
    (message: PersonMessage): UpdateReply => {
      if (kind === 'acknowledged') state.acknowledgedBy = message.person;
      enter(state, Date.now(), `person:${message.person}`, kind, text(message));
      box.urgent = true;
      return { result: kind === 'note' ? 'noted' : 'acknowledged', message: 'It is in the history.' };
    };
  const wish =
    (kind: Wish['kind'], result: string, message: string) =>
    (m: PersonMessage): UpdateReply => {
      box.wish = { kind, person: m.person, note: m.note ?? '' };
      return { result, message };
    };
  setHandler(
    messages.acknowledgeUpdate,
    say('acknowledged', (m) => `${m.person} has seen it.${m.note === undefined ? '' : ` ${m.note}`}`),
    {
      description: 'I have seen this.',
      validator: (m: PersonMessage) => refuse(badPerson(state, m)),
    },
  );
  setHandler(
    messages.noteUpdate,
    say('note', (m) => m.note ?? ''),
    { description: 'Add a note.', validator: (m: PersonMessage) => refuse(badPerson(state, m) ?? noteMissing(m)) },
  );
  setHandler(messages.takeOverUpdate, wish('take-over', 'taken-over', 'Nightshift stops at its next safe point; the incident is yours.'), {
    description: 'I take it from here.',
    validator: (m: PersonMessage) =>
      refuse(badPerson(state, m) ?? (state.status === 'handed-over' ? conflict(`${state.takenBy ?? 'Somebody'} has it already.`) : undefined)),
  });
  setHandler(messages.handBackUpdate, wish('hand-back', 'handed-back', 'Nightshift gathers new evidence.'), {
    description: 'Nightshift should go on.',
    validator: (m: PersonMessage) =>
      refuse(
        badPerson(state, m) ??
          (state.status === 'handed-over' || state.status === 'escalated'
            ? undefined
            : conflict(`The incident is ${state.status}; there is nothing to hand back.`)),
      ),
  });
  setHandler(messages.resolveUpdate, wish('resolve', 'resolved', 'The incident is closed.'), {
    description: 'It is over; says why.',
    validator: (m: PersonMessage) =>
      refuse(
        badPerson(state, m) ??
          noteMissing(m) ??
          (state.status === 'remediating' || state.status === 'verifying' ? conflict('A remediation is under way. Take the incident over first.') : undefined),
      ),
  });
}

function takeAlerts(state: IncidentState, box: Mailbox, alerts: unknown, dedupeSize: number): void {
  if (!Array.isArray(alerts) || !alerts.every(isAlert)) {
    enter(state, Date.now(), 'unknown', 'alert', 'A signal "alerts" was not understood; it must carry a list of alerts.');
    log.warn('A signal "alerts" was not understood');
    return;
  }
  const joined = joinAlerts(state, alerts, dedupeSize);
  // The incident's first entry says what opened it.
  if (state.round === 0) return;
  const now = Date.now();
  for (const note of [...joined.added, ...joined.refired])
    enter(state, now, note.source, 'alert', `${note.name} fires: ${note.summary}`, { fingerprint: note.fingerprint });
  for (const note of joined.ended) enter(state, now, note.source, 'alert', `${note.name} has ended.`, { fingerprint: note.fingerprint });
  const fixedAt = state.fixedAt;
  if (fixedAt !== undefined && [...joined.added, ...joined.refired].some((n) => Date.parse(n.startsAt) > fixedAt)) box.relapsed = true;
}

function isAlert(value: unknown): value is Alert {
  if (typeof value !== 'object' || value === null) return false;
  const a = value as Record<string, unknown>;
  return (
    ['id', 'fingerprint', 'name', 'source', 'summary', 'startsAt', 'severity'].every((k) => typeof a[k] === 'string') &&
    (a['status'] === 'firing' || a['status'] === 'resolved')
  );
}

function decide(state: IncidentState, decision: Decision, via: string): UpdateReply {
  const now = Date.now();
  const recorded: RecordedDecision = { ...decision, acceptedAt: new Date(now).toISOString(), via };
  takeDecision(state, now, recorded);
  const asked = state.asked;
  const where = asked ? tally(asked) : undefined;
  if (where?.kind === 'waiting') return { result: 'recorded', message: `Recorded; ${String(where.missing)} more must approve.` };
  if (where?.kind === 'edited') return { result: 'recorded', message: 'Recorded; the edited parameters are checked by policy now.' };
  return decision.verdict === 'approve'
    ? { result: 'approved', message: 'Approved; it begins now.' }
    : { result: 'rejected', message: 'Rejected; nothing will be done.' };
}

function noteRefused(state: IncidentState, box: Mailbox, problem: DecisionProblem): void {
  enter(state, Date.now(), 'unknown', 'decision-refused', `A decision that came as a signal does not count: ${problem.message}`);
  box.urgent = true;
}

function refuse(problem: DecisionProblem | undefined): void {
  if (problem) throw ApplicationFailure.nonRetryable(problem.message, problem.code);
}

function conflict(message: string): DecisionProblem {
  return { code: 'conflict', message };
}

function badPerson(state: IncidentState, value: unknown): DecisionProblem | undefined {
  const m = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  if (typeof m['person'] !== 'string' || m['person'].length === 0 || m['person'].length > 200)
    return { code: 'invalid_input', message: 'Say who you are: "person" is text of at most 200 characters.' };
  if (m['note'] !== undefined && (typeof m['note'] !== 'string' || m['note'].length > STATE_LIMITS.noteLength)) {
    return { code: 'invalid_input', message: `"note" is text of at most ${String(STATE_LIMITS.noteLength)} characters.` };
  }
  if (m['incidentId'] !== undefined && m['incidentId'] !== state.incidentId)
    return conflict(
      `This was meant for incident ${typeof m['incidentId'] === 'string' ? m['incidentId'] : 'with a malformed id'}, not for ${state.incidentId}.`,
    );
  return undefined;
}

function noteMissing(m: PersonMessage): DecisionProblem | undefined {
  return m.note === undefined || m.note.trim().length === 0 ? { code: 'invalid_input', message: 'Say something in "note".' } : undefined;
}
