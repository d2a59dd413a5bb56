/**
 * A seeded source of numbers from 0 to below 1 (mulberry32), so that two runs make the same traffic.
 * @param {number} seed @returns {() => number}
 */
export function randomOf(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Answers true for a share of the calls, as evenly as can be: 0.3 gives three of each ten.
 * @returns {(share: number) => boolean}
 */
export function evenly() {
  let owed = 0;
  return (share) => {
    owed += share;
    if (owed < 1) return false;
    owed -= 1;
    return true;
  };
}
