import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { writeWhole } from '../lib/life.mjs';

/** @typedef {{ current: string, previous: string | null, by: string | null, at: string }} Pointed */

/** The release that runs, in the file `current`. `by` is the id of the ledger entry that set it, `at` is ISO 8601. */
export class Pointer {
  /** @type {Pointed} */
  #pointed;

  /** Takes up what the file says, else begins with `release`. @param {string} dir @param {string} release */
  constructor(dir, release) {
    this.file = path.join(dir, 'current');
    if (existsSync(this.file)) this.#pointed = JSON.parse(readFileSync(this.file, 'utf8'));
    else this.#pointed = this.#write({ current: release, previous: null, by: null, at: new Date().toISOString() });
  }

  /** @param {Pointed} pointed @returns {Pointed} */
  #write(pointed) {
    writeWhole(this.file, `${JSON.stringify(pointed)}\n`);
    this.#pointed = pointed;
    return pointed;
  }

  get now() {
    return this.#pointed;
  }

  /** Points to a release. @param {string} release @param {string} by @returns {Pointed} */
  set(release, by) {
    const { current, previous } = this.#pointed;
    return this.#write({ current: release, previous: release === current ? previous : current, by, at: new Date().toISOString() });
  }
}
