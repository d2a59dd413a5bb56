import { readFileSync } from 'node:fs';

const RESULTS = { success: 'succeeded', failure: 'failed', cancelled: 'cancelled' };

/** The build as `POST /v1/builds` takes it, from the runner's environment, the inputs and what was measured. Ids and names are those of GitHub's webhook `workflow_job`. */
export function buildOf(env, inputs, { startedAt, endedAt, usage, tests }) {
  const run = runOf(env);
  const attempt = env.GITHUB_RUN_ATTEMPT || '1';
  const server = env.GITHUB_SERVER_URL || 'https://github.com';
  const job = jobOf(env, inputs.matrix);
  return withoutEmpty({
    id: `github:${run}/attempts/${attempt}/jobs/${inputs.jobId || job}`.slice(0, 200),
    source: 'github',
    service: inputs.service || serviceOf(env),
    environment: inputs.environment,
    name: inputs.name || [env.GITHUB_WORKFLOW, job].filter(Boolean).join(' / ') || 'job',
    run: attempt === '1' ? env.GITHUB_RUN_ID || 'unknown' : `${env.GITHUB_RUN_ID} attempt ${attempt}`,
    result: RESULTS[inputs.status] ?? 'failed',
    startedAt: startedAt === undefined ? undefined : new Date(startedAt).toISOString(),
    endedAt: new Date(endedAt).toISOString(),
    commit: headOf(env) || env.GITHUB_SHA,
    branch: env.GITHUB_HEAD_REF || env.GITHUB_REF_NAME,
    author: env.GITHUB_TRIGGERING_ACTOR || env.GITHUB_ACTOR,
    tests,
    usage,
    link: env.GITHUB_REPOSITORY
      ? `${server}/${run.replace('/runs/', '/actions/runs/')}${inputs.jobId ? `/job/${inputs.jobId}` : `/attempts/${attempt}`}`
      : undefined,
  });
}

function runOf(env) {
  return `${env.GITHUB_REPOSITORY || 'unknown'}/runs/${env.GITHUB_RUN_ID || 'unknown'}`;
}

function jobOf(env, matrix) {
  const job = env.GITHUB_JOB || 'job';
  return matrix.length === 0 ? job : `${job} (${matrix.join(', ')})`;
}

/** The name of the repository, as far as a service may be called so. */
function serviceOf(env) {
  const name = (env.GITHUB_REPOSITORY ?? '').split('/').at(-1) ?? '';
  return name.replace(/^[^A-Za-z0-9]+/, '').slice(0, 64) || 'unknown';
}

/** Commit of a pull request: what is checked out is a merge of it that nobody knows. */
function headOf(env) {
  if (!(env.GITHUB_EVENT_NAME ?? '').startsWith('pull_request')) return undefined;
  try {
    const sha = JSON.parse(readFileSync(env.GITHUB_EVENT_PATH, 'utf8')).pull_request?.head?.sha;
    return typeof sha === 'string' ? sha : undefined;
  } catch {
    return undefined;
  }
}

function withoutEmpty(build) {
  return Object.fromEntries(Object.entries(build).filter(([, value]) => value !== undefined && value !== ''));
}
