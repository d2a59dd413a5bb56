import type { Migration } from '../migrate';

/** When an event of the other side was last heard of what an attempt began, epoch milliseconds. */
export const heard: Migration = {
  id: '0013-heard',
  olderReads: true,
  statements: [
    `alter table nightshift.intents add column heard_at bigint`,
    `create index intents_reference on nightshift.intents (reference) where reference is not null`,
  ],
};
