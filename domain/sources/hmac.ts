import { createHmac, timingSafeEqual } from 'node:crypto';

/** A signature as it came with a message. */
export interface Signed {
  /** The body exactly as it was sent. */
  readonly bytes: Uint8Array;
  readonly secret: string;
  /** What the header says: the prefix and the hash in hex; undefined where there is no header. */
  readonly given: string | undefined;
  /** What stands before the hex: `sha256=` (GitHub), `v1=` (PagerDuty). */
  readonly prefix: string;
  /** SHA-256 where it is not said. */
  readonly algorithm?: 'sha256' | 'sha512';
}

const HEX_LENGTHS = { sha256: 64, sha512: 128 } as const;

/** True when the signature is the HMAC of the bytes in hex; takes the same time wherever they differ. An empty secret signs nothing. Never throws. */
export function matchesHmac({ bytes, secret, given, prefix, algorithm = 'sha256' }: Signed): boolean {
  if (secret === '' || !given?.startsWith(prefix)) return false;
  const hex = given.slice(prefix.length);
  if (hex.length !== HEX_LENGTHS[algorithm] || !/^[0-9a-f]+$/i.test(hex)) return false;
  return timingSafeEqual(Buffer.from(hex, 'hex'), createHmac(algorithm, secret).update(bytes).digest());
}
