import { HttpError } from '../lib/http.mjs';

/** @typedef {{ pinned: number, drained: number, blind: boolean }} Condition */

/**
 * What an operator can do to the instances besides deploying: `pinned` of them keep their release whatever is rolled out, `drained` of them get no traffic, and
 * `blind` turns the page of metrics off. The last instances are meant.
 */
export class Conditions {
  pinned = 0;
  drained = 0;
  blind = false;

  /** @param {number} size how many instances there are */
  constructor(size) {
    this.size = size;
  }

  /** @returns {Condition} */
  get now() {
    return { pinned: this.pinned, drained: this.drained, blind: this.blind };
  }

  /** Takes what is given and leaves the rest. Throws HttpError 422 for anything that makes no sense. @param {unknown} body */
  set(body) {
    const { pinned = this.pinned, drained = this.drained, blind = this.blind } = /** @type {Partial<Condition>} */ (body ?? {});
    for (const count of [pinned, drained]) {
      if (!Number.isInteger(count) || count < 0 || count > this.size)
        throw new HttpError(422, `"pinned" and "drained" are whole numbers from 0 to ${this.size}.`);
    }
    if (typeof blind !== 'boolean') throw new HttpError(422, '"blind" is true or false.');
    Object.assign(this, { pinned, drained, blind });
  }
}
