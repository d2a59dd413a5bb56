import { setTimeout as sleep } from 'node:timers/promises';
import { HttpError } from './http.mjs';

/** Requests a second that one instance works off, more than twice what usually comes. */
const PER_SECOND = 150;
/** Milliseconds of work that may come at once without anybody waiting, and the longest wait for a turn. */
const BURST_MS = 250;
const LONGEST_WAIT_MS = 600;

/** What one instance can do: requests beyond it wait for their turn, and are turned away where that would take too long (a leaky bucket, as the generic cell rate algorithm counts it). */
export class Capacity {
  #freeAt = -Infinity;

  /** @param {number} [perSecond] */
  constructor(perSecond = PER_SECOND) {
    this.perSecond = perSecond;
  }

  /** Resolves when it is the request's turn. Throws HttpError 503 where the wait would be too long. */
  async turn() {
    const now = performance.now();
    const wait = this.#freeAt - now;
    if (wait > LONGEST_WAIT_MS)
      throw new HttpError(503, `more is asked for than the ${this.perSecond} requests a second that can be served, the request was shed`);
    this.#freeAt = Math.max(this.#freeAt, now - BURST_MS) + 1000 / this.perSecond;
    if (wait > 0) await sleep(wait);
  }
}
