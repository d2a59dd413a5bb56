import type { ServerResponse } from 'node:http';
import { json } from './github-json';

/** Whoever begins attempts. */
export interface FakeActor {
  readonly login: string;
  readonly type: 'User' | 'Bot';
}

/** What befalls the next request that changes something, once. */
export type ActionsFault =
  | 'drop-before'
  | 'drop-after'
  | '500-before'
  | '500-after'
  | { readonly status: number; readonly message: string; readonly headers?: Readonly<Record<string, string>> };

/** One thing that truly happened. */
export interface TrueEffect {
  readonly kind: 'rerun' | 'dispatch';
  readonly run: string;
  readonly by: string;
  readonly inputs?: Readonly<Record<string, string>>;
}

interface Attempt {
  readonly actor: FakeActor;
  readonly startedAt: number;
  updatedAt: number;
  conclusion: string | null;
  jobs: Readonly<Record<string, string>>;
}

interface Run {
  readonly id: string;
  readonly file: string;
  readonly event: string;
  readonly title: string;
  readonly createdAt: number;
  readonly attempts: Attempt[];
  /** Reads that do not see its newest attempt. */
  hiddenFor: number;
}

/** A workflow that can be dispatched: inputs that it takes, and the one that its `run-name` shows. */
export interface FakeWorkflow {
  readonly inputs: readonly string[];
  readonly shows?: string;
  readonly state?: string;
}

/** The runs and workflows of one repository: attempts, jobs, dispatches, and a ledger of what truly happened whatever was answered. */
export class FakeActions {
  readonly ledger: TrueEffect[] = [];
  readonly workflows = new Map<string, FakeWorkflow>();
  /** Whose token it is; an app's may not ask who it is. */
  me: FakeActor = { login: 'nightshift-ops', type: 'User' };
  fault: ActionsFault | undefined;
  /** Reads that do not see what the next requests bring about. */
  hiddenFor = 0;
  /** A newer API names the run that it starts when asked to. */
  namesRuns = false;
  now: () => number = () => Date.now();
  /** Conclusions of attempts at their beginning; none means that they stay under way. */
  ends: { readonly conclusion: string; readonly jobs?: Readonly<Record<string, string>> } | undefined;
  readonly #runs: Run[] = [];

  /** A run that happened; returns its id. */
  ran(conclusion: string | null, more: { readonly jobs?: Readonly<Record<string, string>>; readonly at?: number; readonly file?: string } = {}): string {
    const { jobs = {}, at = this.now() - 600_000, file = 'ci.yml' } = more;
    return this.#add({ file, event: 'push', title: 'Fix the tills', at, actor: { login: 'octo', type: 'User' }, end: { conclusion, jobs } }).id;
  }

  /** Somebody reruns a run. */
  rerun(id: string, by: FakeActor, conclusion: string | null = null, at = this.now()): void {
    this.#runs.find((run) => run.id === id)?.attempts.push(attemptOf(by, at, conclusion, {}));
    this.ledger.push({ kind: 'rerun', run: id, by: by.login });
  }

  /** Somebody dispatches a workflow. */
  dispatched(file: string, inputs: Readonly<Record<string, string>>): void {
    this.#dispatch(file, { ref: 'main', inputs });
  }

  /** The newest attempt of a run ends. */
  end(id: string, conclusion: string, jobs: Readonly<Record<string, string>> = {}): void {
    const attempt = this.#runs.find((run) => run.id === id)?.attempts.at(-1);
    if (attempt) Object.assign(attempt, { conclusion, jobs, updatedAt: this.now() });
  }

  user(response: ServerResponse): void {
    if (this.me.type === 'Bot') return json(response, 403, { message: 'Resource not accessible by integration' });
    json(response, 200, this.me);
  }

  answer({ method, path, body }: { readonly method: string; readonly path: string; readonly body: string }, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(path, 'http://github');
    const [kind = '', id = '', ...rest] = pathname.split('/').slice(5).map(decodeURIComponent);
    if (method === 'POST') return this.#change(kind, id, body, response);
    if (kind === 'runs' && id === '') return json(response, 200, { total_count: this.#runs.length, workflow_runs: [] });
    const found = kind === 'runs' ? this.#readRun(id, rest) : this.#readWorkflow(id, rest, searchParams);
    json(response, found ? 200 : 404, found ?? { message: 'Not Found' }, { date: new Date(this.now()).toUTCString() });
  }

  #change(kind: string, id: string, body: string, response: ServerResponse): void {
    const { fault } = this;
    this.fault = undefined;
    if (fault === 'drop-before') return void response.socket?.destroy();
    if (fault === '500-before') return json(response, 500, { message: 'Server Error' });
    if (typeof fault === 'object') return json(response, fault.status, { message: fault.message }, fault.headers);
    const [status, told] = kind === 'runs' ? this.#rerunFailed(id) : this.#dispatch(id, JSON.parse(body) as DispatchBody);
    if (fault === 'drop-after') return void response.socket?.destroy();
    if (fault === '500-after') return json(response, 500, { message: 'Server Error' });
    if (told === undefined) response.writeHead(status).end();
    else json(response, status, told);
  }

  #rerunFailed(id: string): [number, unknown] {
    const run = this.#runs.find((each) => each.id === id);
    const last = run?.attempts.at(-1);
    if (!run || !last) return [404, { message: 'Not Found' }];
    if (last.conclusion === null) return [403, { message: 'This workflow is already running' }];
    if (last.conclusion === 'success') return [403, { message: 'The workflow run cannot be retried as it has no failed jobs' }];
    const { conclusion = null, jobs = {} } = this.ends ?? {};
    run.attempts.push(attemptOf(this.me, this.now(), conclusion, jobs));
    run.hiddenFor = this.hiddenFor;
    this.ledger.push({ kind: 'rerun', run: id, by: this.me.login });
    return [201, {}];
  }

