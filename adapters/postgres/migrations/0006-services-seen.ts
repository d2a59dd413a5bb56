import type { Migration } from '../migrate';

/** Services that alerts and changes told of and the configuration does not have; times are epoch milliseconds. */
export const servicesSeen: Migration = {
  id: '0006-services-seen',
  olderReads: true,
  statements: [
    `create table nightshift.services_seen (
      environment text not null, service text not null, first_seen bigint not null, last_seen bigint not null,
      alerts boolean not null default false, changes boolean not null default false, primary key (environment, service))`,
  ],
};
