/** Words of state that one stream has. */
export const STATE_WORDS = 4;
/** Numbers thrown away after seeding, until every bit of the seed has reached every word. */
const WARM_UP = 12;

/**
 * Streams of random numbers, one for each tree, that are the same for the same seed. sfc32 of Chris Doty-Humphrey's PractRand (public domain,
 * https://pracrand.sourceforge.net/RNG_engines.txt) instead of `seededRandom`, because a snapshot must hold the state and a tree must not share its stream.
 */
export class Streams {
  readonly states: Uint32Array;

  constructor(streams: number, seed: number) {
    this.states = new Uint32Array(streams * STATE_WORDS);
    for (let stream = 0; stream < streams; stream += 1) {
      this.states.set([seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0, Math.imul(stream + 1, 0x9e3779b1) >>> 0, 1], stream * STATE_WORDS);
      for (let i = 0; i < WARM_UP; i += 1) this.next(stream);
    }
  }

  /** The next number of a stream: above 0 and below 1, in steps of 2^-32. */
  next(stream: number): number {
    const { states } = this;
    const at = stream * STATE_WORDS;
    const a = states[at]!;
    const b = states[at + 1]!;
    const c = states[at + 2]!;
    const counter = states[at + 3]!;
    const sum = (((a + b) | 0) + counter) | 0;
    states[at] = b ^ (b >>> 9);
    states[at + 1] = c + (c << 3);
    states[at + 2] = ((c << 21) | (c >>> 11)) + sum;
    states[at + 3] = counter + 1;
    return ((sum >>> 0) + 0.5) / 2 ** 32;
  }
}
