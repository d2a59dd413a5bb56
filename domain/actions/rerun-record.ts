/** What is written down of a rerun before it begins. Times are epoch milliseconds by GitHub's clock. */
export interface RerunRecord {
  readonly repository: string;
  readonly run: string;
  /** The run's latest attempt before. */
  readonly attempt: number;
  readonly begunAt: number;
  /** An attempt of ours has begun by then, or never does. */
  readonly until: number;
  /** Who we are there; absent for an app, which cannot ask. */
  readonly login?: string;
  /** Why GitHub refused it; `after` an attempt whose answer was lost, which may be what it refused it for. */
  readonly refused?: { readonly why: string; readonly at: number; readonly after: boolean };
}

/** One attempt of a run, and who began it when. */
export interface RunAttempt {
  readonly attempt: number;
  readonly actor: string;
  /** It was begun by an app and not by a person. */
  readonly app: boolean;
  readonly startedAt: number;
}

/** How far GitHub's clocks may be apart: times of runs are whole seconds, and come from other machines than the answer does. */
const CLOCKS_APART_MS = 5_000;

/** Whether we are the one who began an attempt: by the login, or as an app where there is none. */
export function begunByUs({ actor, app }: Pick<RunAttempt, 'actor' | 'app'>, login: string | undefined): boolean {
  return login === undefined ? app : actor.toLowerCase() === login.toLowerCase();
}

/** The attempt that a rerun of ours became: the first that began after it was written down, in its time, and as us. Undefined when there is none. */
export function attemptOf<T extends RunAttempt>({ attempt, begunAt, until, login }: RerunRecord, attempts: readonly T[]): T | undefined {
  const inTime = ({ startedAt }: T): boolean => startedAt >= begunAt - CLOCKS_APART_MS && startedAt <= until + CLOCKS_APART_MS;
  return [...attempts].sort((a, b) => a.attempt - b.attempt).find((each) => each.attempt > attempt && inTime(each) && begunByUs(each, login));
}

/** Whether an attempt began after a time (epoch milliseconds by GitHub's clock). */
export function begunSince({ startedAt }: Pick<RunAttempt, 'startedAt'>, since: number): boolean {
  return startedAt >= since - CLOCKS_APART_MS;
}

/** What is to be said while no further attempt shows. */
export function withoutAttempt(
  { refused }: Pick<RerunRecord, 'refused'>,
  { reference, settleMs, now }: { readonly reference: string | undefined; readonly settleMs: number; readonly now: number },
): { readonly state: 'absent' } | { readonly state: 'in-progress' | 'failed'; readonly detail: string } {
  if (reference !== undefined) return { state: 'in-progress', detail: `GitHub accepted ${reference}, and does not show it yet` };
  if (!refused) return { state: 'absent' };
  const maybeOurs = refused.after && now < refused.at + settleMs;
  return maybeOurs ? { state: 'in-progress', detail: `${refused.why}; what it is busy with may come to show` } : { state: 'failed', detail: refused.why };
}
