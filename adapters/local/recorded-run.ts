import { hostname } from 'node:os';
import type { CommandEnding, CommandRecord } from '../../domain/command-sighting';
import { errorMessage, NightshiftError } from '../../domain/errors';
import type { Clock } from '../../ports/clock';
import { processMark } from './process-mark';
import { startCommand, type CommandEnd, type CommandSpec } from './run-command';

/** What is known of a command that was begun, piece by piece. */
export type RunNote = Pick<CommandRecord, 'process' | 'ending'>;

/** Runs a program to its end and writes down each step: its process, and how it ended. Throws `effect_failed`, with that written down too, when it could not be started. */
export async function recordedRun(
  spec: CommandSpec,
  deps: { readonly clock: Clock; readonly note: (note: RunNote) => Promise<void>; readonly said: (end: CommandEnd) => string },
): Promise<CommandEnding> {
  const { clock, note, said } = deps;
  const running = await startCommand(spec).catch(async (error: unknown) => {
    await note({ ending: { kind: 'not-begun', at: clock.now(), reason: errorMessage(error) } });
    throw new NightshiftError('effect_failed', errorMessage(error), [], { cause: error });
  });
  const mark = await processMark(running.pid);
  const begun: RunNote = mark === undefined ? {} : { process: { host: hostname(), pid: running.pid, mark } };
  await note(begun);
  const ending = endingOf(await running.ended, clock.now(), said);
  // How it ended is known here alone.
  await note({ ...begun, ending }).catch(() => note({ ...begun, ending }));
  return ending;
}

/** Whether a process that was written down runs still; unknown where it was not written down yet, or ran on another machine. */
export async function processState(process: RunNote['process']): Promise<'runs' | 'ended' | 'unknown'> {
  if (process === undefined || process.host !== hostname()) return 'unknown';
  return (await processMark(process.pid)) === process.mark ? 'runs' : 'ended';
}

function endingOf(end: CommandEnd, at: number, said: (end: CommandEnd) => string): CommandEnding {
  const shared = { at, said: said(end) };
  if (end.cut !== undefined) return { kind: 'killed', reason: end.cut, ...shared };
  return end.code === null ? { kind: 'killed', reason: `by signal ${String(end.signal)}`, ...shared } : { kind: 'exited', code: end.code, ...shared };
}
