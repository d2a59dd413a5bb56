import { awsAccess } from '../adapters/aws/access';
import type { AwsOptions } from '../adapters/aws/access';
import { createActuator } from '../adapters/aws/hands/actuator';
import type { Actuator } from '../adapters/aws/hands/actuator';
import { createAwsCarriers } from '../adapters/aws/hands/carriers';
import { createAwsHands } from '../adapters/aws/hands/describe';
import { cloudWatchQueries } from '../adapters/aws/metric-queries';
import { cloudWatchNumbers } from '../adapters/aws/service-numbers';
import type { LeftOut } from '../adapters/aws/service-numbers';
import { createCommandChanges } from '../adapters/local/command-changes';
import type { CommandEnvironments } from '../adapters/local/command-context';
import { createCommandHands } from '../adapters/local/command-hands';
import { createCommandJournal } from '../adapters/local/command-journal';
import { createAllowedCommands } from '../adapters/local/allowed-commands';
import { createHands } from '../adapters/local/hands';
import type { Carriers } from '../adapters/local/hands';
import { githubCarriers } from '../adapters/github/carriers';
import { createFileLog } from '../adapters/local/file-log';
import { createPrometheusApi } from '../adapters/local/prometheus-api';
import { createPrometheusSource } from '../adapters/local/prometheus-text';
import { createSupervisorChanges, createSupervisorHands } from '../adapters/local/supervisor';
import { createAllowedCalls } from '../adapters/outside/allowed-calls';
import type { ActionsConfig } from '../config/types';
import type { ChangeSource } from '../ports/changes';
import { errorMessage } from '../domain/errors';
import type { Clock } from '../ports/clock';
import type { Hands } from '../ports/hands';
import type { LogSource } from '../ports/logs';
import type { MetricHistory, MetricSource } from '../ports/metrics';
import type { StateStore } from '../ports/store';

/** Everything that reads the outside world or acts on it. */
export interface Senses {
  readonly metrics: MetricSource;
  /** The past of services whose numbers somebody else keeps. */
  readonly history: MetricHistory;
  readonly logs: LogSource;
  readonly changes: readonly ChangeSource[];
  readonly hands: Hands;
}

const READ_TIMEOUT_MS = 2_000;
const MAX_LOG_BYTES = 8 * 1024 * 1024;
const MAX_METRICS_BYTES = 4 * 1024 * 1024;
/** A server that answers for many services, or for hours, takes longer and says more. */
const SERVER_TIMEOUT_MS = 5_000;
const MAX_SERVER_BYTES = 32 * 1024 * 1024;

/** What the local senses are given besides the clock. */
export interface SensesOptions {
  /** Where it is written down what became of commands. */
  readonly state: StateStore;
  /** What runbooks may use besides. */
  readonly actions: ActionsConfig;
  /** Environments of commands by target. */
  readonly commandEnvironments: CommandEnvironments;
  /** What is sent as `Authorization` to Prometheus servers, by `environment/name` of the service. */
  readonly prometheusAuth?: Readonly<Record<string, string>>;
  /** Where CloudWatch is asked; absent where no account is configured. */
  readonly aws?: AwsOptions | undefined;
  /** Where it is told what of the past is left out. */
  readonly log?: { warn(fields: object, message: string): void };
}

/** For whoever only looks, and so begins nothing that would have to be written down: creating is refused. */
export const NO_STATE: StateStore = { load: async () => undefined, create: async () => false, save: async () => undefined };

/** Without an account no service has numbers in CloudWatch. */
const NOTHING: MetricSource & MetricHistory = { scrape: async () => [], past: async () => [] };

/** The local senses: Prometheus text and CloudWatch, logs, the supervisor and a team's own commands. */
export function localSenses(clock: Clock, options: SensesOptions): Senses {
  const supervisor = { timeoutMs: READ_TIMEOUT_MS };
  const limits = { timeoutMs: READ_TIMEOUT_MS, maxBytes: MAX_METRICS_BYTES };
  const text = createPrometheusSource(clock, limits);
  const server = createPrometheusApi(clock, { timeoutMs: SERVER_TIMEOUT_MS, maxBytes: MAX_SERVER_BYTES, authorization: options.prometheusAuth ?? {} });
  const watch = options.aws ? cloudWatchNumbers(cloudWatchQueries(awsAccess(options.aws)), clock, pastLeftOut(options.log)) : NOTHING;
  const metrics: MetricSource = { scrape: (service) => (service.metrics?.cloudwatch ? watch : service.metrics?.prometheus ? server : text).scrape(service) };
  const history: MetricHistory = { past: (service, ...span) => (service.metrics?.cloudwatch ? watch : server).past(service, ...span) };
  const actuator = createActuator(options.aws ?? NOWHERE, clock);
  const commands = { environments: options.commandEnvironments, metrics, clock, journal: createCommandJournal(options.state) };
  return {
    metrics,
    history,
    logs: createFileLog({ maxBytes: MAX_LOG_BYTES }),
    changes: [createSupervisorChanges(supervisor), createCommandChanges(commands)],
    hands: createHands(
      { supervisor: createSupervisorHands(supervisor), commands: createCommandHands(commands), aws: createAwsHands(actuator) },
      carriers(clock, options, actuator),
    ),
  };
}

/** Where no account is configured none is known, and whatever would act says so. */
const NOWHERE: AwsOptions = { accounts: [], timeoutMs: SERVER_TIMEOUT_MS };

function pastLeftOut(log: SensesOptions['log']): LeftOut {
  return (place, reason) => log?.warn({ place, error: errorMessage(reason) }, 'the past of services in a place may not be read, and is left out');
}

function carriers(clock: Clock, { state, actions }: SensesOptions, actuator: Actuator): Carriers {
  const { commands, calls, environments, headers, secrets } = actions;
  return {
    'command.run': createAllowedCommands({ commands, environments, state, clock }),
    'http.call': createAllowedCalls({ calls, headers, secrets, state, clock }),
    ...createAwsCarriers({ actuator, clock, state }),
    ...githubCarriers({ github: actions.github, access: actions.githubAccess, state, clock }),
  };
}
