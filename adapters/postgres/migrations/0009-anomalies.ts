import type { Migration } from '../migrate';

/** Anomalies of our detector and what became of them; times are epoch milliseconds. Of one anomaly each thing is said once. */
export const anomalies: Migration = {
  id: '0009-anomalies',
  olderReads: true,
  statements: [
    `create table nightshift.anomalies (
      id text primary key, environment text not null, service text not null, series text not null, at bigint not null, score double precision not null, body text not null)`,
    `create index anomalies_by_service on nightshift.anomalies (environment, service, at)`,
    `create index anomalies_by_time on nightshift.anomalies (at)`,
    `create table nightshift.anomaly_feedback (
      id bigint generated always as identity primary key, anomaly text not null, series text not null, score double precision not null, what text not null,
      told_by text not null, at bigint not null, unique (anomaly, what))`,
    `create index anomaly_feedback_by_time on nightshift.anomaly_feedback (at)`,
  ],
};
