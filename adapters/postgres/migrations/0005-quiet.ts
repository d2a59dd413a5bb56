import type { Migration } from '../migrate';

/**
 * An alert that is held back has the workflow id `held`, with why and until when (epoch milliseconds); one that was folded has `quiet:` and the reason. `outbox.hold` is what a
 * message waits for: the id of a silence, or `unsteady`. The version before takes both for delivered; its watcher tells people of what is held, so that nothing is lost by a roll back.
 */
export const quiet: Migration = {
  id: '0005-quiet',
  olderReads: true,
  statements: [
    `alter table nightshift.inbox add column held_until bigint`,
    `alter table nightshift.inbox add column held_why text`,
    `create index inbox_held on nightshift.inbox (held_until) where workflow_id = 'held'`,
    `create index inbox_unwatched_free on nightshift.inbox (position) where watched_at is null and workflow_id is distinct from 'held'`,
    `create index inbox_folded on nightshift.inbox (workflow_id) where workflow_id like 'quiet:%'`,
    `create table nightshift.quiet_conditions (key text primary key, environment text not null, service text not null, body text not null)`,
    `create index quiet_conditions_of_service on nightshift.quiet_conditions (environment, service)`,
    `create table nightshift.silences (id text primary key, origin text not null, ends_at bigint not null, body text not null)`,
    `create index silences_by_end on nightshift.silences (ends_at)`,
    `alter table nightshift.outbox add column hold text`,
    `create index outbox_held on nightshift.outbox (hold) where hold is not null and state = 'waiting'`,
  ],
};
