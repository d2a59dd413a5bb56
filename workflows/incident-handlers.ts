import { ApplicationFailure, log, setHandler } from '@temporalio/workflow';
import type { Decision, DecisionProblem } from '../domain/approval';
import { malformedByHand, plainByHand } from '../domain/by-hand';
import { malformedClosing, recordedClosing } from '../domain/closing';
import { defined } from '../domain/defined';
import { malformedDecision, plainDecision, tally, untimelyDecision } from '../domain/decisions';
import { joinAlerts } from '../domain/incident-alerts';
import { takeDecision } from '../domain/incident-answers';
import type { Wish } from '../domain/incident-moves';
import { announceJoined, enterJoined } from '../domain/incident-joins';
import { enter, viewOf } from '../domain/incident-record';
import type { IncidentState } from '../domain/incident-state';
import { STATE_LIMITS } from '../domain/incident-state';
import type { IncidentSettings } from '../domain/settings';
import type { Progress } from '../domain/steps';
import { isAlert } from './alert-shape';
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
  /** Conditions that were told in condensed entries and are not written yet. */
  conditions: number;
}

/** How messages are taken in. */
interface Listening extends Pick<IncidentSettings, 'dedupeSize' | 'allowUnverified'> {
  /** Many conditions of one message are one entry. */
  readonly condensed: boolean;
}

/** Sets every handler; called before the first await, as messages come with the first task. */
export function listen(state: IncidentState, box: Mailbox, how: Listening): void {
  const { allowUnverified } = how;
  setHandler(messages.alertsSignal, (alerts) => takeAlerts(state, box, alerts, how), { description: 'A batch of alerts joins the incident.' });
  setHandler(messages.progressSignal, (progress: unknown) => {
    if (isProgress(progress) && progress.incidentId === state.incidentId && progress.round === state.round) box.progress = progress;
  });
  setHandler(messages.decideUpdate, (decision) => answer(state, takeIn(state, box, decision, { via: 'update', allowUnverified })), {
    description: 'Approve or reject the open proposal, or approve it with edited parameters.',
    // What a validator refuses leaves no trace, so only what is no decision at all is refused here.
    validator: (decision: Decision) => refuse(malformedDecision(decision)),
  });
  setHandler(
    messages.decideSignal,
    (decision) => {
      const problem = malformedDecision(decision);
      if (problem) noteRefused(state, box, `A decision that came as a signal does not count: ${problem.message}`);
      else takeIn(state, box, decision, { via: 'signal', allowUnverified });
    },
    { description: 'The same decision as the update.' },
  );
  listenToPersons(state, box);
  listenToWishes(state, box);
  setHandler(messages.incidentQuery, () => viewOf(state, Date.now()), { description: 'The incident as it stands.' });
  setHandler(messages.auditHeadQuery, () => ({ ...state.head, incidentId: state.incidentId }), {
    description: 'The last audit record that the store confirmed.',
  });
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
}

function listenToWishes(state: IncidentState, box: Mailbox): void {
  const wish =
    (kind: Wish['kind'], result: string, message: string) =>
    (m: PersonMessage): UpdateReply => {
      const { byHand, closing } = m;
      const told = { byHand: byHand && plainByHand(byHand), closing: closing && recordedClosing(closing, Date.now()) };
      box.wish = { kind, person: m.person, note: m.note ?? '', ...defined(told) };
      return { result, message };
    };
  const bad = (m: PersonMessage): DecisionProblem | undefined => badPerson(state, m) ?? pendingWish(box);
  setHandler(messages.takeOverUpdate, wish('take-over', 'taken-over', 'Nightshift stops at its next safe point; the incident is yours.'), {
    description: 'I take it from here.',
    validator: (m: PersonMessage) =>
      refuse(bad(m) ?? (state.status === 'handed-over' ? conflict(`${state.takenBy ?? 'Somebody'} has it already.`) : undefined)),
  });
  setHandler(messages.handBackUpdate, wish('hand-back', 'handed-back', 'Nightshift gathers new evidence.'), {
    description: 'Nightshift should go on.',
    validator: (m: PersonMessage) =>
      refuse(
        bad(m) ??
          (state.status === 'handed-over' || state.status === 'escalated'
            ? undefined
            : conflict(`The incident is ${state.status}; there is nothing to hand back.`)),
      ),
  });
  setHandler(messages.resolveUpdate, wish('resolve', 'resolved', 'The incident is closed.'), {
    description: 'It is over; says why.',
    validator: (m: PersonMessage) =>
      refuse(
        bad(m) ??
          noteMissing(m) ??
          malformedByHand(m.byHand) ??
          malformedClosing(m.closing) ??
          (state.status === 'remediating' || state.status === 'verifying' ? conflict('A remediation is under way. Take the incident over first.') : undefined),
      ),
  });
}

