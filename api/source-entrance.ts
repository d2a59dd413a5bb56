import { createHash, randomUUID } from 'node:crypto';
import { errorCode, errorMessage, NightshiftError } from '../domain/errors';
import { isSignedByGitHub } from '../domain/sources/github-signature';
import { isSignedByPagerDuty } from '../domain/sources/pagerduty-signature';
import type { SECRET_SOURCES, SignedSource } from '../domain/sources/signed-source';
import { signedTime } from '../domain/sources/signed-time';
import { isSignedByTerraform } from '../domain/sources/terraform-signature';
import type { WireMessage } from '../domain/sources/source';
import { checkSnsRules, snsMessage, verifySns } from '../domain/sources/sns-signature';
import type { SnsMessage } from '../domain/sources/sns-signature';
import { fromStore, inTime } from './guard';
import type { SentMessage } from './sent-message';
import { opened } from './sent-message';
import type { ApiDeps } from './types';

const HOUR_MS = 3_600_000;
/** How far the time of a message of SNS may lie from now. */
const SNS_AGE_MS = HOUR_MS;
/** How old a message of the others may be, which have no time of sending: GitHub delivers again for three days, PagerDuty and HCP Terraform try for one. */
const SECRET_AGE_MS = 7 * 24 * HOUR_MS;

type SecretSource = (typeof SECRET_SOURCES)[number];

/** Where the signature stands, and how it is checked. */
const SIGNATURES = {
  github: { header: 'x-hub-signature-256', isSigned: isSignedByGitHub },
  pagerduty: { header: 'x-pagerduty-signature', isSigned: isSignedByPagerDuty },
  terraform: { header: 'x-tfe-notification-signature', isSigned: isSignedByTerraform },
} as const;

/** A message whose signature was checked. */
export interface Admitted {
  /** The message of SNS, where it is one. */
  readonly sns?: SnsMessage;
  /** Lets nobody in with this message again; called once it is kept. */
  remember(): Promise<void>;
}

type EntranceDeps = Pick<ApiDeps, 'store' | 'clock' | 'settings' | 'sns'>;

/** What tells a message from every other one, and until when it is known (epoch milliseconds): later it is too old. */
interface Mark {
  readonly message: string;
  readonly until: number;
  readonly sns?: SnsMessage;
}

/**
 * Lets a message in by its signature. Throws `unauthenticated` with the reason for one that is forged, too old, or was taken in before, and `unreachable` where that cannot be known
 * now. The caller is told neither reason.
 */
export async function letIn(deps: EntranceDeps, source: SignedSource, sent: SentMessage): Promise<Admitted> {
  const now = deps.clock.now();
  const mark = source.by === 'secret' ? bySecret(source, sent, now) : await bySns(deps, source.topics, sent, now);
  const { seen } = deps.store;
  const known = await fromStore(() => seen.has(source.name, mark.message, now), deps.settings.doorTimeoutMs);
  if (known) throw refused('It was taken in before.');
  return {
    ...(mark.sns && { sns: mark.sns }),
    remember: () => fromStore(() => seen.remember(source.name, mark.message, mark.until, now), deps.settings.doorTimeoutMs),
  };
}

/** The ids that deliveries have stand in headers, which nothing signs: the bytes themselves are what cannot come again. */
function bySecret({ name, secrets }: Extract<SignedSource, { by: 'secret' }>, sent: SentMessage, now: number): Mark {
  const { bytes, headers } = sent;
  const { header, isSigned } = SIGNATURES[name];
  if (!isSigned(bytes, headers[header], secrets)) throw refused('No secret of ours has signed it.');
  const at = timeOf(name, sent);
  if (at !== undefined && Math.abs(now - at) > SECRET_AGE_MS) throw refused('It is too old, or from the future.');
  const hash = createHash('sha256').update(bytes);
  // HCP Terraform verifies an address by the same bytes each time; such a message tells of no run, and so changes nothing.
  if (name === 'terraform' && at === undefined) hash.update(randomUUID());
  return { message: hash.digest('hex'), until: (at ?? now) + SECRET_AGE_MS };
}

/** One that cannot even be opened has no time; what becomes of it is not decided here. */
function timeOf(name: SecretSource, sent: SentMessage): number | undefined {
  try {
    return signedTime(name, opened(sent));
  } catch {
    return undefined;
  }
}

async function bySns({ sns, settings }: EntranceDeps, topics: readonly string[], sent: SentMessage, now: number): Promise<Mark> {
  const message = snsIn(sent);
  const rules = { topics, now, maxAgeMs: SNS_AGE_MS };
  const url = checkSnsRules(message, rules);
  const certificate = await inTime(() => sns.certificates.fetch(url), settings.doorTimeoutMs);
  verifySns(message, { ...rules, certificate });
  return { message: message.MessageId, until: now + 2 * SNS_AGE_MS, sns: message };
}

function snsIn(sent: SentMessage): SnsMessage {
  try {
    return snsMessage(opened(sent) satisfies WireMessage);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    throw refused(`It is no message of SNS: ${errorMessage(error)}`);
  }
}

function refused(why: string): NightshiftError {
  return new NightshiftError('unauthenticated', why);
}
