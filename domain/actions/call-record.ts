import { clip } from '../plain-text';

/** What is written down of a call before it is made, and of its answer. Times are epoch milliseconds. */
export interface CallRecord {
  readonly name: string;
  readonly begunAt: number;
  /** When it is given up. */
  readonly deadline: number;
  /** An attempt before this one may have had its effect. */
  readonly earlier?: true;
  readonly answer?: { readonly status: number; readonly at: number; readonly said: string };
  /** Why there was none. */
  readonly lost?: { readonly at: number; readonly reason: string };
  /** Nothing went out. */
  readonly notBegun?: true;
}

/** What can be said of a call. `again`: another attempt does no harm; `nothing`: it is known that nothing was done. */
export type CallFinding =
  | { readonly state: 'absent'; readonly again: boolean; readonly nothing: boolean; readonly detail: string }
  | { readonly state: 'in-progress' | 'failed' | 'ambiguous'; readonly detail: string }
  | { readonly state: 'done'; readonly detail: string; readonly at: number };

/** Answers after which nothing was done, and the same may succeed later. */
const LATER = [425, 429];

/** Settles what became of a call by what was written down. An answer of 2xx is done, 3xx and 4xx have failed; of 5xx and of a lost answer nobody knows, nor of a refusal after an attempt that may have had its effect. */
export function settleCall(record: CallRecord, dedupes: boolean, at: number): CallFinding {
  const { name, begunAt, deadline, answer, lost, earlier } = record;
  const unknown = (detail: string): CallFinding => ({ state: 'absent', again: dedupes, nothing: false, detail });
  const nothing = (detail: string): CallFinding => (earlier ? unknown(detail) : { state: 'absent', again: true, nothing: true, detail });
  if (record.notBegun) return nothing(`${name} was not made: ${lost?.reason ?? ''}`);
  if (!answer && !lost && at <= deadline) return { state: 'in-progress', detail: `${name} is under way since ${new Date(begunAt).toISOString()}` };
  if (!answer) return unknown(lost ? `the answer to ${name} was lost: ${lost.reason}` : `the answer to ${name} was not seen`);
  const detail = `${name} was answered with ${String(answer.status)}${answer.said === '' ? '' : `: ${clip(answer.said, 300)}`}`;
  if (answer.status >= 200 && answer.status < 300) return { state: 'done', detail, at: answer.at };
  if (answer.status >= 500) return unknown(detail);
  if (LATER.includes(answer.status)) return nothing(detail);
  return earlier ? { state: 'ambiguous', detail: `${detail}, after an attempt whose answer was lost` } : { state: 'failed', detail };
}
