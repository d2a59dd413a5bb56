import { join } from 'node:path';
import type { Problem } from '../domain/errors';
import { readYaml } from '../domain/yaml-text';
import { defaultsOf } from './defaults';
import { isLoopback } from './endpoints';
import { urlComplaint } from './fields';
import { readText } from './files';
import { homeFolder, invalidConfig, readConfigText } from './load';
import type { LoadOptions } from './load';
import { nonEmpty, profileOf, resolveApi } from './resolve-places';
import { withListen } from './roles';
import { checkSource } from './schema';
import type { ApiConfig } from './types';

/** Name of the file in the home that the first key is written to. */
export const ADMIN_KEY_FILE = 'admin.key';

/** What the command line needs to reach the HTTP door. */
export interface ClientSettings {
  /** Without a slash at the end. */
  readonly apiUrl: string;
  /** Absent when neither NIGHTSHIFT_API_KEY nor the key file gives one. */
  readonly apiKey?: string;
  /** Where the embedded default writes its first key. */
  readonly keyFile: string;
  readonly home: string;
}

/**
 * The command line's own settings. Only `home`, `profile` and `api` of the file count, so that a client needs none of the server's secrets; a key from the file in the home
 * is never sent to another machine that NIGHTSHIFT_API_URL names. Throws `invalid_config`.
 */
export function loadClientSettings(options: Pick<LoadOptions, 'file' | 'env' | 'cwd'>): ClientSettings {
  const { env, cwd } = options;
  const found = readConfigText(options);
  const yaml = readYaml(found.text);
  const checked = checkSource(yaml.value);
  const problems: Problem[] = [...yaml.problems, ...checked.problems.filter(({ path }) => /^(home|profile|api)\b/.test(path))];
  const named = nonEmpty(env['NIGHTSHIFT_API_URL']);
  const complaint = named === undefined ? undefined : urlComplaint(named);
  if (complaint !== undefined) problems.push({ path: 'NIGHTSHIFT_API_URL', message: complaint });
  if (problems.length > 0) throw invalidConfig(found.file ?? 'the environment', problems);
  const home = homeFolder(checked.source.home, env, { base: found.base, cwd });
  const defaults = defaultsOf(profileOf(checked.source, env));
  const { api } = withListen({ api: resolveApi(checked.source.api, defaults), worker: defaults.worker }, env, 'api');
  const apiUrl = (named ?? doorUrl(api)).replace(/\/+$/, '');
  const keyFile = join(home, ADMIN_KEY_FILE);
  const fromFile = named === undefined || isLoopback(named) ? nonEmpty(readText(keyFile).text) : undefined;
  const apiKey = nonEmpty(env['NIGHTSHIFT_API_KEY']) ?? fromFile;
  return { apiUrl, keyFile, home, ...(apiKey === undefined ? {} : { apiKey }) };
}

/** Address of the HTTP door as seen from its own machine, or its public one. */
export function doorUrl(api: Pick<ApiConfig, 'host' | 'port' | 'publicUrl'>): string {
  if (api.publicUrl !== undefined) return api.publicUrl;
  // An address that listens everywhere is not one that can be called.
  const host = api.host === '0.0.0.0' ? '127.0.0.1' : api.host === '::' ? '::1' : api.host;
  return `http://${host.includes(':') ? `[${host}]` : host}:${api.port}`;
}
