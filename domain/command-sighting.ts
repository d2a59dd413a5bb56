import { clip } from './plain-text';

/** What was seen of a service: its release and its process. Times are epoch milliseconds; what nobody tells is absent. */
export interface ServiceSight {
  readonly release?: string;
  readonly instance?: string;
  readonly startedAt?: number;
}

/** How a command ended. */
export type CommandEnding =
  | { readonly kind: 'exited'; readonly at: number; readonly code: number; readonly said: string }
  /** Ended by a signal: our own, for the reason given, or somebody else's. */
  | { readonly kind: 'killed'; readonly at: number; readonly reason: string; readonly said: string }
  /** It could not be started at all. */
  | { readonly kind: 'not-begun'; readonly at: number; readonly reason: string };

/** What is written down of one effect before its command begins, and when it ends. */
export interface CommandRecord {
  readonly command: 'deploy' | 'restart';
  /** The release that is wanted; a restart has none. */
  readonly release?: string;
  readonly begunAt: number;
  /** When it is ended by force. */
  readonly deadline: number;
  readonly before: ServiceSight;
  /** Where it runs, and what tells this process from a later one with the same number. */
  readonly process?: { readonly host: string; readonly pid: number; readonly mark: string };
  readonly ending?: CommandEnding;
}

/** What can be said of the effect. */
export interface CommandFinding {
  readonly state: 'in-progress' | 'done' | 'failed' | 'ambiguous';
  readonly detail: string;
  /** Epoch milliseconds, where it is done. */
  readonly at: number;
}

/** What is looked at to settle what became of an effect. */
export interface Findings {
  readonly record: CommandRecord;
  /** What is seen now, or in words why nothing could be seen. */
  readonly now: ServiceSight | string;
  readonly at: number;
  /** True while its process runs. */
  readonly alive: boolean;
  /** Milliseconds after the command's end in which its effect may still come to show. */
  readonly confirmMs: number;
}

/** Start times of one process may differ by so much (milliseconds), by rounding. */
const SAME_START_MS = 1_000;

/** Whether another process runs than before; undefined where that cannot be told. `since` is when the command began. */
export function isNewProcess(before: ServiceSight, now: ServiceSight, since: number): boolean | undefined {
  const named = before.instance !== undefined && now.instance !== undefined ? before.instance !== now.instance : undefined;
  if (named === true || now.startedAt === undefined) return named;
  if (before.startedAt !== undefined) return now.startedAt - before.startedAt > SAME_START_MS;
  return now.startedAt > since - SAME_START_MS ? true : named;
}

/**
 * Settles what became of an effect by what was written down and what is seen now. It is done only where it shows; a command that failed and changed nothing has failed; whatever cannot be told
 * is ambiguous, and so a person's to settle.
 */
export function settleCommand(found: Findings): CommandFinding {
  const { record, at, now } = found;
  const { ending } = record;
  if (ending?.kind === 'not-begun') return { state: 'failed', detail: `${record.command} could not be started, so nothing was done: ${ending.reason}`, at };
  if (!ending && found.alive) return { state: 'in-progress', detail: `${record.command} is under way since ${iso(record.begunAt)}`, at };
  const until = ending ? ending.at + found.confirmMs : record.deadline;
  const how = endingText(record.command, ending);
  const unsettled = (text: string): CommandFinding =>
    at < until ? { state: 'in-progress', detail: `${how}; ${text}`, at } : { state: 'ambiguous', detail: `${how}, but ${text}`, at };
  if (typeof now === 'string') return unsettled(`the service cannot be looked at: ${now}`);
  const outcome = outcomeOf(ending);
  const seen = seenOf(record, now, outcome === 'well');
  if (outcome === 'badly') return { state: seen.untouched ? 'failed' : 'ambiguous', detail: `${how}${seen.untouched ? ';' : ', yet'} ${seen.text}`, at };
  return seen.shows ? { state: 'done', detail: `${how}; ${seen.text}`, at: ending?.at ?? at } : unsettled(seen.text);
}

/** A command that was killed, or whose end nobody saw, says nothing about what it did. */
function outcomeOf(ending: CommandEnding | undefined): 'well' | 'badly' | 'untold' {
  if (ending?.kind !== 'exited') return 'untold';
  return ending.code === 0 ? 'well' : 'badly';
}

interface Shown {
  /** What was wanted is there. */
  readonly shows: boolean;
  /** Everything is as it was before. */
  readonly untouched: boolean;
  readonly text: string;
}

/** Where the command did not end by itself, a release that is named while the old process still runs is half a deployment. */
function seenOf(record: CommandRecord, now: ServiceSight, clean: boolean): Shown {
  const { before } = record;
  const fresh = isNewProcess(before, now, record.begunAt);
  const process = processText(before, now, fresh);
  if (record.command === 'restart') return { shows: fresh === true, untouched: fresh === false, text: process };
  const there = now.release === record.release;
  const untouched = now.release !== undefined && now.release === before.release && fresh !== true;
  const runs = `${now.release ?? 'an unknown release'} runs`;
  return {
    shows: there && (clean || fresh !== false),
    untouched: untouched && !there,
    text: there && fresh === false && !clean ? `${runs} and ${process}` : runs,
  };
}

function processText(before: ServiceSight, now: ServiceSight, fresh: boolean | undefined): string {
  const name = (sight: ServiceSight): string =>
    [sight.instance, sight.startedAt === undefined ? undefined : `of ${iso(sight.startedAt)}`].filter(Boolean).join(' ');
  if (fresh === true) return `the process is another one (${name(now)})`;
  if (fresh === false) return `the process is still the one from before (${name(before)})`;
  return 'nothing tells whether the process is another one';
}

/** How a command ended, in words. */
export function endingText(command: string, ending: CommandEnding | undefined): string {
  if (!ending) return `the end of ${command} was not seen`;
  if (ending.kind === 'not-begun') return ending.reason;
  const said = ending.said === '' ? '' : `: ${clip(ending.said, 300)}`;
  return ending.kind === 'exited' ? `${command} ended with code ${ending.code}${said}` : `${command} was killed (${ending.reason})${said}`;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
