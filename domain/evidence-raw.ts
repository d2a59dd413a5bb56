import type { Change } from './change';
import type { LogAnomaly } from './log-templates/rates-types';
import type { AnomalyRecord } from './detection/anomaly-record';
import type { RawFailedBuild } from './evidence-builds';
import type { RawSurroundings } from './evidence-nearby';
import type { SimilarIncident } from './knowledge/similar';
import type { LogLine, Sample } from './metrics';
import type { ApplicableRunbooks } from './runbook-match/applicable-types';
import type { IncidentSettings } from './settings';

/** All that was read for one round of one incident, before it becomes evidence. Times are epoch milliseconds unless they are ISO text in a contract type. */
export interface RawEvidence {
  readonly incidentId: string;
  readonly round: number;
  readonly environment: string;
  readonly service: string;
  readonly now: number;
  /** Earliest start of the incident's alerts. */
  readonly firstAlertAt: number;
  /** After a relapse: the service was well from then on. */
  readonly wellSince?: number;
  readonly settings: IncidentSettings['evidence'];
  /** Samples of the service, ideally from `firstAlertAt - lookbackMs` on. */
  readonly samples: readonly Sample[];
  /** Services that this one depends on, with their samples where they are measured. */
  readonly neighbours: readonly { readonly service: string; readonly samples: readonly Sample[] }[];
  /** Redacted lines of the service's log; null when they could not be read or there is none (then `missing` says why). */
  readonly logs: readonly LogLine[] | null;
  /** Changes on the service and on what it depends on; null when they could not be read. */
  readonly changes: readonly Change[] | null;
  /** Changes on what it calls over more than one call. */
  readonly furtherChanges?: readonly Change[];
  /** What runs where, for the service and for neighbours that can be acted on. */
  readonly targets: readonly RawTarget[];
  /** Names of services of the environment, to find them in log messages. */
  readonly knownServices: readonly string[];
  /** What our detector found, where the alerts name it. */
  readonly anomalies?: readonly AnomalyRecord[];
  /** Lines that the archive has not known, or not so often, the strongest first. */
  readonly unusualLines?: readonly LogAnomaly[];
  /** Failed builds that alerts stand for. */
  readonly failedBuilds?: readonly RawFailedBuild[];
  /** What was read of the services around it; absent where that could not be done. */
  readonly around?: RawSurroundings;
  /** Past incidents that are like it. */
  readonly similar?: readonly SimilarIncident[];
  /** What could be given, of the runbooks that there are; absent where that was not looked at. */
  readonly runbooks?: ApplicableRunbooks;
  readonly missing: readonly { readonly what: string; readonly reason: string }[];
}

/** State of a target as `Hands.describe` tells it. */
export interface RawTarget {
  readonly service: string;
  readonly release?: string;
  readonly releases: readonly string[];
  readonly previousRelease?: string;
  /** It runs on AWS, which knows what was deployed before without telling it. */
  readonly onAws?: true;
  /** ISO start of the running process. */
  readonly startedAt?: string;
}
