import type { Migration } from '../migrate';

/** What would have been done beside what people did, a row for each round; and what each round was judged by, so that it can be judged again. Times are epoch milliseconds. */
export const shadow: Migration = {
  id: '0017-shadow',
  olderReads: true,
  statements: [
    `create table nightshift.shadow_ledger (
      incident_id text not null,
      round integer not null,
      environment text not null,
      suspect text not null,
      cause text not null,
      runbook text not null,
      answer text not null,
      wrong text,
      at bigint not null,
      body text not null,
      primary key (incident_id, round)
    )`,
    `create index shadow_ledger_by_time on nightshift.shadow_ledger (at desc)`,
    `create index shadow_ledger_wrong on nightshift.shadow_ledger (environment, cause, at desc) where wrong is not null`,
    `create table nightshift.judged_rounds (
      incident_id text not null,
      round integer not null,
      body text not null,
      primary key (incident_id, round)
    )`,
  ],
};
