import type { Allowed } from '../domain/actions/allowed';
import type { Pace } from '../domain/actions/timing';
import type { BedrockEmbedding } from '../domain/aws/embedding';
import type { ScoringEndpoint } from '../domain/aws/endpoint-scorer';
import type { LogQuery } from '../domain/aws/log-query';
import type { AwsAccount } from '../domain/aws/place';
import type { AwsMetric } from '../domain/aws/metric';
import type { AwsQueue, AwsStream } from '../domain/aws/pulled';
import type { ArchiveSettings } from '../domain/archive-settings';
import type { NotificationReason } from '../domain/incident-view';
import type { Problem } from '../domain/errors';
import type { Service } from '../domain/inventory';
import type { MaintenanceWindow } from '../domain/quiet/maintenance';
import type { QuietRules } from '../domain/quiet/rules';
import type { CatchAll } from '../domain/ownership';
import type { ModelPrice, ReasoningLimits } from '../domain/reasoning/budget';
import type { Rung } from '../domain/reasoning/rungs';
import type { Policy } from '../domain/policy-types';
import type { RunbookPlace } from '../domain/runbook-source';
import type { SeriesDefinition } from '../domain/series/definition';
import type { IncidentSettings } from '../domain/settings';
import type { MappingDeclaration } from '../domain/sources/mapping-schema';
import type { SignedSource } from '../domain/sources/signed-source';
import type { CorrelateSettings } from '../domain/correlate/types';
import type { TriageRules } from '../domain/triage-rules';
import type { WatchRule } from '../domain/watch';

/** Sets of defaults: `default` for production, `fast` for tests and the demo. */
export const PROFILES = ['default', 'fast'] as const;
/** Name of a set of defaults. */
export type Profile = (typeof PROFILES)[number];

/** What one process runs: everything, or the worker or the HTTP door alone beside others on the same database and Temporal server. */
export const SYSTEM_ROLES = ['all', 'worker', 'api'] as const;
/** What one process runs. */
export type SystemRole = (typeof SYSTEM_ROLES)[number];

/** Variables of the environment, as they are handed to the loader. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The whole configuration: checked, complete, deeply frozen. Durations in milliseconds, paths absolute, secrets resolved to their text. */
export interface NightshiftConfig {
  /** Folder of everything that is kept. */
  readonly home: string;
  /** The file that was read; absent when the defaults alone hold. */
  readonly file?: string;
  readonly profile: Profile;
  readonly api: ApiConfig;
  readonly worker: WorkerConfig;
  readonly temporal: TemporalConfig;
  readonly store: StoreConfig;
  readonly services: readonly Service[];
  /** Who gets what nobody owns. */
  readonly catchAll: CatchAll;
  /** What is odd, but keeps nothing from running. */
  readonly warnings: readonly Problem[];
  /** Environments of the commands that are hands of a service, by the text form of its target. */
  readonly commandEnvironments: Readonly<Record<string, CommandEnvironment>>;
  /** Measures in windows of what the archive holds. */
  readonly series: readonly SeriesDefinition[];
  /** What is sent as `Authorization` to the Prometheus server of a service, by `environment/name`. */
  readonly prometheusAuth: Readonly<Record<string, string>>;
  readonly policy: Policy;
  readonly triage: TriageRules;
  /** When alerts of several services are one incident. */
  readonly correlation: CorrelateSettings;
  readonly incidents: IncidentSettings;
  readonly detector: DetectorConfig;
  /** Absent where nothing is predicted. */
  readonly predictions?: PredictionsConfig;
  readonly alerts: AlertsConfig;
  readonly inbox: { readonly limit: number };
  readonly retention: RetentionConfig;
  readonly archive: ArchiveConfig;
  readonly notifications: readonly ChannelConfig[];
  readonly watch: WatchConfig;
  readonly sources: SourcesConfig;
  /** Where signed heads of the audit are kept; without an anchor nowhere. */
  readonly audit: { readonly anchor?: AnchorConfig };
  /** Accounts of AWS that are read; absent for none. */
  readonly aws?: AwsConfig;
  /** A URL that is called as long as everything works. */
  readonly heartbeat?: HeartbeatConfig;
  /** The model that is heard beside the statistics; absent for none. */
  readonly reasoning?: ReasoningConfig;
  /** A team's own runbooks, beside the built-in catalogue. */
  readonly runbooks: RunbooksConfig;
  /** What runbooks may use besides the hands of a service. */
  readonly actions: ActionsConfig;
}

/** Where a team's own runbooks are. */
export interface RunbooksConfig {
  readonly directory?: string;
  readonly github?: GithubRunbooks;
}

/** A folder of a GitHub repository with runbooks. */
export interface GithubRunbooks extends RunbookPlace {
  readonly everyMs: number;
  /** Of one request. */
  readonly timeoutMs: number;
  readonly token?: string;
}

