import { createHmac, timingSafeEqual } from 'node:crypto';
import { canonicalJson } from './canonical-json';
import type { Closing, SignedClosing } from './closing';

/** Ties a signature to its purpose, so that an answer to a proposal can never be read as a closing. */
const PURPOSE = 'nightshift/closing/v1\n';

/** The closing with the HMAC-SHA-256 (base64url) of its canonical JSON by the store's door key. */
export function signClosing(secret: Buffer, closing: Closing): SignedClosing {
  return { ...closing, signature: mac(secret, closing).toString('base64url') };
}

/** True when the closing carries a door's signature over exactly its words; takes the same time wherever they differ. */
export function verifyClosing(secret: Buffer, closing: SignedClosing): boolean {
  const { signature } = closing;
  if (typeof signature !== 'string' || !/^[A-Za-z0-9_-]{43}$/.test(signature)) return false;
  const given = Buffer.from(signature, 'base64url');
  const expected = mac(secret, closing);
  // The text is compared too: the last character of base64url has two bits that decoding ignores.
  return given.length === expected.length && timingSafeEqual(given, expected) && given.toString('base64url') === signature;
}

function mac(secret: Buffer, { incidentId, proposal, runbook, what, person, at, acceptBy }: Closing): Buffer {
  const signed: Record<keyof Closing, unknown> = { incidentId, proposal, runbook, what, person, at, acceptBy };
  return createHmac('sha256', secret)
    .update(PURPOSE + canonicalJson(signed), 'utf8')
    .digest();
}
