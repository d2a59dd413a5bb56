import { createHmac, timingSafeEqual } from 'node:crypto';
import { canonicalJson } from '../canonical-json';
import { grantStatement } from './grant';
import type { AutonomyGrant } from './grant';

/** Ties a signature to its purpose, so that an answer to a proposal can never be read as a grant. */
const PURPOSE = 'nightshift/autonomy-grant/v1\n';

/** The grant with the HMAC-SHA-256 (base64url) of its canonical JSON by the store's door key. */
export function signGrant(secret: Buffer, grant: AutonomyGrant): AutonomyGrant {
  return { ...grantStatement(grant), signature: mac(secret, grant).toString('base64url') };
}

/** True when the grant carries a door's signature over exactly its words; takes the same time wherever they differ. */
export function verifyGrant(secret: Buffer, grant: AutonomyGrant): boolean {
  const { signature } = grant;
  if (typeof signature !== 'string' || !/^[A-Za-z0-9_-]{43}$/.test(signature)) return false;
  const given = Buffer.from(signature, 'base64url');
  const expected = mac(secret, grant);
  // The text is compared too: the last character of base64url has two bits that decoding ignores.
  return given.length === expected.length && timingSafeEqual(given, expected) && given.toString('base64url') === signature;
}

function mac(secret: Buffer, grant: AutonomyGrant): Buffer {
  return createHmac('sha256', secret)
    .update(PURPOSE + canonicalJson(grantStatement(grant)), 'utf8')
    .digest();
}
