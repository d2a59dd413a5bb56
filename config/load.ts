import { dirname, resolve } from 'node:path';
import { defined } from '../domain/defined';
import { NightshiftError } from '../domain/errors';
import type { Problem } from '../domain/errors';
import { readYaml } from '../domain/yaml-text';
import { crossCheck } from './cross-checks';
import { deepFreeze } from './deep-freeze';
import { defaultsOf } from './defaults';
import { readText } from './files';
import { environmentProblems, nonEmpty, profileOf, resolveApi, resolveStore, resolveTemporal } from './resolve-places';
import { resolveIncidents, resolvePolicy } from './resolve-incidents';
import { resolveNotifications } from './resolve-notifications';
import { resolveService } from './resolve-services';
import { checkSource } from './schema';
import type { ConfigSource } from './schema';
import { Secrets } from './secrets';
import type { Environment, NightshiftConfig } from './types';

/** Name of the file that is looked for in the working folder. */
export const CONFIG_FILE = 'nightshift.yaml';

/** Where the configuration comes from. */
export interface LoadOptions {
  /** File to read; must exist when given here or by NIGHTSHIFT_CONFIG. */
  readonly file?: string | undefined;
  readonly env: Environment;
  /** Working folder, absolute. */
  readonly cwd: string;
  /** Ids of the catalogue with a team's own runbooks in `directory`; without it, rules that name unknown runbooks are not found. */
  readonly runbookIds?: ((directory: string | undefined) => readonly string[]) | undefined;
}

/** Text of the configuration file and the folder that its relative paths start at. */
export interface ConfigText {
  readonly file?: string;
  readonly base: string;
  readonly text: string;
}

/** The configuration from file, environment and defaults; the environment wins over the file. Throws `invalid_config` with every problem at once. */
export function loadConfig(options: LoadOptions): NightshiftConfig {
  const { config, problems } = inspectConfig(options);
  if (problems.length > 0) throw invalidConfig(config.file ?? 'the environment', problems);
  return deepFreeze(config);
}

/** The configuration as far as it could be read, with its problems; only one without problems may be used. Throws `invalid_config` when the file itself cannot be read. */
export function inspectConfig(options: LoadOptions): { readonly config: NightshiftConfig; readonly problems: readonly Problem[] } {
  const found = readConfigText(options);
  const yaml = readYaml(found.text);
  const checked = checkSource(yaml.value);
  const secrets = new Secrets(options.env, found.base);
  const config = assemble(checked.source, found, options, secrets);
  const facts = {
    servicePaths: checked.servicePaths,
    incomplete: yaml.problems.length > 0 || checked.problems.some((problem) => problem.path.startsWith('services')),
    runbookIds: options.runbookIds?.(config.runbooks.directory),
  };
  return { config, problems: [...yaml.problems, ...checked.problems, ...secrets.problems, ...environmentProblems(options.env), ...crossCheck(config, facts)] };
}

/** Finds and reads the file: `file`, else NIGHTSHIFT_CONFIG, else `nightshift.yaml` in the working folder, where none is needed. */
export function readConfigText(options: Pick<LoadOptions, 'file' | 'env' | 'cwd'>): ConfigText {
  const named = options.file ?? nonEmpty(options.env['NIGHTSHIFT_CONFIG']);
  const file = resolve(options.cwd, named ?? CONFIG_FILE);
  const read = readText(file);
  if (read.text !== undefined) return { file, base: dirname(file), text: read.text };
  if (named === undefined && read.missing) return { base: options.cwd, text: '' };
  throw new NightshiftError('invalid_config', `The configuration cannot be read: ${read.reason}.`, [{ path: '', message: read.reason }]);
}

/** Folder of everything that is kept: NIGHTSHIFT_HOME, else `home` of the file, else `.nightshift` beside the file. */
export function homeFolder(home: string | undefined, env: Environment, places: { readonly base: string; readonly cwd: string }): string {
  const fromEnvironment = nonEmpty(env['NIGHTSHIFT_HOME']);
  return fromEnvironment === undefined ? resolve(places.base, home ?? '.nightshift') : resolve(places.cwd, fromEnvironment);
}

/** One error for all problems of a configuration. */
export function invalidConfig(where: string, problems: readonly Problem[]): NightshiftError {
  const count = problems.length === 1 ? 'One thing is' : `${problems.length} things are`;
  return new NightshiftError('invalid_config', `${count} wrong in the configuration (${where}).`, problems);
}

function assemble(source: ConfigSource, found: ConfigText, options: LoadOptions, secrets: Secrets): NightshiftConfig {
  const profile = profileOf(source, options.env);
  const defaults = defaultsOf(profile);
  const store = resolveStore(source.store, options.env, secrets);
  const policy = resolvePolicy(source.policy, defaults, store.databaseUrl === undefined && source.store?.databaseUrl === undefined);
  const directory = source.runbooks?.directory;
  return defined({
    home: homeFolder(source.home, options.env, { base: found.base, cwd: options.cwd }),
    file: found.file,
    profile,
    api: resolveApi(source.api, defaults),
    temporal: resolveTemporal(source.temporal, defaults, options.env),
    store,
    services: (source.services ?? []).map((each) => resolveService(each, defaults, found.base)),
    policy,
    incidents: resolveIncidents(source.incidents, defaults, policy.approvals.allowUnverified),
    detector: { everyMs: source.detector?.every ?? defaults.detector.everyMs, windowMs: source.detector?.window ?? defaults.detector.windowMs },
    inbox: { limit: source.inbox?.limit ?? defaults.inbox.limit },
    retention: { samplesMs: source.retention?.samples ?? defaults.retention.samplesMs },
    notifications: resolveNotifications(source.notifications, defaults.webhookTimeoutMs, secrets),
    runbooks: directory === undefined ? {} : { directory: resolve(found.base, directory) },
  });
}
