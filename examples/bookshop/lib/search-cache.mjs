import { HttpError } from './http.mjs';

/** Bytes of ready answers above which the catalogue protects the process and sheds load. */
const LIMIT = 9 * 1024 * 1024;

/** Ready answers of searches by query. Nothing ever leaves it: that is the fault which `memory-leak` drives to its end. */
export class SearchCache {
  /** @type {Map<string, Buffer>} */
  #answers = new Map();
  #bytes = 0;

  /** @param {number} [limit] */
  constructor(limit = LIMIT) {
    this.limit = limit;
  }

  get bytes() {
    return this.#bytes;
  }

  /**
   * The answer of a query, made where it is new.
   * @param {string} query @param {() => unknown} make @returns {Buffer}
   */
  get(query, make) {
    const known = this.#answers.get(query);
    if (known) return known;
    const answer = Buffer.from(JSON.stringify(make()));
    this.#answers.set(query, answer);
    this.#bytes += answer.length;
    return answer;
  }

  /** Throws HttpError 503 while the answers held are above the limit. */
  guard() {
    if (this.#bytes >= this.limit) {
      throw new HttpError(503, `memory guard: the search cache holds ${this.#bytes} of ${this.limit} bytes, the request was shed`);
    }
  }
}
