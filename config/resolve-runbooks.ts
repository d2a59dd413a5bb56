import { resolve } from 'node:path';
import { defined } from '../domain/defined';
import { isLoopback } from './endpoints';
import type { RunbooksSource } from './schema-runbooks';
import type { Secrets } from './secrets';
import type { GithubRunbooks, RunbooksConfig } from './types';

const DEFAULTS = { ref: 'main', path: 'runbooks', url: 'https://api.github.com', everyMs: 300_000, timeoutMs: 10_000 } as const;

/** Where a team's own runbooks are; paths start at `base`. Mistakes are noted in `secrets`. */
export function resolveRunbooks(source: RunbooksSource | undefined, base: string, secrets: Secrets): RunbooksConfig {
  const { directory, github } = source ?? {};
  return defined({ directory: directory === undefined ? undefined : resolve(base, directory), github: github && resolveGithub(github, secrets) });
}

function resolveGithub(source: NonNullable<RunbooksSource['github']>, secrets: Secrets): GithubRunbooks {
  const { repository, ref = DEFAULTS.ref, path = DEFAULTS.path, every = DEFAULTS.everyMs, timeout = DEFAULTS.timeoutMs } = source;
  const url = (source.url ?? DEFAULTS.url).replace(/\/+$/, '');
  const { protocol, search, hash } = new URL(url);
  const complain = (message: string): unknown => secrets.problems.push({ path: 'runbooks.github.url', message });
  if (protocol === 'http:' && !isLoopback(url))
    complain('must begin with https://; http:// is only for this machine, as anybody between could put runbooks in their place');
  if (search !== '' || hash !== '') complain('is more than the address of an API; write one such as https://github.example.com/api/v3');
  const token = secrets.read(source.token, 'runbooks.github.token');
  return defined({ repository, ref, path: path === '.' ? '' : path, url, everyMs: every, timeoutMs: timeout, token });
}
