import { open } from 'node:fs/promises';
import { HttpError } from './http.mjs';

/** Handles that the order book gives out at once. */
const HANDLES = 20;

/** @typedef {import('node:fs/promises').FileHandle} Handle */

/** A bounded pool of open handles on the order book, which stay open as long as the pool lives. Whoever acquires a handle must release it. */
export class HandlePool {
  /** @type {Handle[]} */
  #free = [];
  /** @type {{ take: (handle: Handle) => void }[]} */
  #waiting = [];
  /** Every handle ever opened: one that nobody else remembers must not be closed by the garbage collector. @type {Promise<Handle>[]} */
  #opened = [];
  #inUse = 0;

  /** @param {string} file @param {number} [limit] */
  constructor(file, limit = HANDLES) {
    this.file = file;
    this.limit = limit;
  }

  get inUse() {
    return this.#inUse;
  }

  /**
   * A handle, waiting at most `patienceMs` for one. Throws HttpError 503 when none came free.
   * @param {number} patienceMs @returns {Promise<Handle>}
   */
  async acquire(patienceMs) {
    const free = this.#free.pop();
    if (free) {
      this.#inUse += 1;
      return free;
    }
    if (this.#opened.length < this.limit) {
      this.#inUse += 1;
      const opening = open(this.file, 'a');
      this.#opened.push(opening);
      return opening;
    }
    return this.#wait(patienceMs);
  }

  /** @param {number} patienceMs @returns {Promise<Handle>} */
  #wait(patienceMs) {
    return new Promise((resolve, reject) => {
      const waiter = {
        /** @param {Handle} handle */
        take: (handle) => {
          clearTimeout(timer);
          resolve(handle);
        },
      };
      const timer = setTimeout(() => {
        this.#waiting = this.#waiting.filter((other) => other !== waiter);
        reject(new HttpError(503, `no order handle came free within ${patienceMs} ms`));
      }, patienceMs);
      this.#waiting.push(waiter);
    });
  }

  /** @param {Handle} handle */
  release(handle) {
    const next = this.#waiting.shift();
    if (next) {
      next.take(handle);
      return;
    }
    this.#inUse -= 1;
    this.#free.push(handle);
  }
}
