import type { AlertNote } from '../domain/alert';
import type { Member } from '../domain/correlate/types';
import type { IncidentView } from '../domain/incident-view';
import type { IncidentStatus } from '../domain/names';

/** Which workflow has a condition while its incident is open. Times are epoch milliseconds. */
export interface ConditionRoute {
  /** `conditionKey` of the alert. */
  readonly key: string;
  readonly environment: string;
  readonly workflowId: string;
  /** Service that the workflow is named after. */
  readonly home: string;
  /** Why it is there, where that is not the workflow of its own service. */
  readonly joined?: string;
  readonly member: Member;
  /** When it was decided. */
  readonly at: number;
}

/** What the projection says of a service: the open incident of its workflow, and when the last one ended. */
export interface ServiceIncidents {
  readonly service: string;
  readonly open?: {
    readonly incidentId: string;
    readonly workflowId: string;
    readonly status: IncidentStatus;
    readonly openedAt: number;
    /** Version of its workflow; absent where it was written before that was told. */
    readonly version?: number;
    /** A remediation has begun. */
    readonly acted: boolean;
    readonly alerts: readonly AlertNote[];
    /** Services that a person split off. */
    readonly split: readonly string[];
  };
  readonly lastClosedAt?: number;
}

/** Two services whose incidents at that time have to do with each other. */
export interface ServiceRelation {
  readonly environment: string;
  readonly service: string;
  readonly other: string;
  readonly reason: string;
  readonly at: number;
}

/** An incident that has to do with another one. */
export interface RelatedIncident {
  readonly incidentId: string;
  readonly reason: string;
}

/** An incident of the past. */
export interface Episode {
  readonly incidentId: string;
  readonly environment: string;
  readonly service: string;
  readonly openedAt: number;
  readonly closedAt?: number;
}

/** What correlation keeps: it stands there before an alert is delivered, so that neither a crash nor a repeated delivery changes where it goes. */
export interface CorrelationStore {
  /** All routes. */
  routes(): Promise<readonly ConditionRoute[]>;
  incidentsOf(environment: string, services: readonly string[]): Promise<readonly ServiceIncidents[]>;
  /** Writes all of it or nothing. */
  save(change: {
    readonly routes: readonly ConditionRoute[];
    readonly forget: readonly string[];
    readonly relations: readonly ServiceRelation[];
  }): Promise<void>;
  /** The alerts of a service join the incident no more. Idempotent. */
  split(incidentId: string, service: string, by: string, at: number): Promise<void>;
  /** At most 20, those that were found first before others. */
  related(of: Pick<IncidentView, 'incidentId' | 'environment' | 'service'>): Promise<readonly RelatedIncident[]>;
  /** Those that were open at any time from `since` on, oldest first. */
  episodes(since: number, limit: number): Promise<readonly Episode[]>;
}
