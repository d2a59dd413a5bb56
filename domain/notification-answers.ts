import { consoleLink } from './console-link';
import { humanDuration, relativeTime, utcTime } from './human-time';
import type { IncidentView, IncidentReason } from './incident-view';
import type { MessageSection } from './message';
import { clip, plainText } from './plain-text';

/** What happens when nobody answers, and until when; undefined where nothing is asked. `now` is epoch milliseconds. */
export function silenceSection(view: IncidentView, reason: IncidentReason, now: number): MessageSection | undefined {
  const text = silence(view, reason, now);
  return text === undefined ? undefined : { label: 'If no answer', lines: [clip(plainText(text), 200)] };
}

/** How to answer, as lines to copy: commands first, then the page in a browser and the API where their address is known. */
export function answerSection(view: IncidentView, reason: IncidentReason, apiUrl?: string): MessageSection {
  const id = view.incidentId;
  const digest = openDigest(view);
  const page = apiUrl === undefined ? [] : [consoleLink(apiUrl, id)];
  if (asks(reason) && digest !== undefined) {
    const commands = ['approve', 'reject'].map((verb) => `npx nightshift incident ${verb} ${id} --proposal ${digest}`);
    return { label: 'Answer', code: true, lines: [...commands, ...page, ...(apiUrl === undefined ? [] : [`POST ${apiUrl}/v1/incidents/${id}/decide`])] };
  }
  if (reason === 'acting') {
    return { label: 'Stop', code: true, lines: [`npx nightshift incident take-over ${id}`, 'npx nightshift halt on --reason "…"', ...page] };
  }
  if (reason === 'brake') {
    return { label: 'Release', code: true, lines: ['npx nightshift incident list', 'npx nightshift halt off --reason "…"'] };
  }
  const verbs = needsPerson(view) ? ['take-over', 'show'] : ['show'];
  return { label: 'Look', code: true, lines: [...verbs.map((verb) => `npx nightshift incident ${verb} ${id}`), ...page] };
}

function asks(reason: IncidentReason): boolean {
  return reason === 'proposed' || reason === 'veto' || reason === 'reminder';
}

function openDigest(view: IncidentView): string | undefined {
  return view.proposal?.state === 'open' ? view.proposal.proposal.digest : undefined;
}

function needsPerson(view: IncidentView): boolean {
  return view.status === 'escalated' || view.status === 'handed-over' || view.proposal?.state === 'suggested';
}

function silence(view: IncidentView, reason: IncidentReason, now: number): string | undefined {
  if (asks(reason) && openDigest(view) !== undefined) return unanswered(view, reason, now);
  switch (reason) {
    case 'opened':
    case 'joined':
      return 'Nightshift goes on by itself: it gathers evidence and looks for the cause';
    case 'suggested':
      return `nothing is done; policy only suggests here (${view.proposal?.policy.reason ?? 'no reason was given'})`;
    case 'escalated':
    case 'handed-over':
      return 'nothing is done until a person answers';
    case 'acting':
      return 'it goes on: the remedy is carried out and measured, and undone where it makes things worse and can be undone';
    case 'brake':
      return 'nothing is changed on any service; incidents open and are diagnosed as ever';
    case 'stalled':
      return 'nothing may happen in it until the workflow runs again';
    case 'flapping':
      return 'its changes are folded until it is calm, and no remedy is proposed for it';
    case 'no-action':
      return 'nothing is done; a person is asked if it does not heal by itself';
    default:
      return undefined;
  }
}

function unanswered(view: IncidentView, reason: IncidentReason, now: number): string {
  const shown = view.proposal;
  if (shown === undefined) return '';
  if (shown.actsAt !== undefined) {
    return `it is done ${utcTime(shown.actsAt)} (${relativeTime(shown.actsAt, now)}); approve to do it now, reject with a reason and nothing is changed`;
  }
  const { escalateTo, quorum, remindAfterMs } = shown.policy;
  const votes = quorum > 1 ? `; ${shown.approvals.length} of ${quorum} approvals so far` : '';
  const reminder = reason === 'proposed' ? `; a reminder comes after ${humanDuration(remindAfterMs)}` : '';
  return `expires ${utcTime(shown.expiresAt)} (${relativeTime(shown.expiresAt, now)}): nothing is changed, ${escalateTo} is called${reminder}${votes}`;
}
