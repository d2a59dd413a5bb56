import { clip } from '../plain-text';

/** What is written down of a call before it is made, and of its answer. Times are epoch milliseconds. */
export interface CallRecord {
  readonly name: string;
  readonly begunAt: number;
  /** When it is given up. */
  readonly deadline: number;
  readonly answer?: { readonly status: number; readonly at: number; readonly said: string };
  /** Why there was none. */
  readonly lost?: { readonly at: number; readonly reason: string };
  /** Nothing went out. */
  readonly notBegun?: true;
}

/** What can be said of a call. `again`: another attempt does no harm. */
export type CallFinding =
  | { readonly state: 'absent'; readonly again: boolean; readonly detail: string }
  | { readonly state: 'in-progress' | 'failed'; readonly detail: string }
  | { readonly state: 'done'; readonly detail: string; readonly at: number };

/** Answers after which nothing was done, and the same may succeed later. */
const LATER = [425, 429];

/** Settles what became of a call by what was written down. An answer of 2xx is done, 4xx has failed; of 5xx and of a lost answer nobody knows. */
export function settleCall({ name, begunAt, deadline, answer, lost, notBegun }: CallRecord, dedupes: boolean, at: number): CallFinding {
  if (notBegun) return { state: 'absent', again: true, detail: `${name} was not made: ${lost?.reason ?? ''}` };
  if (!answer && !lost) {
    if (at <= deadline) return { state: 'in-progress', detail: `${name} is under way since ${new Date(begunAt).toISOString()}` };
    return { state: 'absent', again: dedupes, detail: `the answer to ${name} was not seen` };
  }
  if (!answer) return { state: 'absent', again: dedupes, detail: `the answer to ${name} was lost: ${lost?.reason ?? ''}` };
  const detail = `${name} was answered with ${String(answer.status)}${answer.said === '' ? '' : `: ${clip(answer.said, 300)}`}`;
  if (answer.status >= 200 && answer.status < 300) return { state: 'done', detail, at: answer.at };
  if (LATER.includes(answer.status)) return { state: 'absent', again: true, detail };
  return answer.status >= 500 ? { state: 'absent', again: dedupes, detail } : { state: 'failed', detail };
}
