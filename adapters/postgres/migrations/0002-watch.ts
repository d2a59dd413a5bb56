import type { Migration } from '../migrate';

/** `watched_at` (epoch milliseconds) is when the watcher saw an alert in an incident, or told people of it; alerts from before count as seen once Temporal has them. */
export const watch: Migration = {
  id: '0002-watch',
  olderReads: true,
  statements: [
    `alter table nightshift.inbox add column watched_at bigint`,
    `update nightshift.inbox set watched_at = received_at where workflow_id is not null`,
    `create index inbox_unwatched on nightshift.inbox (position) where watched_at is null`,
  ],
};
