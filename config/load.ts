import { dirname, resolve } from 'node:path';
import { defined } from '../domain/defined';
import { NightshiftError } from '../domain/errors';
import type { Problem } from '../domain/errors';
import { anomalyEndsMs, seriesEndMs } from '../domain/detection/condition';
import { conditionEndsMs } from '../domain/limits';
import { logsEndMs } from '../domain/log-watch/log-ends';
import { unmatchedRules } from '../domain/runbook-source';
import { readYaml } from '../domain/yaml-text';
import { commandEnvironments } from './command-environments';
import { crossCheck } from './cross-checks';
import { deepFreeze } from './deep-freeze';
import { defaultsOf } from './defaults';
import { readText } from './files';
import { overlay } from './overlay';
import { environmentProblems, nonEmpty, profileOf, resolveApi, resolveStore, resolveTemporal } from './resolve-places';
import { resolveActions } from './resolve-actions';
import { resolveAlerts } from './resolve-alerts';
import { resolveDetector } from './resolve-detector';
import { listenProblems, roleProblems, withListen } from './roles';
import { resolveAnchor } from './resolve-audit';
import { resolveAws } from './resolve-aws';
import { resolveArchive, resolveRetention } from './resolve-archive';
import { resolveIncidents, resolvePolicy } from './resolve-incidents';
import { resolveHeartbeat, resolveNotifications } from './resolve-notifications';
import { resolvePredictions } from './resolve-predictions';
import { resolveReasoning, withHearing } from './resolve-reasoning';
import { resolveRunbooks } from './resolve-runbooks';
import { resolveSeries } from './resolve-series';
import { resolveService } from './resolve-services';
import { resolveSources } from './resolve-sources';
import { resolveCorrelation } from './resolve-correlation';
import { resolveTriage } from './resolve-triage';
import { prometheusAuth } from './prometheus-auth';
import { loadServiceCatalogue } from './service-catalogue';
import { ownershipWarnings, withCatalogue } from './with-catalogue';
import type { WithCatalogue } from './with-catalogue';
import { checkSource } from './schema';
import type { CheckedSource, ConfigSource } from './schema';
import { Secrets } from './secrets';
import type { Environment, NightshiftConfig, SystemRole } from './types';

/** Name of the file that is looked for in the working folder. */
export const CONFIG_FILE = 'nightshift.yaml';

/** Where the configuration comes from. */
export interface LoadOptions {
  /** File to read; must exist when given here or by NIGHTSHIFT_CONFIG. */
  readonly file?: string | undefined;
  readonly env: Environment;
  /** Working folder, absolute. */
  readonly cwd: string;
  /** What the process will run; `all` when absent. */
  readonly role?: SystemRole | undefined;
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
  const catalogue = loadServiceCatalogue(checked.source.catalogue, found.base);
  const known = withCatalogue(checked, catalogue, channelNames(checked.source));
  const config = assemble(checked, { ...known, warnings: [...catalogue.warnings, ...known.warnings] }, found, options, secrets);
  const ids = options.runbookIds?.(config.runbooks.directory);
  const { github } = config.runbooks;
  const facts = {
    servicePaths: known.services.map((each) => each.path),
    incomplete: yaml.problems.length > 0 || checked.problems.some((problem) => problem.path.startsWith('services')),
    // What a repository holds is not known here.
    runbookIds: github ? undefined : ids,
  };
  const doubt = (id: string): string => `${id} is not on this machine; if it is not in ${github?.repository ?? ''} either, this rule matches nothing`;
  const doubtful = github && ids ? unmatchedRules(config.policy.rules, ids, doubt) : [];
  const environment = [...environmentProblems(options.env), ...listenProblems(options.env), ...roleProblems(config, options.role ?? 'all')];
  return {
    config: doubtful.length > 0 ? { ...config, warnings: [...config.warnings, ...doubtful] } : config,
    problems: [...yaml.problems, ...checked.problems, ...catalogue.problems, ...secrets.problems, ...environment, ...crossCheck(config, facts)],
  };
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

/** Without any in the file there is the terminal. */
function channelNames({ notifications }: ConfigSource): readonly string[] {
  return notifications?.map((each) => each.channel) ?? ['terminal'];
}

function assemble({ source }: CheckedSource, catalogue: WithCatalogue, found: ConfigText, options: LoadOptions, secrets: Secrets): NightshiftConfig {
  const profile = profileOf(source, options.env);
  const defaults = defaultsOf(profile);
  const store = resolveStore(source.store, options.env, secrets);
  const policy = resolvePolicy(source.policy, defaults, store.databaseUrl === undefined && source.store?.databaseUrl === undefined);
  const listeners = { api: resolveApi(source.api, defaults), worker: overlay(defaults.worker, source.worker ?? {}) };
  const placed = { defaults, base: found.base, accounts: source.aws?.accounts ?? [] };
  const services = catalogue.services.map((each) => ({ ...each, service: resolveService(each, placed) }));
  const known = services.map((each) => each.service);
  const aws = resolveAws(source.aws, options.env, secrets);
  const accounts = aws?.accounts;
  const reasoning = resolveReasoning(source.reasoning, accounts, secrets);
  const incidents = resolveIncidents(source.incidents, defaults, policy.approvals.allowUnverified);
  const detector = resolveDetector(source.detector, defaults);
  const series = (source.series ?? []).map(resolveSeries);
  const ends = [conditionEndsMs(known, detector), anomalyEndsMs(detector.anomalies), logsEndMs(detector.anomalies), seriesEndMs(series, detector.anomalies)];
  return defined({
    home: homeFolder(source.home, options.env, { base: found.base, cwd: options.cwd }),
    file: found.file,
    profile,
    ...withListen(listeners, options.env, options.role ?? 'all'),
    temporal: resolveTemporal(source.temporal, defaults, options.env, secrets),
    store,
    services: known,
    catchAll: defined({ owner: source.catalogue?.catchAll?.owner, channels: source.catalogue?.catchAll?.channel }),
    warnings: [...catalogue.warnings, ...ownershipWarnings(catalogue.services)],
    commandEnvironments: commandEnvironments(services, options.env, secrets),
    series,
    prometheusAuth: prometheusAuth(services, secrets),
    policy,
    triage: resolveTriage(source.triage),
    correlation: resolveCorrelation(source.correlation),
    incidents: {
      ...incidents,
      activity: withHearing(incidents.activity, reasoning),
      conditionEndsMs: Math.max(...ends),
    },
    detector,
    predictions: resolvePredictions(source.predictions, defaults),
    alerts: resolveAlerts(source.alerts, defaults, secrets),
    inbox: { limit: source.inbox?.limit ?? defaults.inbox.limit },
    retention: resolveRetention(source.retention, defaults),
    archive: resolveArchive(source.archive, defaults),
    notifications: resolveNotifications(source.notifications, defaults.webhookTimeoutMs, secrets),
    watch: overlay(defaults.watch, {
      undeliveredAfterMs: source.watch?.undeliveredAfter,
      stalledAfterMs: source.watch?.stalledAfter,
      everyMs: source.watch?.every,
    }),
    sources: resolveSources(source.sources, secrets),
    audit: defined({ anchor: resolveAnchor(source.audit?.anchor, accounts, found.base, secrets) }),
    aws,
    heartbeat: resolveHeartbeat(source.heartbeat, defaults, secrets),
    reasoning,
    runbooks: resolveRunbooks(source.runbooks, found.base, secrets),
    actions: resolveActions(source.actions, { base: found.base, env: options.env, outputLimitBytes: defaults.commands.outputLimitBytes }, secrets),
  });
}
