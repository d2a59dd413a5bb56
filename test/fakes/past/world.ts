import type { PastAlarm, PastTransition } from '../../../domain/lookback/aws/alarms';
import type { PastDeployment, PastHealthEvent, PastRun } from '../../../domain/lookback/aws/changes';
import type { PastTrailEvent } from '../../../domain/lookback/aws/trail';
import type { Span } from '../../../domain/lookback/facts';

/** A service of the generated account, as AWS knows it: resources with names that do not always say whose they are. */
export interface FakeService {
  readonly name: string;
  readonly region: string;
  /** Name in AWS, of which the service's own cannot be read. */
  readonly alias: string;
  readonly arns: Readonly<Record<'loadBalancer' | 'targetGroup' | 'ecs' | 'lambda' | 'database' | 'queue' | 'securityGroup', string>>;
}

/** What truly happened: an incident with its pages and its cause. */
export interface TrueIncident {
  readonly kind: 'deployment' | 'console' | 'provider' | 'none';
  readonly service: string;
  /** Ids of its pages, as `alarmPages` makes them. */
  readonly pages: readonly string[];
  /** Id of the change that caused it, as the facts have it. */
  readonly cause?: string;
}

/** Two weeks of an organisation on AWS, in the terms of its APIs, and the truth about them. */
export interface Fortnight {
  readonly span: Span;
  readonly regions: readonly string[];
  readonly account: string;
  readonly alarms: readonly PastAlarm[];
  /** By ARN of the alarm, by time. */
  readonly history: ReadonlyMap<string, readonly PastTransition[]>;
  readonly deployments: readonly PastDeployment[];
  readonly runs: readonly PastRun[];
  readonly trail: readonly PastTrailEvent[];
  readonly health: readonly PastHealthEvent[];
  /** Tags: owner by ARN. */
  readonly tagged: readonly { readonly resource: string; readonly service: string }[];
  /** Who calls whom, as a service graph tells it. */
  readonly calls: readonly { readonly service: string; readonly on: string }[];
  readonly truth: readonly TrueIncident[];
}

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const ACCOUNT = '111122223333';
export const STAGING = '444455556666';
export const REGIONS = ['eu-west-1', 'us-east-1'] as const;
