import type { ActionSpec } from './action';

/** Reruns the failed jobs of a run of GitHub Actions. Its number of attempts is on record before it begins, and GitHub reruns only what is not under way; so what shows no further attempt may be begun again. */
export const githubRerunFailedJobs = {
  summary: 'reruns the failed jobs of a run of GitHub Actions',
  inputs: { run: { type: 'string', description: 'Id of the run, as in its address.', pattern: '[1-9][0-9]{0,18}' } },
  again: 'safe',
  trace: 'store',
  settleMs: 60_000,
} as const satisfies ActionSpec;
