import type { Migration } from '../migrate';

/** Messages that could not be read (`body` is Base64 of the gzip of their bytes), and signed messages that were taken in. Times are epoch milliseconds. */
export const setAside: Migration = {
  id: '0004-set-aside',
  olderReads: true,
  statements: [
    `create table nightshift.set_aside (
      id text primary key,
      source text not null,
      received_at bigint not null,
      why text not null,
      size integer not null,
      sender text not null,
      headers text not null,
      body text not null
    )`,
    `create index set_aside_received on nightshift.set_aside (received_at)`,
    `create table nightshift.seen_messages (
      source text not null,
      message text not null,
      until bigint not null,
      primary key (source, message)
    )`,
    `create index seen_messages_until on nightshift.seen_messages (until)`,
  ],
};
