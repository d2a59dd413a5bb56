import { humanDuration, relativeTime, utcTime } from './human-time';
import type { IncidentView, NotificationReason } from './incident-view';
import type { MessageSection } from './message';
import { clip, plainText } from './plain-text';

/** What happens when nobody answers, and until when; undefined where nothing is asked. `now` is epoch milliseconds. */
export function silenceSection(view: IncidentView, reason: NotificationReason, now: number): MessageSection | undefined {
  const text = silence(view, reason, now);
  return text === undefined ? undefined : { label: 'If no answer', lines: [clip(plainText(text), 200)] };
}

/** How to answer, as lines to copy: commands first, then the API's address where it is known. */
export function answerSection(view: IncidentView, reason: NotificationReason, apiUrl?: string): MessageSection {
  const id = view.incidentId;
  const digest = openDigest(view);
  const api = (path: string): readonly string[] => (apiUrl === undefined ? [] : [`${apiUrl}/v1/incidents/${id}${path}`]);
  if (asks(reason) && digest !== undefined) {
    const commands = ['approve', 'reject'].map((verb) => `npx nightshift incident ${verb} ${id} --proposal ${digest}`);
    return { label: 'Answer', code: true, lines: [...commands, ...api('/decide').map((url) => `POST ${url}`)] };
  }
  const verbs = needsPerson(view) ? ['take-over', 'show'] : ['show'];
  return { label: 'Look', code: true, lines: [...verbs.map((verb) => `npx nightshift incident ${verb} ${id}`), ...api('')] };
}

function asks(reason: NotificationReason): boolean {
  return reason === 'proposed' || reason === 'reminder';
}

function openDigest(view: IncidentView): string | undefined {
  return view.proposal?.state === 'open' ? view.proposal.proposal.digest : undefined;
}

function needsPerson(view: IncidentView): boolean {
  return view.status === 'escalated' || view.status === 'handed-over' || view.proposal?.state === 'suggested';
}

function silence(view: IncidentView, reason: NotificationReason, now: number): string | undefined {
  if (asks(reason) && openDigest(view) !== undefined) return unanswered(view, reason, now);
  switch (reason) {
    case 'opened':
      return 'Nightshift goes on by itself: it gathers evidence and looks for the cause';
    case 'suggested':
      return `nothing is done; policy only suggests here (${view.proposal?.policy.reason ?? 'no reason was given'})`;
    case 'escalated':
    case 'handed-over':
      return 'nothing is done until a person answers';
    case 'no-action':
      return 'nothing is done; a person is asked if it does not heal by itself';
    default:
      return undefined;
  }
}

function unanswered(view: IncidentView, reason: NotificationReason, now: number): string {
  const shown = view.proposal;
  if (shown === undefined) return '';
  const { escalateTo, quorum, remindAfterMs } = shown.policy;
  const votes = quorum > 1 ? `; ${shown.approvals.length} of ${quorum} approvals so far` : '';
  const reminder = reason === 'proposed' ? `; a reminder comes after ${humanDuration(remindAfterMs)}` : '';
  return `expires ${utcTime(shown.expiresAt)} (${relativeTime(shown.expiresAt, now)}): nothing is changed, ${escalateTo} is called${reminder}${votes}`;
}
