import { endingText, type CommandFinding, type CommandRecord } from '../command-sighting';

/** What is written down of a command before it begins, and when it ends. Times are epoch milliseconds. */
export interface RunRecord extends Pick<CommandRecord, 'begunAt' | 'deadline' | 'process' | 'ending'> {
  readonly name: string;
}

/** Settles what became of a command by what was written down: its exit code is the answer, and one that nobody saw is a person's to settle. */
export function settleRun({ name, begunAt, deadline, ending }: RunRecord, process: 'runs' | 'ended' | 'unknown', at: number): CommandFinding {
  // Where it cannot be looked at, it may run until its time is over.
  if (!ending && (process === 'runs' || (process === 'unknown' && at <= deadline)))
    return { state: 'in-progress', detail: `${name} is under way since ${new Date(begunAt).toISOString()}`, at };
  const detail = endingText(name, ending);
  if (!ending) return { state: 'ambiguous', detail: `${detail}; it was begun at ${new Date(begunAt).toISOString()}`, at };
  if (ending.kind === 'not-begun') return { state: 'failed', detail: `${name} could not be started, so nothing was done: ${ending.reason}`, at };
  if (ending.kind === 'killed') return { state: 'ambiguous', detail, at };
  return { state: ending.code === 0 ? 'done' : 'failed', detail, at: ending.at };
}
