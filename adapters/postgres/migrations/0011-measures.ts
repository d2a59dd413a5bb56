import type { Migration } from '../migrate';

/** Judged rows of services in chunks: the rows of `row_ms` milliseconds that end in the 60 of them up to `ends_at`. Of an hour that is under way the row is written each minute, and no index with it. */
export const measures: Migration = {
  id: '0011-measures',
  olderReads: true,
  statements: [
    `create table nightshift.measure_chunks (
      environment text not null, service text not null, row_ms bigint not null, ends_at bigint not null, body bytea not null,
      primary key (environment, service, row_ms, ends_at))`,
    `create index measure_chunks_by_time on nightshift.measure_chunks (ends_at)`,
  ],
};
