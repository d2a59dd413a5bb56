import { z } from 'zod';
import type { RunAttempt } from '../../domain/actions/rerun-record';
import { NightshiftError, errorCode, errorMessage } from '../../domain/errors';
import { clip, plainText } from '../../domain/plain-text';
import { neverSent } from '../local/http';
import { callGithub } from './api';
import type { GithubApiOptions, GithubReply, GithubRequest } from './api';

/** A run of GitHub Actions at one of its attempts. Its texts are outside text on one line. */
export interface WorkflowRun extends RunAttempt {
  readonly id: string;
  readonly workflow: string;
  readonly title: string;
  readonly commit: string;
  readonly status: string;
  readonly conclusion?: string;
  /** ISO 8601; the end of one that is completed. */
  readonly updatedAt: string;
  /** When this was told, epoch milliseconds by GitHub's clock. */
  readonly toldAt: number;
}

/** What became of a request that changes something. */
export type Sent =
  | { readonly kind: 'accepted'; readonly status: number; readonly text: string }
  | { readonly kind: 'refused'; readonly status: number; readonly said: string }
  /** Nothing was done, and it may be another time; `waitMs` where GitHub says when. */
  | { readonly kind: 'not-begun'; readonly reason: string; readonly waitMs?: number }
  | { readonly kind: 'lost'; readonly reason: string };

/** Bytes of a run, and of a page of them. */
const MAX_BYTES = { one: 1024 * 1024, page: 8 * 1024 * 1024 } as const;
const PAGE = { size: 100, most: 10 } as const;
/** Ends of a job that nothing is wrong with. */
const GOOD = ['success', 'skipped', 'neutral'];
const LONGEST = 120;

const account = z.object({ login: z.string(), type: z.string().optional() });
const runShape = z.object({
  id: z.int(),
  name: z.string().nullish(),
  display_title: z.string().nullish(),
  path: z.string().nullish(),
  head_sha: z.string(),
  run_attempt: z.int().min(1).optional(),
  status: z.string().nullable(),
  conclusion: z.string().nullish(),
  actor: account.nullish(),
  triggering_actor: account.nullish(),
  created_at: z.iso.datetime({ offset: true }),
  run_started_at: z.iso.datetime({ offset: true }).nullish(),
  updated_at: z.iso.datetime({ offset: true }),
});
const runsShape = z.object({ total_count: z.int().optional(), workflow_runs: z.array(runShape) });
const jobsShape = z.object({ jobs: z.array(z.object({ name: z.string(), conclusion: z.string().nullish() })) });
const workflowShape = z.object({ state: z.string() });

/** The run, at its latest attempt or at a given one; undefined where the repository has none. Throws `unreachable` and `rate_limited`. */
export async function readRun(options: GithubApiOptions, repository: string, id: string, attempt?: number): Promise<WorkflowRun | undefined> {
  const reply = await read(options, { path: `${runPath(repository, id, attempt)}`, maxBytes: MAX_BYTES.one });
  return reply && toRun(parsed(runShape, options.url, reply.text), toldAt(reply, options));
}

/** Names of the jobs of an attempt that did not end well, the first hundred of its jobs. */
export async function readFailedJobs(options: GithubApiOptions, repository: string, { id, attempt }: Pick<WorkflowRun, 'id' | 'attempt'>): Promise<string[]> {
  const path = `${runPath(repository, id, attempt)}/jobs?per_page=${String(PAGE.size)}`;
  const reply = await read(options, { path, maxBytes: MAX_BYTES.page });
  const { jobs } = reply ? parsed(jobsShape, options.url, reply.text) : { jobs: [] };
  return jobs.filter(({ conclusion }) => typeof conclusion === 'string' && !GOOD.includes(conclusion)).map(({ name }) => plain(name));
}

/** Runs of a workflow that were dispatched since a time and whose title holds a text, oldest first. `all` is false where there were more than GitHub lists. */
export async function findDispatched(
  options: GithubApiOptions,
  { repository, file, since, title }: { readonly repository: string; readonly file: string; readonly since: number; readonly title: string },
): Promise<{ readonly runs: readonly WorkflowRun[]; readonly all: boolean }> {
  const created = encodeURIComponent(`>=${new Date(since).toISOString().replace(/\.\d+/, '')}`);
  const runs: WorkflowRun[] = [];
  for (let page = 1; page <= PAGE.most; page += 1) {
    const query = `event=workflow_dispatch&created=${created}&per_page=${String(PAGE.size)}&page=${String(page)}`;
    const reply = await read(options, { path: `${workflowPath(repository, file)}/runs?${query}`, maxBytes: MAX_BYTES.page });
    const { workflow_runs: some } = reply ? parsed(runsShape, options.url, reply.text) : { workflow_runs: [] };
    // Older servers tell the title as the name.
    const found = some.filter(({ display_title, name }) => [display_title, name].some((each) => each?.includes(title)));
    runs.push(...found.map((each) => toRun(each, reply ? toldAt(reply, options) : 0)));
    if (some.length < PAGE.size) return { runs: runs.sort((a, b) => a.startedAt - b.startedAt), all: true };
  }
  return { runs: runs.sort((a, b) => a.startedAt - b.startedAt), all: false };
}

