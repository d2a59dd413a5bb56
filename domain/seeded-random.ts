/** Numbers from 0 to below 1 that are the same for the same seed. Mulberry32 by Tommy Ettinger, in the public domain; not for secrets. */
export function seededRandom(seed: number): () => number {
  // Neighbouring seeds are spread, as the first numbers of such would resemble each other.
  let state = Math.imul(seed, 0x9e3779b1) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
