import { AwsError } from './errors';
import type { FakeClock } from './clock';
import type { SessionPolicy } from './session-policy';
import { partitionOf } from './world';

/** What the session of a role was asked for with. */
export interface Session {
  readonly tags: Readonly<Record<string, string>>;
  /** For whom it is. */
  readonly source?: string;
  /** What it may do at most; all that the role may, where there is none. */
  readonly policy?: SessionPolicy;
}

/** Who calls. */
export interface Principal {
  readonly account: string;
  readonly arn: string;
  readonly userId: string;
  /** Of a role that was assumed. */
  readonly session?: Session;
}

/** Keys of a session that a role was assumed for. */
export interface SessionKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** Who is behind an access key. */
export interface Identities {
  /** Throws what AWS answers to keys that it does not know or that have expired. */
  principal(accessKeyId: string, sessionToken: string | undefined, region: string): Principal;
  issue(principal: Principal, lifeMs: number): SessionKeys;
}

/** The account of keys that name none. */
export const DEFAULT_ACCOUNT = '123456789012';

/** Keys of a user in an account, for any client: an access key's twelve digits in a row are its account. */
export function keysOf(account: string): { readonly accessKeyId: string; readonly secretAccessKey: string } {
  return { accessKeyId: `AKIA${account}`, secretAccessKey: 'a-secret-that-nobody-checks' };
}

/** Knows every long-lived key by its account, and those of sessions that it issued. */
export function makeIdentities(clock: FakeClock): Identities {
  const sessions = new Map<string, SessionKeys & { readonly principal: Principal }>();
  return {
    principal(accessKeyId, sessionToken, region) {
      if (!accessKeyId.startsWith('ASIA')) return user(accessKeyId, region);
      const session = sessions.get(accessKeyId);
      if (session?.sessionToken !== sessionToken || !session)
        throw new AwsError('UnrecognizedClientException', 'The security token included in the request is invalid.', 403);
      if (session.expiresAt <= clock.now()) throw new AwsError('ExpiredTokenException', 'The security token included in the request is expired', 403);
      return session.principal;
    },
    issue(principal, lifeMs) {
      const id = String(sessions.size + 1).padStart(16, '0');
      const keys = { accessKeyId: `ASIA${id}`, secretAccessKey: `secret-${id}`, sessionToken: `token-${id}`, expiresAt: clock.now() + lifeMs };
      sessions.set(keys.accessKeyId, { ...keys, principal });
      return keys;
    },
  };
}

function user(accessKeyId: string, region: string): Principal {
  const account = /\d{12}/.exec(accessKeyId)?.[0] ?? DEFAULT_ACCOUNT;
  return { account, arn: `arn:${partitionOf(region)}:iam::${account}:user/nightshift`, userId: `AIDA${account}` };
}
