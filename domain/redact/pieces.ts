import { redactWith } from '../redact';
import type { Mask } from './rule';

/** So much before and after a cut is looked at to tell whether it is safe. */
const AROUND = 16_384;
const STEP = 8_192;
const TRIES = 24;
/** So far back a place between two words is looked for. */
const NEAR = 2_048;

/**
 * Redacts the beginning of a long text, up to a place near its end at which it can be cut; undefined where there is none, as within a secret of a megabyte. A cut is safe when both sides,
 * each redacted by itself, read together like the whole.
 */
export function safeBeginning(text: string, mask: Mask): { readonly end: number; readonly redacted: string } | undefined {
  const end = cutNearby(text, mask);
  if (end === undefined) return undefined;
  const [redacted, after] = [redactWith(mask, text.slice(0, end)), text.slice(end, end + AROUND)];
  // What begins far before it shows only here.
  return redactWith(mask, text.slice(0, end) + after) === redacted + redactWith(mask, after) ? { end, redacted } : undefined;
}

function cutNearby(text: string, mask: Mask): number | undefined {
  for (let i = 0; i < TRIES; i += 1) {
    const cut = between(text, text.length - AROUND - i * STEP);
    if (cut <= 0) return undefined;
    const [left, right] = [text.slice(Math.max(0, cut - AROUND), cut), text.slice(cut, cut + AROUND)];
    if (redactWith(mask, left + right) === redactWith(mask, left) + redactWith(mask, right)) return cut;
  }
  return undefined;
}

function between(text: string, near: number): number {
  for (let at = near; at > near - NEAR && at > 0; at -= 1) if (/[\s,;&]/.test(text.charAt(at))) return at + 1;
  return near;
}