function takeAlerts(state: IncidentState, box: Mailbox, alerts: unknown, { dedupeSize, condensed }: Listening): void {
  if (!Array.isArray(alerts) || !alerts.every(isAlert)) {
    enter(state, Date.now(), 'unknown', 'alert', 'A signal "alerts" was not understood; it must carry a list of alerts.');
    log.warn('A signal "alerts" was not understood');
    return;
  }
  const joined = joinAlerts(state, alerts, dedupeSize);
  // The incident's first entry says what opened it.
  if (state.round === 0) return;
  enterJoined(state, Date.now(), joined, condensed);
  if (announceJoined(state, joined)) box.urgent = true;
  // Nobody waits for it, and nothing else may come.
  if (joined.ended.some(({ noData }) => noData === true)) box.urgent = true;
  if (condensed) box.conditions += joined.added.length + joined.refired.length + joined.ended.length;
  if (state.status !== 'watching' && state.status !== 'resolved') return;
  // Late copies of what was fixed say nothing new; after a person closed it, everything does.
  const since = state.outcome?.kind === 'resolved-by-person' ? -Infinity : (state.fixedAt ?? -Infinity);
  if ([...joined.added, ...joined.refired, ...joined.renewed].some((n) => Date.parse(n.startsAt) > since)) box.relapsed = true;
}

/** Where the answers stand now, or why this one has no effect. */
function answer(state: IncidentState, problem: DecisionProblem | undefined): UpdateReply {
  refuse(problem);
  const asked = state.asked;
  const where = asked ? tally(asked) : undefined;
  if (where?.kind === 'waiting') return { result: 'recorded', message: `Recorded; ${String(where.missing)} more must approve.` };
  if (where?.kind === 'edited') return { result: 'recorded', message: 'Recorded; the edited parameters are checked by policy now.' };
  if (where?.kind === 'rejected') return { result: 'rejected', message: `Rejected by ${where.decision.person}; nothing will be done.` };
  return { result: 'approved', message: 'Approved; it begins now.' };
}

/** Takes a decision in, or notes why it has no effect and says so. */
function takeIn(
  state: IncidentState,
  box: Mailbox,
  given: Decision,
  how: { readonly via: string; readonly allowUnverified: boolean },
): DecisionProblem | undefined {
  const decision = plainDecision(given);
  const now = Date.now();
  const late = untimelyDecision(state, decision, now);
  if (late) {
    noteRefused(state, box, `The answer of "${decision.person}" does not count: ${late.message}`, decision.person);
    return late;
  }
  if (decision.signature === undefined && !how.allowUnverified) {
    const message = `The answer of "${decision.person}" does not count: it is not signed by a door that knows who it is.`;
    noteRefused(state, box, message, decision.person);
    return { code: 'forbidden', message };
  }
  const twice = takeDecision(state, now, { ...decision, acceptedAt: new Date(now).toISOString(), via: how.via });
  if (twice) box.urgent = true;
  return twice;
}

function noteRefused(state: IncidentState, box: Mailbox, message: string, person?: string): void {
  enter(state, Date.now(), person === undefined ? 'unknown' : `unverified:${person}`, 'decision-refused', message);
  box.urgent = true;
}

function isProgress(value: unknown): value is Progress {
  if (typeof value !== 'object' || value === null || !('effects' in value) || !Array.isArray(value.effects)) return false;
  const isText = (effect: object, key: string): boolean => typeof (effect as Record<string, unknown>)[key] === 'string';
  return value.effects.every(
    (effect: unknown) => typeof effect === 'object' && effect !== null && ['step', 'name', 'token', 'detail'].every((k) => isText(effect, k)),
  );
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
  if (state.status === 'resolved') return conflict('The incident is resolved.');
  if (m['incidentId'] !== undefined && m['incidentId'] !== state.incidentId)
    return conflict(
      `This was meant for incident ${typeof m['incidentId'] === 'string' ? m['incidentId'] : 'with a malformed id'}, not for ${state.incidentId}.`,
    );
  return undefined;
}

/** One wish at a time: a second one would take the place of the first, which had been promised. */
function pendingWish({ wish }: Mailbox): DecisionProblem | undefined {
  return wish && conflict(`${wish.person} asked for "${wish.kind}" a moment ago; it is carried out at the next safe point.`);
}

function noteMissing(m: PersonMessage): DecisionProblem | undefined {
  return m.note === undefined || m.note.trim().length === 0 ? { code: 'invalid_input', message: 'Say something in "note".' } : undefined;
}
