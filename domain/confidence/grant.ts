import { relativeTime } from '../human-time';
import type { Rung } from '../names';
import type { Danger } from './rungs';
import type { StandingKey } from './outcome';

/** Longest time that a person's grant may last, milliseconds: 90 days. */
export const LONGEST_GRANT_MS = 90 * 24 * 3_600_000;

/** Autonomy that a person gives a runbook for a time, as the door that knows the person wrote it. Times are ISO 8601. */
export interface AutonomyGrant {
  readonly id: string;
  readonly runbook: string;
  /** Content hash: a grant is for exactly this version. */
  readonly hash: string;
  readonly environment: string;
  /** Services that it is for; never everything. */
  readonly services: readonly string[];
  readonly mode: Extract<Rung, 'veto' | 'auto'>;
  readonly person: string;
  readonly reason: string;
  readonly from: string;
  readonly until: string;
  /** HMAC-SHA-256 (base64url) over everything else by the store's door key. */
  readonly signature?: string;
}

/** A grant as doors tell it: without its signature, and with who took it back where somebody did. */
export interface GrantShown extends Omit<AutonomyGrant, 'signature'> {
  readonly revoked?: { readonly at: string; readonly by: string; readonly why: string };
}

/** What a grant is held against; `verified` says that the signature was checked and holds. */
export interface GrantQuestion {
  readonly key: StandingKey;
  readonly danger: Danger;
  readonly verified: boolean;
  /** Times of the runbook's harms there, epoch milliseconds. */
  readonly harms: readonly number[];
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Why a grant does not hold, a sentence each; empty where it does. */
export function grantProblems(grant: AutonomyGrant, { key, danger, verified, harms, now }: GrantQuestion): string[] {
  const from = Date.parse(grant.from);
  const until = Date.parse(grant.until);
  const named = `The grant of ${grant.person}`;
  const problems: [boolean, string][] = [
    [!verified, `${named} is not signed by a door of this store.`],
    [grant.runbook !== key.runbook || grant.environment !== key.environment || !grant.services.includes(key.service), `${named} is not for this runbook here.`],
    [grant.hash !== key.hash, `${named} is for another version of the runbook.`],
    [!danger.reversible || danger.risk !== 'low', 'Only a reversible runbook of low risk can be granted autonomy by a person.'],
    [Number.isNaN(from) || Number.isNaN(until) || until <= from, `${named} has no valid begin and end.`],
    [until - from > LONGEST_GRANT_MS, `${named} lasts longer than 90 days.`],
    [now < from, `${named} begins at ${grant.from}.`],
    [now >= until, `${named} ended at ${grant.until}.`],
    [harms.some((at) => at >= from), `${named} fell with the harm that was done since.`],
  ];
  return problems.filter(([wrong]) => wrong).map(([, text]) => text);
}

/** When a grant ends, or how it came to its end: `ends in 30 d`, `ended 2 h ago`, `revoked 3 d ago`; `now` is epoch milliseconds. */
export function grantEnd({ revoked, until }: Pick<GrantShown, 'revoked' | 'until'>, now: number): string {
  if (revoked !== undefined) return `revoked ${relativeTime(revoked.at, now)}`;
  return `${Date.parse(until) <= now ? 'ended' : 'ends'} ${relativeTime(until, now)}`;
}

/** What a grant is for, in one line. */
export function grantScope({ mode, runbook, services, environment }: Pick<AutonomyGrant, 'mode' | 'runbook' | 'services' | 'environment'>): string {
  return `${mode} to ${runbook} on ${services.join(', ')} in ${environment}`;
}

/** What is signed of a grant: all members but the signature. */
export function grantStatement({ signature: _signature, ...statement }: AutonomyGrant): Omit<AutonomyGrant, 'signature'> {
  return statement;
}
