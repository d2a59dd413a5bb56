import { resolve } from 'node:path';
import { defined } from '../domain/defined';
import { githubToken, githubUrl } from './resolve-github';
import type { RunbooksSource } from './schema-runbooks';
import type { Secrets } from './secrets';
import type { GithubRunbooks, RunbooksConfig } from './types';

const DEFAULTS = { ref: 'main', path: 'runbooks', everyMs: 300_000, timeoutMs: 10_000 } as const;

/** Where a team's own runbooks are; paths start at `base`. Mistakes are noted in `secrets`. */
export function resolveRunbooks(source: RunbooksSource | undefined, base: string, secrets: Secrets): RunbooksConfig {
  const { directory, github } = source ?? {};
  return defined({ directory: directory === undefined ? undefined : resolve(base, directory), github: github && resolveGithub(github, secrets) });
}

function resolveGithub(source: NonNullable<RunbooksSource['github']>, secrets: Secrets): GithubRunbooks {
  const { repository, ref = DEFAULTS.ref, path = DEFAULTS.path, every = DEFAULTS.everyMs, timeout = DEFAULTS.timeoutMs } = source;
  const url = githubUrl(source.url, secrets, { path: 'runbooks.github.url', risk: 'put runbooks in their place' });
  const token = githubToken(source.token, secrets, 'runbooks.github.token');
  return defined({ repository, ref, path: path === '.' ? '' : path, url, everyMs: every, timeoutMs: timeout, token });
}
