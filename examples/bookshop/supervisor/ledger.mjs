import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { openJournal, readLines } from './journal.mjs';

/**
 * One deploy or restart call. Times are ISO 8601.
 * @typedef {object} Entry
 * @property {string} id
 * @property {'deploy' | 'restart'} kind
 * @property {string | null} token as the caller gave it; two calls may carry the same
 * @property {string} by
 * @property {string} release
 * @property {string | null} from release that ran when the work on the call began
 * @property {'started' | 'done' | 'failed' | 'interrupted'} state
 * @property {string} startedAt
 * @property {string} [endedAt]
 * @property {string} [reason]
 * @property {string} [detail]
 */

/** Every deploy and restart call in `ledger.jsonl`: a line on receipt, one at the end. It never asks whether a call was there before. */
export class Ledger {
  /** @type {Map<string, Entry>} */
  #entries = new Map();

  /** @param {string} dir */
  constructor(dir) {
    const file = path.join(dir, 'ledger.jsonl');
    for (const line of readLines(file)) {
      const entry = /** @type {Entry} */ (/** @type {unknown} */ (line));
      this.#entries.set(entry.id, entry);
    }
    this.journal = openJournal(file);
  }

  /** @param {Entry} entry @returns {Entry} */
  #write(entry) {
    this.journal.append(entry);
    this.#entries.set(entry.id, entry);
    return entry;
  }

  /** Writes a call down on receipt. @param {Pick<Entry, 'kind' | 'token' | 'by' | 'release' | 'from' | 'reason'>} call @returns {Entry} */
  receive(call) {
    return this.#write({ id: randomUUID(), ...call, state: 'started', startedAt: new Date().toISOString() });
  }

  /** Writes the end of a call down. @param {Entry} entry @param {'done' | 'failed' | 'interrupted'} state @param {string} detail @returns {Entry} */
  end(entry, state, detail) {
    return this.#write({ ...entry, state, endedAt: new Date().toISOString(), detail });
  }

  /** Ends calls that an earlier process left unfinished, and returns them. @returns {Entry[]} */
  interruptUnfinished() {
    const unfinished = this.list().filter((entry) => entry.state === 'started');
    return unfinished.map((entry) => this.end(entry, 'interrupted', 'The supervisor ended before this call did.'));
  }

  /** Calls in the order of their receipt, all or those with a token. @param {string | null} [token] @returns {Entry[]} */
  list(token = null) {
    const entries = [...this.#entries.values()];
    return token === null ? entries : entries.filter((entry) => entry.token === token);
  }
}