/** Commands and calls that runbooks may use, with what they are given, by their names. */
export interface ActionsConfig extends Allowed {
  readonly environments: Readonly<Record<string, CommandEnvironment>>;
  /** Headers of calls, secrets among them. */
  readonly headers: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Those of their values that are secret. */
  readonly secrets: readonly string[];
  readonly githubAccess?: GithubAccess;
}

/** As whom GitHub is asked to act. */
export interface GithubAccess {
  readonly token: string;
  /** Of one request, milliseconds. */
  readonly timeoutMs: number;
  /** The API names the run that it starts when asked to. */
  readonly namesRuns: boolean;
}

/** How effects on AWS are watched. */
export interface ActingConfig extends Pace {
  /** Effects that are begun in a second, for each service of AWS. */
  readonly perSecond: number;
}

/** What is read of AWS, and how. */
export interface AwsConfig {
  readonly accounts: readonly AwsAccount[];
  /** Read by every worker. */
  readonly queues: readonly AwsQueue[];
  /** Read by the worker that leads. */
  readonly streams: readonly AwsStream[];
  /** The same. */
  readonly metrics: readonly AwsMetric[];
  /** How far back the past of services is filled in whose numbers CloudWatch tells; 0 for not at all. */
  readonly backfillMs: number;
  /** What all that is pulled may cost a month, US dollars: by estimate, and queries of Logs Insights by what they scan as well. */
  readonly monthlyUsd: number;
  /** How what is begun in an account is watched, and how fast it may be. */
  readonly acting: ActingConfig;
  /** Of one try. */
  readonly timeoutMs: number;
  /** Another address than AWS's own. */
  readonly endpoint?: string;
  /** Endpoints that score series in our place. */
  readonly scorers: readonly ScoringEndpoint[];
  /** Model that makes vectors of what was learnt; absent where words are compared alone. */
  readonly embeddings?: BedrockEmbedding;
  /** Mute rules of CloudWatch, which hold as silences; absent where they are not read. */
  readonly muteRules?: { readonly everyMs: number };
  /** The service graph of X-Ray; absent where it is not read. */
  readonly serviceGraph?: { readonly everyMs: number; readonly expectedTracesPerDay: number };
  /** Changes that AWS Config records, of resources of these types; absent where they are not read. */
  readonly configuration?: { readonly everyMs: number; readonly types: readonly string[] };
  /** Queries of Logs Insights whose numbers are series; those of flow logs are among them. */
  readonly logQueries: readonly LogQuery[];
  /** Copy of the archive in a bucket; absent for none. */
  readonly export?: AwsExportConfig;
}

/** Which model is heard, how, and what it may cost. */
export type ReasoningConfig = {
  /** Asked in this order: the second when the first cannot answer. */
  readonly models: readonly { readonly id: string; readonly rung?: Rung; readonly cache?: boolean }[];
  /** The dearest of them. */
  readonly price: ModelPrice;
  /** Of an answer. */
  readonly maxTokens: number;
  /** Of one try. */
  readonly timeoutMs: number;
  readonly limits: ReasoningLimits;
} & (
  | {
      readonly provider: 'bedrock';
      /** Whose credentials ask, with the one region. */
      readonly bedrock: { readonly account: AwsAccount; readonly region: string; readonly guardrail?: { readonly id: string; readonly version: string } };
    }
  | { readonly provider: 'openai'; readonly openai: { readonly url: string; readonly key?: string } }
);

/** A prefix of a bucket that is written to. */
export interface BucketConfig {
  readonly bucket: string;
  /** Begin of every key, without a slash at its end. */
  readonly prefix: string;
  /** Whose credentials write, with the one region that the bucket is in. */
  readonly account: AwsAccount;
  readonly region: string;
}

/** Where signed heads of the audit are kept, how often, and how long they are locked; a folder (absolute) locks nothing. */
export interface AnchorConfig {
  readonly place: BucketConfig | { readonly folder: string };
  readonly everyMs: number;
  readonly retainMs: number;
}

/** Where the archive is exported to, and how. */
export interface AwsExportConfig extends BucketConfig {
  readonly everyMs: number;
  /** Values in a row that is trained on. */
  readonly shingle: number;
  /** Whether measures of services are exported, too. */
  readonly measures: boolean;
}

/** How long each kind is kept, milliseconds. */
export type RetentionConfig = ArchiveSettings['keep'] & { readonly samplesMs: number; readonly measuresMs: number };

/** Limits of the archive that can be configured. */
export type ArchiveConfig = Omit<ArchiveSettings, 'keep' | 'aheadMs'>;

