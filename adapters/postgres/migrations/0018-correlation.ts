import type { Migration } from '../migrate';

/** Which workflow has a condition while its incident is open, which incidents have to do with each other, and what people split off. */
export const correlation: Migration = {
  id: '0018-correlation',
  olderReads: true,
  statements: [
    `create table nightshift.condition_routes (
      key text primary key, environment text not null, workflow_id text not null, home text not null, joined text, member text not null, at bigint not null)`,
    `create table nightshift.incident_relations (
      environment text not null, service text not null, other text not null, at bigint not null, reason text not null,
      primary key (environment, service, other, at))`,
    `create index incident_relations_back on nightshift.incident_relations (environment, other, at)`,
    `create table nightshift.incident_splits (
      incident_id text not null, service text not null, split_by text not null, at bigint not null, primary key (incident_id, service))`,
  ],
};
