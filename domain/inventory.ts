import type { AwsHands } from './aws/hands';
import type { ServiceResource } from './aws/service-metrics';
import type { Commands } from './command-hands';
import type { Tier } from './names';

/** Where an action would land; written `provider/partition/account/region/kind/id`. */
export interface Target {
  readonly provider: string;
  readonly partition: string;
  readonly account: string;
  readonly region: string;
  readonly kind: string;
  readonly id: string;
}

/** A declared limit that must be broken for `forMs` without a break before it alerts. */
export interface Limit {
  readonly above: number;
  readonly forMs: number;
}

/** Limits of a service. Shares are 0 to 1, latency is milliseconds. */
export interface ServiceLimits {
  readonly errorShare?: Limit;
  readonly latencyP95Ms?: Limit;
  /** No answer from the service, or no request served, for this long. */
  readonly silence?: { readonly forMs: number };
  /** Fewer requests in a window than this say nothing about shares and latency. */
  readonly minRequests: number;
}

/** A used/limit pair of gauges whose ratio tells how full a resource is. */
export interface SaturationRule {
  readonly name: string;
  readonly used: string;
  /** Name of the gauge that holds the limit, or the limit itself. */
  readonly limit: string | number;
}

/** Names of the metrics in the service's Prometheus text, and of their labels. */
export interface MetricNames {
  /** Counter of requests; a status of 500 or more is an error. */
  readonly requests: string;
  /** Histogram of the time that requests take. */
  readonly latency: string;
  /** What the histogram counts in; seconds when absent. */
  readonly unit?: 'seconds' | 'milliseconds';
  /** Counter of failed requests, where the requests carry no status. */
  readonly errors?: string;
  /** Labels that hold status and route; when absent, the usual names are tried. */
  readonly status?: string;
  readonly route?: string;
}

/** What a Prometheus server is asked about a service. */
export interface PrometheusQueries {
  /** Labels that all series of the service carry. */
  readonly labels: Readonly<Record<string, string>>;
  /** Expressions that stand for series that are not found by name: counters since the process began (no rates), buckets with `le`, 1 or 0 for up. */
  readonly expressions: { readonly requests?: string; readonly errors?: string; readonly latency?: string; readonly up?: string };
}

/** A supervisor that is called over HTTP. */
export interface SupervisorHands {
  readonly kind: 'supervisor';
  readonly url: string;
  readonly target: Target;
}

/** A team's own commands, run without a shell. */
export interface CommandHands {
  readonly kind: 'commands';
  readonly commands: Commands;
  /** Folder that they run in, absolute. */
  readonly directory: string;
  /** Longest that `current` and `releases` may take, and how long after the end of a command its effect may still come to show, milliseconds. */
  readonly timeoutMs: number;
  readonly confirmMs: number;
  /** Most that a command may print. */
  readonly outputLimitBytes: number;
  readonly target: Target;
}

/** Which builds of a service open an incident when they fail. */
export interface BuildRule {
  readonly branches: readonly string[];
  /** Those that tell no branch too, such as those of a pipeline that always builds the same one. */
  readonly withoutBranch?: true;
}

/** A page about a service. */
export interface ServiceLink {
  readonly title: string;
  readonly url: string;
}

/** A service that Nightshift knows. */
export interface Service {
  readonly name: string;
  readonly environment: string;
  readonly tier: Tier;
  /** Name of services that are alike, whose outcomes count for each other; those of its tier where it is absent. */
  readonly likeness?: string;
  readonly owner?: string;
  readonly description?: string;
  /** Names of the notification channels that its incidents go to; without any, to all. */
  readonly channels?: readonly string[];
  /** Id of its service at the pager. */
  readonly pager?: string;
  /** The larger thing that it is a part of. */
  readonly system?: string;
  readonly links?: readonly ServiceLink[];
  /** Its ref in Backstage. */
  readonly entity?: string;
  /** True where only a catalogue names it. */
  readonly catalogued?: true;
  /** Names of services in the same environment that this one calls. */
  readonly dependsOn: readonly string[];
  readonly metrics?: {
    /** Of the Prometheus text, or of a Prometheus server where `prometheus` is set. */
    readonly url: string;
    readonly prometheus?: PrometheusQueries;
    /** What of AWS it runs on, where CloudWatch tells its numbers; then there is no URL. */
    readonly cloudwatch?: readonly ServiceResource[];
    readonly everyMs: number;
    readonly names: MetricNames;
    readonly saturation: readonly SaturationRule[];
    /** Routes that are no use of the service: health checks, the scrape itself. */
    readonly ignoreRoutes?: readonly string[];
  };
  readonly logs?: { readonly file: string };
  readonly limits?: ServiceLimits;
  /** Builds whose failure opens an incident; none when absent. */
  readonly builds?: BuildRule;
  /** Who can act on it, and the identity that must be found there. */
  readonly hands?: SupervisorHands | CommandHands | AwsHands;
}

/** All known services, with look-up by environment and name. */
export interface Inventory {
  readonly services: readonly Service[];
}

/** The service of that name, or undefined. */
export function findService(inventory: Inventory, environment: string, name: string): Service | undefined {
  return inventory.services.find((s) => s.environment === environment && s.name === name);
}

/** Text form of a target. */
export function targetId(target: Target): string {
  return [target.provider, target.partition, target.account, target.region, target.kind, target.id].join('/');
}