/** All variables that a service's commands get, and which of their values are secret. */
export interface CommandEnvironment {
  readonly variables: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
}

/** The HTTP door. */
export interface ApiConfig {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly bodyLimitBytes: number;
  readonly doorTimeoutMs: number;
  readonly rateLimitPerMinute: number;
  /** Address that people reach the door at, for links in messages. */
  readonly publicUrl?: string;
}

/** Where a process of the role `worker` answers for its health and metrics. */
export interface WorkerConfig {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
}

/** Where Temporal is; without an address the embedded server is started. */
export interface TemporalConfig {
  readonly address?: string;
  readonly namespace: string;
  readonly taskQueue: string;
  readonly uiUrl?: string;
  readonly tls?: TemporalTls;
  /** Of Temporal Cloud, or of a server that takes keys; only over TLS. */
  readonly apiKey?: string;
}

/** TLS to the Temporal server, as PEM; the authorities that Node knows where no `ca` is given. */
export interface TemporalTls {
  readonly ca?: string;
  /** Certificate and key that the server knows us by. */
  readonly pair?: { readonly cert: string; readonly key: string };
  /** Name in the server's certificate, where that is not the one of its address. */
  readonly serverName?: string;
}

/** Where state is kept; without a database URL it is embedded in the home. */
export interface StoreConfig {
  readonly databaseUrl?: string;
  readonly firstAdminKey?: string;
}

/** What is held back between inbox and workflows. */
export interface AlertsConfig extends QuietRules {
  readonly maintenance: readonly MaintenanceWindow[];
  /** Longest time from now to the end of a silence that a person makes. */
  readonly longestSilenceMs: number;
  /** Where silences are read from. */
  readonly alertmanagers: readonly AlertmanagerConfig[];
}

/** An Alertmanager whose silences hold here too. */
export interface AlertmanagerConfig {
  /** Without a slash at its end. */
  readonly url: string;
  readonly everyMs: number;
  readonly timeoutMs: number;
  /** Bearer token. */
  readonly token?: string;
}

/** How often the detector looks, and over which window. */
export interface DetectorConfig {
  readonly everyMs: number;
  readonly windowMs: number;
  readonly anomalies: AnomaliesConfig;
  /** How often the settings of each series are chosen anew by a backtest; null for never. */
  readonly chooseEveryMs: number | null;
}

/** How often series with a limit are looked at ahead of time, and how far. */
export interface PredictionsConfig {
  readonly everyMs: number;
  readonly horizonMs: number;
}

/** How services are judged by their own history. Times in milliseconds. */
export interface AnomaliesConfig {
  readonly enabled: boolean;
  /** One row of numbers is judged so often. */
  readonly rowMs: number;
  /** After which the numbers of a service repeat; two of them are learnt first. */
  readonly seasonMs: number;
  /** Alerts a week that one service may give by itself. */
  readonly alertsPerWeek: number;
  /** Fewer requests in a row say nothing about error share and latency. */
  readonly minRequests: number;
  /** Parts into which services are shared out among workers. */
  readonly groups: number;
  /** One worker keeps a group for so long, and loses it after so long a silence. */
  readonly turnMs: number;
  readonly heartbeatMs: number;
  readonly checkpointMs: number;
  /** Whether error lines, and new kinds of them, are watched as well. */
  readonly logs: boolean;
  /** Whether finished builds are. */
  readonly builds: boolean;
}

/** When people are told of what does not move, and how often it is looked at. */
export interface WatchConfig extends WatchRule {
  readonly everyMs: number;
}

/** Sources that are known by what they sign, and those of a team's own. */
export interface SourcesConfig {
  readonly signed: readonly SignedSource[];
  readonly mapped: readonly MappingDeclaration[];
}

/** Where heartbeats go, and how often. */
export interface HeartbeatConfig {
  readonly url: string;
  readonly everyMs: number;
  readonly timeoutMs: number;
  readonly allowPrivate: boolean;
}

/** A channel that notifications go to; without `on` it gets them all. */
export type ChannelConfig = TerminalChannel | WebhookChannel;

/** Prints to the terminal of the worker. */
export interface TerminalChannel {
  readonly channel: string;
  readonly kind: 'terminal';
  readonly on?: readonly NotificationReason[];
}

/** Posts to a URL. */
export interface WebhookChannel {
  readonly channel: string;
  readonly kind: 'webhook';
  readonly format: 'json' | 'slack' | 'pagerduty';
  readonly url: string;
  /** Secret of the HMAC over the body. */
  readonly secret?: string;
  /** Integration key of PagerDuty. */
  readonly routingKey?: string;
  readonly on?: readonly NotificationReason[];
  readonly timeoutMs: number;
  /** Lets it post to a private network, and there without TLS. */
  readonly allowPrivate: boolean;
}
