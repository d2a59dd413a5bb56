import type { BuildResult } from '../build';

/** Statuses of builds and of phases. */
const RESULTS: Readonly<Record<string, BuildResult>> = {
  ...{ SUCCEEDED: 'succeeded', FAILED: 'failed', FAULT: 'failed', CLIENT_ERROR: 'failed', STOPPED: 'cancelled', TIMED_OUT: 'timed-out' },
};
const GIT = ['GITHUB', 'GITHUB_ENTERPRISE', 'BITBUCKET', 'GITLAB', 'GITLAB_SELF_MANAGED', 'CODECOMMIT'];

/** How a build or a phase of CodeBuild ended, by its status; undefined for one that has not. */
export function codebuildResult(status: string | undefined): BuildResult | undefined {
  return status !== undefined && Object.hasOwn(RESULTS, status) ? RESULTS[status] : undefined;
}

/** True for a build that CodeBuild itself could not carry out, by its status. */
export function codebuildFault(status: string | undefined): true | undefined {
  return status === 'FAULT' ? true : undefined;
}

/** The reason that a phase failed for, by its contexts, such as `COMMAND_EXECUTION_ERROR: …`; of a phase that succeeded they say nothing. */
export function codebuildReason(contexts: readonly string[] | undefined): string | undefined {
  return contexts?.map((each) => each.trim()).find((each) => /[^:\s]/.test(each));
}

/** Identity of a build by its ARN: whoever tells of it means the same. */
export function codebuildId(arn: string): string {
  return `codebuild:${arn}`;
}

/** Commit and branch of a source version: `<commit>`, `refs/heads/<branch>^{<commit>}`, `<branch>` or, of S3, a version that is neither. */
export function codebuildVersion(version: string, sourceType: string | undefined): { readonly commit?: string; readonly branch?: string } {
  const git = GIT.includes(sourceType ?? '');
  const [ref = '', pinned] = version.split('^{');
  const commit = /^[0-9a-f]{40}$/.exec(pinned?.replace('}', '') ?? ref)?.[0];
  const branch = ref.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : git && ref !== commit && /^[^:]+$/.test(ref) ? ref : undefined;
  return { ...(commit !== undefined && { commit }), ...(branch !== undefined && branch !== '' && { branch }) };
}
