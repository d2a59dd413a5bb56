import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical-json';

/** SHA-256 of a text in UTF-8, 64 hex characters. */
export function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** SHA-256 of a value's canonical JSON, 64 hex characters. */
export function digestOf(value: unknown): string {
  return sha256(canonicalJson(value));
}