  #dispatch(file: string, { ref, inputs = {}, return_run_details: details }: DispatchBody): [number, unknown] {
    const workflow = this.workflows.get(file);
    if (!workflow) return [404, { message: 'Not Found' }];
    if (ref !== 'main') return [422, { message: `No ref found for: ${ref}` }];
    const strange = Object.keys(inputs).filter((name) => !workflow.inputs.includes(name));
    if (strange.length > 0) return [422, { message: `Unexpected inputs provided: ${JSON.stringify(strange)}` }];
    if (details !== undefined && !this.namesRuns) return [422, { message: 'Invalid request. "return_run_details" is not a permitted key.' }];
    const title = workflow.shows === undefined ? 'Deploy' : `Deploy ${inputs[workflow.shows] ?? ''}`;
    const { conclusion = null, jobs = {} } = this.ends ?? {};
    const run = this.#add({ file, event: 'workflow_dispatch', title, at: this.now(), actor: this.me, end: { conclusion, jobs } });
    run.hiddenFor = this.hiddenFor;
    this.ledger.push({ kind: 'dispatch', run: run.id, by: this.me.login, inputs });
    return details ? [200, { workflow_run_id: Number(run.id) }] : [204, undefined];
  }

  #add(wanted: Pick<Run, 'file' | 'event' | 'title'> & { at: number; actor: FakeActor; end: Pick<Attempt, 'conclusion' | 'jobs'> }): Run {
    const { file, event, title, at, actor, end } = wanted;
    const attempts = [attemptOf(actor, at, end.conclusion, end.jobs)];
    const run: Run = { id: String(7_000_000_001 + this.#runs.length), file, event, title, createdAt: at, attempts, hiddenFor: 0 };
    this.#runs.push(run);
    return run;
  }

  #readRun(id: string, [what, number, jobs]: readonly string[]): unknown {
    const run = this.#runs.find((each) => each.id === id);
    const seen = run && this.#seen(run);
    if (!run || seen === undefined || seen === 0) return undefined;
    const at = what === 'attempts' ? Number(number) : seen;
    if (at > seen) return undefined;
    return jobs === 'jobs' ? jobsOf(run, at) : runOf(run, at);
  }

  #readWorkflow(file: string, [what]: readonly string[], query: URLSearchParams): unknown {
    const workflow = this.workflows.get(file);
    if (!workflow) return undefined;
    if (what !== 'runs') return { path: `.github/workflows/${file}`, state: workflow.state ?? 'active' };
    const since = Date.parse(query.get('created')?.replace('>=', '') ?? '');
    const [size, page] = [Number(query.get('per_page')), Number(query.get('page'))];
    const fits = this.#runs.filter((run) => run.file === file && run.event === query.get('event') && run.createdAt >= since && this.#seen(run) > 0).reverse();
    return { total_count: fits.length, workflow_runs: fits.slice((page - 1) * size, page * size).map((run) => runOf(run, run.attempts.length)) };
  }

  /** Attempts that this read sees. */
  #seen(run: Run): number {
    if (run.hiddenFor === 0) return run.attempts.length;
    run.hiddenFor -= 1;
    return run.attempts.length - 1;
  }
}

interface DispatchBody {
  readonly ref: string;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly return_run_details?: boolean;
}

function attemptOf(actor: FakeActor, at: number, conclusion: string | null, jobs: Readonly<Record<string, string>>): Attempt {
  return { actor, startedAt: at, updatedAt: at, conclusion, jobs };
}

function runOf({ id, file, event, title, createdAt, attempts }: Run, at: number): unknown {
  const attempt = attempts[at - 1];
  if (!attempt) return undefined;
  const iso = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+/, '');
  return {
    ...{ id: Number(id), name: 'CI', display_title: title, path: `.github/workflows/${file}`, event, head_sha: 'c0ffee'.repeat(7).slice(0, 40) },
    ...{ run_attempt: at, status: attempt.conclusion === null ? 'in_progress' : 'completed', conclusion: attempt.conclusion },
    ...{ actor: attempts[0]?.actor, triggering_actor: attempt.actor },
    ...{ created_at: iso(createdAt), run_started_at: iso(attempt.startedAt), updated_at: iso(attempt.updatedAt) },
  };
}

function jobsOf({ attempts }: Run, at: number): unknown {
  const { jobs = {} } = attempts[at - 1] ?? {};
  return { jobs: Object.entries(jobs).map(([name, conclusion]) => ({ name, conclusion, status: 'completed' })) };
}
