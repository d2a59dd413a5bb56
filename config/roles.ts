import type { Problem } from '../domain/errors';
import { nonEmpty } from './resolve-places';
import type { ApiConfig, Environment, NightshiftConfig, SystemRole, WorkerConfig } from './types';

const LISTEN = /^(\[[0-9A-Fa-f:]+\]|[A-Za-z0-9.-]+):(\d{1,5})$/;

/** What a process of its own role lacks: it must meet the others on one database and one Temporal server. */
export function roleProblems(config: Pick<NightshiftConfig, 'store' | 'temporal'>, role: SystemRole): Problem[] {
  if (role === 'all') return [];
  const problems: Problem[] = [];
  if (config.store.databaseUrl === undefined) {
    const message = `--role ${role} needs PostgreSQL, which all roles share: set DATABASE_URL (postgres://user:password@host:5432/database), DATABASE_URL_FILE or store.databaseUrl`;
    problems.push({ path: 'DATABASE_URL', message });
  }
  if (config.temporal.address === undefined)
    problems.push({
      path: 'TEMPORAL_ADDRESS',
      message: `--role ${role} needs a running Temporal server: set TEMPORAL_ADDRESS (host:port) or temporal.address`,
    });
  return problems;
}

/** What is wrong with NIGHTSHIFT_LISTEN. */
export function listenProblems(env: Environment): Problem[] {
  const text = nonEmpty(env['NIGHTSHIFT_LISTEN']);
  if (text === undefined || listenOf(env) !== undefined) return [];
  return [{ path: 'NIGHTSHIFT_LISTEN', message: 'must be host:port, such as 0.0.0.0:7070, with a port up to 65535' }];
}

/** The listeners of a role: NIGHTSHIFT_LISTEN names the one that the role opens. */
export function withListen<T extends { readonly api: ApiConfig; readonly worker: WorkerConfig }>(config: T, env: Environment, role: SystemRole): T {
  const listen = listenOf(env);
  if (listen === undefined) return config;
  return role === 'worker' ? { ...config, worker: listen } : { ...config, api: { ...config.api, ...listen } };
}

function listenOf(env: Environment): WorkerConfig | undefined {
  const [, host, port] = LISTEN.exec(nonEmpty(env['NIGHTSHIFT_LISTEN']) ?? '') ?? [];
  if (host === undefined || Number(port) > 65_535) return undefined;
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
}
