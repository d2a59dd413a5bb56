import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Decision, Statement } from './approval';
import { canonicalJson } from './canonical-json';

/** Ties a signature to its purpose, so that the door key can never sign something else that reads the same. */
const PURPOSE = 'nightshift/decision/v1\n';

/** HMAC-SHA-256 (base64url) of a statement's canonical JSON by the store's door key. Members that are not a statement's are left out. */
export function signStatement(secret: Buffer, statement: Statement): string {
  return mac(secret, statement).toString('base64url');
}

/** True when the decision carries the door's signature over exactly its words; takes the same time wherever they differ. */
export function verifyStatement(secret: Buffer, decision: Decision): boolean {
  if (typeof decision.signature !== 'string' || !/^[A-Za-z0-9_-]{43}$/.test(decision.signature)) return false;
  const given = Buffer.from(decision.signature, 'base64url');
  const expected = mac(secret, decision);
  // The text is compared too: the last character of base64url has two bits that decoding ignores.
  return given.length === expected.length && timingSafeEqual(given, expected) && given.toString('base64url') === decision.signature;
}

function mac(secret: Buffer, statement: Statement): Buffer {
  const { incidentId, proposal, verdict, parameters, person, breakGlass, reason, code, at, acceptBy } = statement;
  // An absent member is none in canonical JSON, so that statements from before a member was known keep their signatures.
  const signed: Record<keyof Statement, unknown> = { incidentId, proposal, verdict, parameters, person, breakGlass, reason, code, at, acceptBy };
  return createHmac('sha256', secret)
    .update(PURPOSE + canonicalJson(signed), 'utf8')
    .digest();
}
