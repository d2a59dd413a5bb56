/** Length of a text in UTF-8, in bytes. Written out, as workflow code has no `Buffer`. */
export function utf8Bytes(text: string): number {
  let bytes = 0;
  for (const point of text) {
    const code = point.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}

/** The beginning of a text that takes at most `max` bytes, ending in `…` when something was left out; never half a character. */
export function clipBytes(text: string, max: number): string {
  if (utf8Bytes(text) <= max) return text;
  const room = max - utf8Bytes('…');
  let kept = '';
  let bytes = 0;
  for (const point of text) {
    bytes += utf8Bytes(point);
    if (bytes > room) break;
    kept += point;
  }
  return `${kept}…`;
}

const PRIME = 0x01000193;
const SEEDS = [0x811c9dc5, 0x9747b28c] as const;

/** 64 bits that stand for a text, in at most 14 characters (FNV-1a twice): for remembering many ids in little room, never for proof. */
export function shortId(text: string): string {
  return SEEDS.map((seed) => {
    let hash = seed;
    for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), PRIME) >>> 0;
    return hash.toString(36);
  }).join('.');
}
