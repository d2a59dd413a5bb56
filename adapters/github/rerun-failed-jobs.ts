import { refusalOf } from '../../domain/actions/allowed';
import { githubRerunFailedJobs } from '../../domain/actions/github-rerun-failed-jobs';
import { attemptOf, begunByUs, begunSince, withoutAttempt, type RerunRecord } from '../../domain/actions/rerun-record';
import { errorMessage, NightshiftError } from '../../domain/errors';
import type { Carrier, Effect, Sighting } from '../../ports/hands';
import { configuredPlace, placeFor, type GithubActionsDeps, type GithubPlace } from './access';
import { jobsText, sightingOf } from './run-sighting';
import { readFailedJobs, readLogin, readRun, runPath, sendGithub, waitOf, type WorkflowRun } from './workflow-runs';

/** Ends of a run after which there are jobs to rerun. */
const FAILED: readonly unknown[] = ['failure', 'timed_out', 'cancelled'];
/** How long after its answer was given up a request may still be carried out, milliseconds. */
const LATE_MS = 30_000;
/** GitHub reruns a run so many times at most. */
const MOST_ATTEMPTS = 50;

/**
 * Carries out `github.rerun-failed-jobs`. GitHub takes no token for it: the number of the latest attempt is written down before, and a further one that we began in its time is taken for ours. A run that
 * shows no further one may be rerun again, as GitHub refuses what is under way.
 */
export function createFailedJobsRerun(deps: GithubActionsDeps): Carrier {
  const { state } = deps;
  const idOf = ({ inputs }: Pick<Effect, 'inputs'>): string => inputs['run'] ?? '';
  return {
    async look(_service, effect) {
      const record = (await state.load(key(effect.token))) as RerunRecord | undefined;
      const unconfigured = refusalOf(() => configuredPlace(deps));
      if (unconfigured !== undefined) return record ? { state: 'ambiguous', detail: unconfigured } : { state: 'absent' };
      const place = configuredPlace(deps);
      return record ? recorded(place, record, effect) : unrecorded(place, idOf(effect), effect.intendedAt);
    },
    async act(service, effect) {
      const place = placeFor(deps, service);
      const before = (await state.load(key(effect.token))) as RerunRecord | undefined;
      const repository = before?.repository ?? place.github.repository;
      const run = await readRun(place.api, repository, idOf(effect)).catch(nothingYet);
      const complaint = unfit(repository, idOf(effect), run);
      if (!run || complaint !== undefined || (before && run.attempt !== before.attempt)) {
        if (before) throw new Error(`run ${idOf(effect)} has changed since an attempt whose answer was lost; what became of it is looked up`);
        throw new NightshiftError('effect_failed', `${complaint ?? ''} Nothing was done.`);
      }
      const record = await begin(deps, place, effect.token, { run, before });
      return send(deps, place, effect.token, { record, toldAt: run.toldAt, after: before !== undefined });
    },
    async unmet(service, effect) {
      const refusal = refusalOf(() => placeFor(deps, service));
      if (refusal !== undefined) return refusal;
      const { api, github } = placeFor(deps, service);
      return unfit(github.repository, idOf(effect), await readRun(api, github.repository, idOf(effect)));
    },
    preview: async (service, effect) => preview(placeFor(deps, service), idOf(effect)),
  };
}

async function preview({ api, github: { repository } }: GithubPlace, id: string): Promise<string> {
  const run = await readRun(api, repository, id);
  if (!run) return `reruns the failed jobs of run ${id} of ${repository}, which shows no such run`;
  const { workflow, commit, attempt, conclusion = run.status } = run;
  const jobs = jobsText(await readFailedJobs(api, repository, run));
  return `reruns the failed jobs of run ${id} (${workflow}) of ${repository} at commit ${commit}; attempt ${String(attempt)} ended with ${conclusion}${jobs}`;
}

/** Why the failed jobs of a run cannot be rerun now, as a sentence. */
function unfit(repository: string, id: string, run: WorkflowRun | undefined): string | undefined {
  if (!run) return `Repository ${repository} shows no run ${id} to the token of actions.github.`;
  if (run.status !== 'completed') return `Attempt ${String(run.attempt)} of run ${id} of ${repository} is ${run.status}, begun by ${run.actor}.`;
  return FAILED.includes(run.conclusion)
    ? undefined
    : `Run ${id} of ${repository} ended with ${run.conclusion ?? 'nothing'}; there are no failed jobs to rerun.`;
}

