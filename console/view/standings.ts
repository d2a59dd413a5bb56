import { grantEnd } from '../../domain/confidence/grant';
import type { GrantShown } from '../../domain/confidence/grant';
import { actsAlone } from '../../domain/confidence/rungs';
import { standingTitle } from '../../domain/confidence/standing-lines';
import type { StandingView } from '../../domain/confidence/standing-view';
import { utcTime } from '../../domain/human-time';
import { RUNGS } from '../../domain/names';

/** Grants of one standing that are shown. */
const MOST_GRANTS = 5;

/** What acts without an answer first, then by rung; equals keep the order of the API. */
export function byRung(standings: readonly StandingView[]): StandingView[] {
  return [...standings].sort((a, b) => RUNGS.indexOf(b.mode) - RUNGS.indexOf(a.mode));
}

/** Those that have every one of the words typed in their runbook, title, cause, service, environment or mode. */
export function fitting(standings: readonly StandingView[], typed: string): StandingView[] {
  const words = typed.toLowerCase().split(/\s+/);
  return standings.filter((each) => {
    const text = `${standingTitle(each)} ${each.runbook.title} ${each.mode}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** How many may act without an answer now, in a sentence. */
export function aloneText(standings: readonly StandingView[]): string {
  const alone = standings.filter(({ mode }) => actsAlone(mode)).length;
  const of = standings.length === 1 ? '1 standing' : `${String(standings.length)} standings`;
  return alone === 0 ? `None of ${of} acts without an answer.` : `${String(alone)} of ${of} may act without an answer now.`;
}

/** The mode's origin: a grant, or the record, and what policy caps. */
export function modeText({ earned, policy, grantedBy }: StandingView): string {
  const from = grantedBy === undefined ? '' : `Granted by ${grantedBy}. `;
  return `${from}Its record allows ${earned}; policy at most ${policy.mode}: ${policy.reason}`;
}

/** A grant of a person for one standing. */
export interface GrantLine {
  readonly id: string;
  /** It was not revoked, has begun and not ended, and is for the present version; whether it counts is among the reasons of the standing. */
  readonly inForce: boolean;
  readonly text: string;
}

/** The grants that were given for a standing, those in force first. */
export function grantLines({ runbook, environment, service }: StandingView, grants: readonly GrantShown[], now: number): GrantLine[] {
  const of = grants.filter((each) => each.runbook === runbook.id && each.environment === environment && each.services.includes(service));
  const lines = of.map((grant) => ({ id: grant.id, inForce: isInForce(grant, runbook.hash, now), text: grantText(grant, runbook.hash, now) }));
  return [...lines.filter(({ inForce }) => inForce), ...lines.filter(({ inForce }) => !inForce)].slice(0, MOST_GRANTS);
}

function isInForce({ revoked, hash, from, until }: GrantShown, present: string, now: number): boolean {
  return revoked === undefined && hash === present && Date.parse(from) <= now && Date.parse(until) > now;
}

function grantText(grant: GrantShown, present: string, now: number): string {
  const { mode, person, reason, hash, revoked, until } = grant;
  const end = revoked === undefined ? `${grantEnd(grant, now)} (${utcTime(until)})` : `${grantEnd(grant, now)} by ${revoked.by}: ${revoked.why}`;
  return `${mode} by ${person}, ${end}${hash === present ? '' : ', for another version'}. Reason: ${reason}`;
}
