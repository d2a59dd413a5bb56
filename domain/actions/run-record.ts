import type { CommandEnding } from '../command-sighting';
import { clip } from '../plain-text';

/** What is written down of a command before it begins, and when it ends. Times are epoch milliseconds. */
export interface RunRecord {
  readonly name: string;
  readonly begunAt: number;
  /** When it is ended by force. */
  readonly deadline: number;
  readonly process?: { readonly host: string; readonly pid: number; readonly mark: string };
  readonly ending?: CommandEnding;
}

/** What can be said of a command that was begun. `at` is epoch milliseconds. */
export interface RunFinding {
  readonly state: 'in-progress' | 'done' | 'failed' | 'ambiguous';
  readonly detail: string;
  readonly at: number;
}

/** Settles what became of a command by what was written down: its exit code is the answer, and one that nobody saw is a person's to settle. */
export function settleRun({ name, begunAt, deadline, ending }: RunRecord, process: 'runs' | 'ended' | 'unknown', at: number): RunFinding {
  // Where it cannot be looked at, it may run until its time is over.
  if (!ending && (process === 'runs' || (process === 'unknown' && at <= deadline)))
    return { state: 'in-progress', detail: `${name} is under way since ${new Date(begunAt).toISOString()}`, at };
  if (!ending) return { state: 'ambiguous', detail: `the end of ${name} was not seen; it was begun at ${new Date(begunAt).toISOString()}`, at };
  if (ending.kind === 'not-begun') return { state: 'failed', detail: `${name} could not be started, so nothing was done: ${ending.reason}`, at };
  const said = ending.said === '' ? '' : `: ${clip(ending.said, 300)}`;
  if (ending.kind === 'killed') return { state: 'ambiguous', detail: `${name} was killed (${ending.reason})${said}`, at };
  return { state: ending.code === 0 ? 'done' : 'failed', detail: `${name} ended with code ${String(ending.code)}${said}`, at: ending.at };
}
