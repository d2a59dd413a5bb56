import path from 'node:path';
import { openJournal, readLines } from './journal.mjs';

/** @typedef {import('./ledger.mjs').Entry} Entry */
/** @typedef {{ id: string, kind: 'deployment' | 'rollback' | 'restart', environment: string, service: string, at: string, author: string, summary: string, from?: string, to?: string }} Change */

/**
 * Whether release `a` is older than `b`, by numbers: 1.9.0 is older than 1.10.0.
 * @param {string} a @param {string} b
 */
export function isOlder(a, b) {
  return a.localeCompare(b, 'en', { numeric: true }) < 0;
}

/**
 * The change that a call made.
 * @param {Entry} entry @param {string} environment @param {string} at ISO 8601 @returns {Change}
 */
export function changeOf(entry, environment, at) {
  const base = { id: `bookshop-${entry.id}`, environment, service: 'bookshop', at, author: entry.by };
  const why = entry.reason ? `: ${entry.reason}` : '';
  if (entry.kind === 'restart') return { ...base, kind: 'restart', summary: `restarted ${entry.release}${why}` };
  const from = entry.from ?? entry.release;
  const kind = isOlder(entry.release, from) ? 'rollback' : 'deployment';
  return { ...base, kind, summary: `${kind === 'rollback' ? 'rolled back' : 'deployed'} ${from} to ${entry.release}${why}`, from, to: entry.release };
}

/** What was altered on the service, in `changes.jsonl`. */
export class Changes {
  /** @type {Map<string, Change>} */
  #changes = new Map();

  /** @param {string} dir @param {string} environment */
  constructor(dir, environment) {
    this.environment = environment;
    const file = path.join(dir, 'changes.jsonl');
    for (const line of readLines(file)) {
      const change = /** @type {Change} */ (/** @type {unknown} */ (line));
      this.#changes.set(change.id, change);
    }
    this.journal = openJournal(file);
  }

  /** Records what a call altered, once. @param {Entry} entry @param {string} at ISO 8601 */
  record(entry, at) {
    const change = changeOf(entry, this.environment, at);
    if (this.#changes.has(change.id)) return;
    this.journal.append(change);
    this.#changes.set(change.id, change);
  }

  /** Changes with `from <= at <= to` (epoch milliseconds), oldest first. @param {number} from @param {number} to @returns {Change[]} */
  list(from, to) {
    const inside = [...this.#changes.values()].filter(({ at }) => Date.parse(at) >= from && Date.parse(at) <= to);
    return inside.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  }
}
