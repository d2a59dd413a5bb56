import { createHmac, timingSafeEqual } from 'node:crypto';
import { canonicalJson } from './canonical-json';
import { formatDuration } from './duration';
import type { CauseKind } from './names';
import type { Proposal } from './proposal';

/** What a runbook is to act on without an answer; `notBefore` is epoch milliseconds, after the time in which people may object. */
export interface WarrantTerms {
  readonly incidentId: string;
  /** Digest of the proposal. */
  readonly proposal: string;
  readonly mode: 'veto' | 'auto';
  readonly cause: CauseKind;
  /** The diagnosis' own score, 0 to 1. */
  readonly score: number;
  /** Two sources that do not depend on each other support the cause. */
  readonly corroborated: boolean;
  readonly notBefore: number;
}

/** Terms with the HMAC-SHA-256 (base64url) by the store's door key: nobody who can only reach Temporal makes one up. */
export interface Warrant extends WarrantTerms {
  readonly seal: string;
}

/** Ties a seal to its purpose, so that the door key can never sign something else that reads the same. */
const PURPOSE = 'nightshift/warrant/v1\n';
/** By how much clocks of machines may differ. */
const SKEW_MS = 5_000;

/** Seals the terms under which a diagnosis lets a runbook act. */
export function sealWarrant(secret: Buffer, terms: WarrantTerms): Warrant {
  return { ...termsOf(terms), seal: mac(secret, terms).toString('base64url') };
}

/** Why a warrant does not carry a proposal at `now` (epoch milliseconds); undefined where it does. It holds for `validForMs` from its time on, as an approval does. */
export function warrantFault(
  secret: Buffer,
  warrant: Warrant,
  proposal: Proposal,
  { now, validForMs }: { now: number; validForMs: number },
): string | undefined {
  if (!isSealed(secret, warrant)) return 'What says that policy lets it act alone was not written by Nightshift.';
  if (warrant.incidentId !== proposal.incidentId || warrant.proposal !== proposal.digest) return 'It was another proposal that policy let act alone.';
  if (now < warrant.notBefore - SKEW_MS) return 'The time in which a person may object is not over.';
  if (now > warrant.notBefore + validForMs) return `Policy let it act alone more than ${formatDuration(validForMs)} ago.`;
  return undefined;
}

function isSealed(secret: Buffer, warrant: Warrant): boolean {
  if (typeof warrant.seal !== 'string' || !/^[A-Za-z0-9_-]{43}$/.test(warrant.seal)) return false;
  return timingSafeEqual(Buffer.from(warrant.seal), Buffer.from(mac(secret, warrant).toString('base64url')));
}

function mac(secret: Buffer, terms: WarrantTerms): Buffer {
  return createHmac('sha256', secret)
    .update(PURPOSE + canonicalJson(termsOf(terms)), 'utf8')
    .digest();
}

function termsOf({ incidentId, proposal, mode, cause, score, corroborated, notBefore }: WarrantTerms): WarrantTerms {
  return { incidentId, proposal, mode, cause, score, corroborated, notBefore };
}