/** Writes down what the run shows before it is rerun. */
async function begin(
  { state, clock }: GithubActionsDeps,
  { api, access, github: { repository } }: GithubPlace,
  token: string,
  { run, before }: { readonly run: WorkflowRun; readonly before: RerunRecord | undefined },
): Promise<RerunRecord> {
  const asked = clock.now();
  const login = before ? before.login : await readLogin(api).catch(nothingYet);
  const begunAt = run.toldAt + clock.now() - asked;
  const until = begunAt + access.timeoutMs + LATE_MS;
  if (before) {
    const { refused: _refused, ...again } = { ...before, until };
    await state.save(key(token), again);
    return again;
  }
  const record: RerunRecord = { repository, run: run.id, attempt: run.attempt, begunAt, until, ...(login !== undefined && { login }) };
  if (!(await state.create(key(token), record))) throw new Error('another attempt has begun it beside this one');
  return record;
}

async function send(
  { state }: GithubActionsDeps,
  { api }: GithubPlace,
  token: string,
  { record, toldAt, after }: { readonly record: RerunRecord; readonly toldAt: number; readonly after: boolean },
): Promise<string> {
  const { repository, run, attempt } = record;
  const sent = await sendGithub(api, `${runPath(repository, run)}/rerun-failed-jobs`, {});
  if (sent.kind === 'accepted') return `attempt ${String(attempt + 1)} of run ${run}`;
  if (sent.kind === 'lost') throw new Error(`the answer to rerunning run ${run} was lost: ${sent.reason}`);
  if (sent.kind === 'not-begun') throw notBegun(`run ${run} was not rerun: ${sent.reason}`, sent.waitMs);
  const why = `GitHub refused to rerun run ${run} of ${repository} with ${String(sent.status)}${sent.said === '' ? '' : `: ${sent.said}`}`;
  await state.save(key(token), { ...record, refused: { why, at: toldAt, after } });
  if (after) throw new Error(why);
  throw new NightshiftError('effect_failed', why);
}

/** What became of a rerun that is on record. */
async function recorded({ api }: GithubPlace, record: RerunRecord, { reference }: Pick<Effect, 'reference'>): Promise<Sighting> {
  const { repository, run: id, attempt, refused } = record;
  const run = await readRun(api, repository, id);
  if (!run) return { state: 'ambiguous', detail: `run ${id} of ${repository} is not shown any more` };
  if (run.attempt <= attempt) return withoutAttempt(record, { reference, settleMs: githubRerunFailedJobs.settleMs, now: run.toldAt });
  const attempts = await attemptsAfter(api, repository, attempt, run);
  const ours = attemptOf(record, attempts);
  if (ours) return sightingOf(api, repository, ours);
  const others = attempts.map((each) => `attempt ${String(each.attempt)} by ${each.actor} at ${new Date(each.startedAt).toISOString()}`).join(', ');
  const detail = `run ${id} of ${repository} was rerun (${others}), but not by this step as far as can be told`;
  return refused?.after === false ? { state: 'failed', detail: `${refused.why}; ${detail}` } : { state: 'ambiguous', detail };
}

/** Nothing is on record: an attempt that we began since it was intended is one that a restored store has forgotten. */
async function unrecorded({ api, github: { repository } }: GithubPlace, id: string, intendedAt: number): Promise<Sighting> {
  const run = await readRun(api, repository, id);
  const since = intendedAt + (run?.toldAt ?? 0) - api.clock.now();
  if (!run || run.attempt === 1 || !begunSince(run, since)) return { state: 'absent' };
  const login = await readLogin(api);
  const ours = (await attemptsAfter(api, repository, 1, run)).find((each) => begunSince(each, since) && begunByUs(each, login));
  return ours ? sightingOf(api, repository, ours) : { state: 'absent' };
}

async function attemptsAfter(api: GithubPlace['api'], repository: string, attempt: number, latest: WorkflowRun): Promise<readonly WorkflowRun[]> {
  const between = Math.min(MOST_ATTEMPTS, latest.attempt) - attempt - 1;
  const numbers = Array.from({ length: Math.max(0, between) }, (_none, i) => attempt + 1 + i);
  const found: WorkflowRun[] = [];
  for (const number of numbers) found.push(...[await readRun(api, repository, latest.id, number)].flatMap((each) => each ?? []));
  return [...found, latest];
}

/** Whatever goes wrong before anything is sent leaves nothing begun. */
function nothingYet(error: unknown): never {
  throw notBegun(`nothing was sent: ${errorMessage(error)}`, waitOf(error));
}

function notBegun(message: string, waitMs: number | undefined): NightshiftError {
  return new NightshiftError('not_begun', message, [], { retryAfterMs: waitMs });
}

function key(token: string): string {
  return `github-rerun:${token}`;
}
