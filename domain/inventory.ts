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

/** Names of the metrics in the service's Prometheus text. */
export interface MetricNames {
  /** Counter of requests with the labels `route` and `status`; a status of 500 or more is an error. */
  readonly requests: string;
  /** Histogram of seconds. */
  readonly latency: string;
}

/** A service that Nightshift knows. */
export interface Service {
  readonly name: string;
  readonly environment: string;
  readonly tier: Tier;
  readonly owner?: string;
  readonly description?: string;
  /** Names of services in the same environment that this one calls. */
  readonly dependsOn: readonly string[];
  readonly metrics?: {
    readonly url: string;
    readonly everyMs: number;
    readonly names: MetricNames;
    readonly saturation: readonly SaturationRule[];
  };
  readonly logs?: { readonly file: string };
  readonly limits?: ServiceLimits;
  /** Who can act on it, and the identity that must be found there. */
  readonly hands?: { readonly kind: 'supervisor'; readonly url: string; readonly target: Target };
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
