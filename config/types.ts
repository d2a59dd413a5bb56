import type { NotificationReason } from '../domain/incident-view';
import type { Service } from '../domain/inventory';
import type { Policy } from '../domain/policy-types';
import type { IncidentSettings } from '../domain/settings';

/** Sets of defaults: `default` for production, `fast` for tests and the demo. */
export const PROFILES = ['default', 'fast'] as const;
/** Name of a set of defaults. */
export type Profile = (typeof PROFILES)[number];

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
  readonly temporal: TemporalConfig;
  readonly store: StoreConfig;
  readonly services: readonly Service[];
  readonly policy: Policy;
  readonly incidents: IncidentSettings;
  readonly detector: DetectorConfig;
  readonly inbox: { readonly limit: number };
  readonly retention: { readonly samplesMs: number };
  readonly notifications: readonly ChannelConfig[];
  /** A team's own runbooks, beside the built-in catalogue. */
  readonly runbooks: { readonly directory?: string };
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

/** Where Temporal is; without an address the embedded server is started. */
export interface TemporalConfig {
  readonly address?: string;
  readonly namespace: string;
  readonly taskQueue: string;
  readonly uiUrl?: string;
}

/** Where state is kept; without a database URL it is embedded in the home. */
export interface StoreConfig {
  readonly databaseUrl?: string;
  readonly firstAdminKey?: string;
}

/** How often the detector looks, and over which window. */
export interface DetectorConfig {
  readonly everyMs: number;
  readonly windowMs: number;
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
}
