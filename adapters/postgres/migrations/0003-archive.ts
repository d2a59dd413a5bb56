import type { Migration } from '../migrate';

/**
 * What is measured and told: metric points by series, lines of logs and calls counted by minute, builds. Times are epoch milliseconds. Rows that are updated often leave room in
 * their pages (fillfactor), so that the new version stands beside the old one and no index changes.
 */
export const archive: Migration = {
  id: '0003-archive',
  olderReads: true,
  statements: [
    // key: SHA-256 of what makes it this series. labels: canonical JSON.
    `create table nightshift.series (
      id bigint generated always as identity primary key,
      key text not null unique,
      source text not null,
      environment text not null,
      service text not null,
      metric text not null,
      kind text not null,
      unit text not null,
      labels text not null,
      created_at bigint not null,
      points bigint not null default 0,
      late bigint not null default 0,
      duplicates bigint not null default 0,
      corrected bigint not null default 0,
      ahead bigint not null default 0,
      unit_changes integer not null default 0,
      first_at bigint,
      last_at bigint,
      received_at bigint not null,
      lag_ms bigint not null default 0
    ) with (fillfactor = 50)`,
    `create index series_of_service on nightshift.series (environment, service, metric)`,
    `create table nightshift.points (
      series bigint not null,
      at bigint not null,
      value double precision not null,
      histogram text,
      primary key (series, at)
    )`,
    `create table nightshift.log_templates (
      id bigint generated always as identity primary key,
      key text not null unique,
      source text not null,
      environment text not null,
      service text not null,
      level text not null,
      template text not null,
      sample text not null,
      created_at bigint not null,
      received_at bigint not null
    ) with (fillfactor = 70)`,
    `create index log_templates_of_service on nightshift.log_templates (environment, service)`,
    `create table nightshift.log_counts (
      template bigint not null,
      at bigint not null,
      lines bigint not null,
      primary key (template, at)
    ) with (fillfactor = 70)`,
    `create index log_counts_by_time on nightshift.log_counts (at)`,
    // caller '': as the called service saw it.
    `create table nightshift.call_edges (
      id bigint generated always as identity primary key,
      key text not null unique,
      environment text not null,
      caller text not null,
      callee text not null,
      created_at bigint not null,
      received_at bigint not null
    ) with (fillfactor = 70)`,
    `create index call_edges_of_caller on nightshift.call_edges (environment, caller)`,
    `create index call_edges_of_callee on nightshift.call_edges (environment, callee)`,
    `create table nightshift.call_counts (
      edge bigint not null,
      at bigint not null,
      requests bigint not null,
      failed bigint not null,
      duration_ms double precision not null,
      longest_ms double precision not null,
      primary key (edge, at)
    ) with (fillfactor = 70)`,
    `create index call_counts_by_time on nightshift.call_counts (at)`,
    `create table nightshift.builds (
      id text primary key,
      environment text not null,
      service text not null,
      name text not null,
      ended_at bigint not null,
      body text not null
    )`,
    `create index builds_of_service on nightshift.builds (environment, service, ended_at)`,
    `create index builds_by_time on nightshift.builds (ended_at)`,
    `create index changes_by_time on nightshift.changes (at)`,
    `create table nightshift.archive_refusals (
      environment text not null,
      service text not null,
      reason text not null,
      refused bigint not null,
      first_at bigint not null,
      last_at bigint not null,
      primary key (environment, service, reason)
    ) with (fillfactor = 70)`,
    // Deliveries of lines and calls, which would be counted twice when they are sent again.
    `create table nightshift.archive_deliveries (id text primary key, received_at bigint not null)`,
    `create index archive_deliveries_by_time on nightshift.archive_deliveries (received_at)`,
  ],
};
