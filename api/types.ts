import type { FastifyBaseLogger } from 'fastify';
import type { Registry } from 'prom-client';
import type { IntakeOptions } from '../domain/alert-intake';
import type { Policy } from '../domain/policy-types';
import type { RunbookSnapshot } from '../domain/runbook';
import type { Clock } from '../ports/clock';
import type { AuditMemory, Incidents, TemporalHealth } from '../ports/incidents';
import type { Store } from '../ports/store';

/** Limits and facts of the door; durations in milliseconds. */
export interface ApiSettings {
  readonly bodyLimitBytes: number;
  /** Longest wait for the store, for Temporal and for an incident's answer. */
  readonly doorTimeoutMs: number;
  /** Requests a minute and key; ten times fewer failed sign-ins a minute and address. */
  readonly rateLimitPerMinute: number;
  /** Undelivered alerts that the inbox holds at most. */
  readonly inboxLimit: number;
  /** Environment of alerts and changes that name none. */
  readonly environment: IntakeOptions['environment'];
  readonly version: string;
  /** Address of the Temporal UI, for people. */
  readonly temporalUi?: string;
  /** Billable actions a day of a system without incidents. */
  readonly idleActionsPerDay: number;
}

/** Everything that the door works with; it opens nothing itself. */
export interface ApiDeps {
  readonly store: Pick<Store, 'inbox' | 'changes' | 'evidence' | 'incidents' | 'audit' | 'killSwitch' | 'keys' | 'doorKey' | 'ping'>;
  readonly incidents: Incidents;
  readonly temporal: TemporalHealth;
  readonly memory: AuditMemory;
  readonly clock: Clock;
  readonly policy: Policy;
  readonly runbooks: readonly RunbookSnapshot[];
  readonly settings: ApiSettings;
  /** A registry of its own for every API, so that two never share a number. */
  readonly metrics: Registry;
  /** Called after alerts were committed: wakes the dispatcher. */
  readonly onAccepted: () => void;
  /** Where requests that failed are told; nothing is logged when absent. */
  readonly log?: FastifyBaseLogger;
}
