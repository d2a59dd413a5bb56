import { relativeTime } from '../../domain/human-time';
import type { IncidentView } from '../../domain/incident-view';
import type { IncidentStatus } from '../../domain/names';

/** What an incident wants of a person, in words that go on after "needed:"; `urgent` when nothing goes on without one. */
export interface Need {
  readonly urgent: boolean;
  readonly text: string;
  /** What can be said on the command line where the page has no button. */
  readonly commands: readonly string[];
}

/** What is needed from a person now (epoch milliseconds), or what Nightshift does meanwhile. */
export function needOf(view: IncidentView, now: number): Need {
  const commands = (...verbs: readonly string[]): string[] => verbs.map((verb) => `npx nightshift incident ${verb} ${view.incidentId}`);
  switch (view.status) {
    case 'awaiting-approval':
      return { urgent: true, text: askedFor(view, now), commands: [] };
    case 'escalated':
      return { urgent: true, text: `a person. ${view.reason ?? ''}`.trim(), commands: commands('take-over', 'hand-back') };
    case 'handed-over':
      return {
        urgent: true,
        text: `it is in the hands of ${view.takenBy ?? 'a person'}; Nightshift does nothing until it is handed back.`,
        commands: commands('hand-back', 'resolve'),
      };
    case 'watching':
      return { urgent: false, text: view.outcome ? MEANWHILE.watching : AWAITED, commands: [] };
    default:
      return { urgent: false, text: MEANWHILE[view.status], commands: [] };
  }
}

const MEANWHILE: Readonly<Record<Exclude<IncidentStatus, 'awaiting-approval' | 'escalated' | 'handed-over'>, string>> = {
  open: 'nothing yet, evidence is being gathered.',
  triaged: 'nothing yet, a new round of looking for the cause begins.',
  diagnosed: 'nothing, it is expected to heal by itself, and is watched.',
  remediating: 'nothing, the remedy is being carried out.',
  verifying: 'nothing, it is being measured whether it helped.',
  watching: 'nothing, it is well again, and is watched for a relapse.',
  resolved: 'nothing, it is closed.',
};

const AWAITED = 'nothing, what is predicted is provided for, and its end is awaited.';

function askedFor(view: IncidentView, now: number): string {
  const shown = view.proposal;
  if (shown === undefined) return 'approve or reject.';
  if (shown.actsAt !== undefined)
    return `an objection, if there is one: ${shown.proposal.runbook.title} is done ${relativeTime(shown.actsAt, now)}; approve to do it now, or reject.`;
  const { quorum } = shown.policy;
  const votes = quorum > 1 ? ` ${shown.approvals.length} of ${quorum} approvals are there.` : '';
  return `approve or reject: ${shown.proposal.runbook.title}.${votes} Expires ${relativeTime(shown.expiresAt, now)}.`;
}

/** Incidents in the order in which a person should look at them: those that need one first, then the worst, then the newest; closed ones last. */
export function byUrgency(incidents: readonly IncidentView[]): IncidentView[] {
  const rank = (view: IncidentView): number => (view.status === 'resolved' ? 2 : needOf(view, 0).urgent ? 0 : 1);
  return [...incidents].sort((a, b) => rank(a) - rank(b) || a.severity.localeCompare(b.severity) || b.openedAt.localeCompare(a.openedAt));
}

/** A name of a state, a reason or a kind as people say it. */
export function spoken(word: string): string {
  return word.replaceAll('-', ' ');
}