/** State of a workflow, such as `active`; undefined where the repository has none of that file. */
export async function readWorkflowState(options: GithubApiOptions, repository: string, file: string): Promise<string | undefined> {
  const reply = await read(options, { path: workflowPath(repository, file), maxBytes: MAX_BYTES.one });
  return reply && parsed(workflowShape, options.url, reply.text).state;
}

/** Login that the token is of; undefined for one of an app, which may not ask. */
export async function readLogin(options: GithubApiOptions): Promise<string | undefined> {
  const reply = await callGithub(options, { path: '/user', maxBytes: MAX_BYTES.one });
  if (reply.status === 200) return parsed(account, options.url, reply.text).login;
  if (reply.status === 403 || reply.status === 404) return undefined;
  throw refusedReading(options, '/user', reply);
}

/** Has something done, once. */
export async function sendGithub(options: GithubApiOptions, path: string, post: unknown): Promise<Sent> {
  try {
    const { status, text, said } = await callGithub(options, { path, post, maxBytes: MAX_BYTES.one });
    if (status >= 200 && status < 300) return { kind: 'accepted', status, text };
    if (status >= 500 || status === 408) return { kind: 'lost', reason: `GitHub answered ${String(status)}${said}` };
    return { kind: 'refused', status, said: said.replace(/^: /, '') };
  } catch (error) {
    const waitMs = waitOf(error);
    if (waitMs !== undefined) return { kind: 'not-begun', reason: errorMessage(error), waitMs };
    return { kind: neverSent(error) ? 'not-begun' : 'lost', reason: errorMessage(error) };
  }
}

/** How long GitHub wants to be left alone, milliseconds; undefined for any other error. */
export function waitOf(error: unknown): number | undefined {
  return errorCode(error) === 'rate_limited' && error instanceof NightshiftError ? error.retryAfterMs : undefined;
}

/** Path of a workflow by the name of its file. */
export function workflowPath(repository: string, file: string): string {
  return `/repos/${repository}/actions/workflows/${encodeURIComponent(file)}`;
}

/** Path of a run, or of one of its attempts. */
export function runPath(repository: string, id: string, attempt?: number): string {
  return `/repos/${repository}/actions/runs/${id}${attempt === undefined ? '' : `/attempts/${String(attempt)}`}`;
}

async function read(options: GithubApiOptions, request: GithubRequest): Promise<GithubReply | undefined> {
  const reply = await callGithub(options, request);
  if (reply.status === 404) return undefined;
  if (reply.status !== 200) throw refusedReading(options, request.path, reply);
  return reply;
}

function refusedReading({ url }: GithubApiOptions, path: string, { status, said }: GithubReply): NightshiftError {
  const help = status === 401 ? ' The token is not valid (any more).' : status === 403 ? ' May the token of actions.github read and write Actions?' : '';
  return new NightshiftError('unreachable', `${url}${path.replace(/\?.*/, '')} answered ${String(status)}${said}.${help}`);
}

function toRun(run: z.output<typeof runShape>, told: number): WorkflowRun {
  const who = run.triggering_actor ?? run.actor;
  return {
    id: String(run.id),
    workflow: plain([run.name, run.path].filter((each) => each !== null && each !== undefined && each !== '').join(', ')),
    title: plain(run.display_title ?? ''),
    commit: plain(run.head_sha).slice(0, 12),
    attempt: run.run_attempt ?? 1,
    status: plain(run.status ?? 'unknown'),
    ...(typeof run.conclusion === 'string' && { conclusion: plain(run.conclusion) }),
    actor: plain(who?.login ?? 'somebody'),
    app: who?.type === 'Bot' || who?.login.endsWith('[bot]') === true,
    startedAt: Date.parse(run.run_started_at ?? run.created_at),
    updatedAt: new Date(run.updated_at).toISOString(),
    toldAt: told,
  };
}

function toldAt({ headers }: GithubReply, { clock }: GithubApiOptions): number {
  const told = Date.parse(headers.get('date') ?? '');
  return Number.isNaN(told) ? clock.now() : told;
}

function plain(text: string): string {
  return clip(plainText(text), LONGEST);
}

function parsed<T>(shape: z.ZodType<T>, url: string, text: string): T {
  try {
    return shape.parse(JSON.parse(text));
  } catch (error) {
    throw new NightshiftError('unreachable', `${url} answered with something else than GitHub's API does; is this its address?`, [], { cause: error });
  }
}
