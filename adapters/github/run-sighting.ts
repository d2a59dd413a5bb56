import { clip } from '../../domain/plain-text';
import type { Sighting } from '../../ports/hands';
import { readFailedJobs } from './workflow-runs';
import type { GithubApiOptions } from './api';
import type { WorkflowRun } from './workflow-runs';

const LONGEST_JOBS = 300;

/** What is to be said of an attempt of ours: under way, done when it ended well, or failed with the jobs that did. */
export async function sightingOf(options: GithubApiOptions, repository: string, run: WorkflowRun): Promise<Sighting> {
  const { id, attempt, status, conclusion = 'unknown', updatedAt } = run;
  const name = `attempt ${String(attempt)} of run ${id} of ${repository}`;
  if (status !== 'completed') return { state: 'in-progress', detail: `${name} is ${status}` };
  if (conclusion === 'success') return { state: 'done', detail: `${name} ended with success`, at: updatedAt };
  return { state: 'failed', detail: `${name} ended with ${conclusion}${jobsText(await readFailedJobs(options, repository, run))}` };
}

/** Names of jobs, ready to follow other words; empty when there are none. */
export function jobsText(jobs: readonly string[]): string {
  return jobs.length === 0 ? '' : `: ${clip(jobs.join(', '), LONGEST_JOBS)}`;
}
