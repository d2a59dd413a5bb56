import type { FastifyBaseLogger } from 'fastify';
import type { Registry } from 'prom-client';
import type { Allowed } from '../domain/actions/allowed';
import type { IntakeOptions } from '../domain/alert-intake';
import type { Alert } from '../domain/alert';
import type { SourcesConfig } from '../config/types';
import type { CallMap } from '../domain/correlate/call-map';
import type { CorrelateSettings } from '../domain/correlate/types';
import type { Inventory } from '../domain/inventory';
import type { MaintenanceWindow } from '../domain/quiet/maintenance';
import type { CatchAll } from '../domain/ownership';
import type { Policy } from '../domain/policy-types';
import type { SeriesDefinition } from '../domain/series/definition';
import type { SignalSettings } from '../domain/signals';
import type { Anchors } from '../ports/audit';
import type { BuildVerdicts } from '../ports/build-verdicts';
import type { Clock } from '../ports/clock';
import type { AuditMemory, Incidents, TemporalHealth } from '../ports/incidents';
import type { SimilarIncidents } from '../ports/knowledge';
import type { RunbookLibrary } from '../ports/runbooks';
import type { Sns } from '../ports/sns';
import type { Standings } from '../ports/standings';
import type { Store } from '../ports/store';
import type { Replayed, WhatIfReport } from '../ports/what-if';
import type { Keep } from './keep';

/** Limits and facts of the door; durations in milliseconds. */
export interface ApiSettings {
  readonly bodyLimitBytes: number;
  /** Longest wait for the store, for Temporal and for an incident's answer. */
  readonly doorTimeoutMs: number;
  /** Requests a minute and key; ten times fewer failed sign-ins a minute and address. */
  readonly rateLimitPerMinute: number;
  /** Undelivered alerts that the inbox holds at most. */
  readonly inboxLimit: number;
  /** Longest time from now to the end of a silence; a week when absent. */
  readonly longestSilenceMs?: number;
  /** Windows of the configuration, which are listed with the silences. */
  readonly maintenance?: readonly MaintenanceWindow[];
  /** Environment of alerts and changes that name none. */
  readonly environment: IntakeOptions['environment'];
  /** The same of what is from an account of AWS, by its id. */
  readonly accounts?: ReadonlyMap<string, string>;
  readonly version: string;
  /** Address of the Temporal UI, for people. */
  readonly temporalUi?: string;
  /** `host:port` of the Temporal server, as this process reaches it. */
  readonly temporalAddress?: string;
  /** Billable actions a day of a system without incidents. */
  readonly idleActionsPerDay: number;
}

/** Everything that the door works with; it opens nothing itself. */
export interface ApiDeps {
  readonly store: Pick<
    Store,
    | 'measures'
    | 'inbox'
    | 'changes'
    | 'evidence'
    | 'incidents'
    | 'audit'
    | 'ledger'
    | 'intents'
    | 'killSwitch'
    | 'keys'
    | 'doorKey'
    | 'backups'
    | 'samples'
    | 'archive'
    | 'outbox'
    | 'setAside'
    | 'seen'
    | 'state'
    | 'quiet'
    | 'silences'
    | 'services'
    | 'anomalies'
    | 'feedback'
    | 'knowledge'
    | 'grants'
    | 'correlation'
    | 'shadow'
    | 'ping'
  >;
  readonly incidents: Incidents;
  readonly temporal: TemporalHealth;
  readonly memory: AuditMemory;
  /** Signed heads of the audit. */
  readonly anchors: Anchors;
  readonly clock: Clock;
  readonly policy: Policy;
  readonly inventory: Inventory;
  /** Sources that sign what they send, and those of a team's own. */
  readonly sources: SourcesConfig;
  readonly sns: Sns;
  /** Who gets what nobody owns; nobody in particular when absent. */
  readonly catchAll?: CatchAll;
  readonly runbooks: RunbookLibrary;
  /** What runbooks may use besides the hands of a service; nothing when absent. */
  readonly allowed?: Allowed;
  /** Series that the configuration declares; none when absent. */
  readonly series?: readonly SeriesDefinition[];
  /** Rules of correlation, the defaults when absent, and who calls whom; what the configuration declares when absent. */
  readonly correlation?: CorrelateSettings;
  readonly callMaps?: { of(environment: string): Promise<CallMap> };
  /** How the history of signals around an incident is cut. */
  readonly signals: SignalSettings;
  /** Judges builds; without it every verdict is `unknown`. */
  readonly verdicts?: BuildVerdicts;
  /** Compares an incident with those of the past. */
  readonly similar: SimilarIncidents;
  /** Tells where runbooks stand. */
  readonly standings: Standings;
  /** Judges recorded rounds again by the rules of a file, as it was written. Throws `invalid_input` with everything that is wrong in it. */
  readonly replay: (which: Replayed, written: unknown) => Promise<WhatIfReport>;
  /** The page for people, as one HTML document. */
  readonly page: string;
  readonly settings: ApiSettings;
  /** A registry of its own for every API, so that two never share a number. */
  readonly metrics: Registry;
  /** Keeps what messages hold; made of the rest when absent. Given where more than the door takes messages in, as its numbers are registered once. */
  readonly keep?: Keep;
  /** Called after alerts were committed: wakes the dispatcher. */
  readonly onAccepted: (alerts: readonly Alert[]) => void;
  /** Where requests that failed are told; nothing is logged when absent. */
  readonly log?: FastifyBaseLogger;
}
