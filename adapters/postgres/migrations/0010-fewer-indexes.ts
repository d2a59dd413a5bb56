import type { Migration } from '../migrate';

/** Every alert that comes in, is delivered or is settled costs an entry in each index of the inbox: of this one all is in `inbox_unwatched_free` or `inbox_held`. The version before is slower without it. */
export const fewerIndexes: Migration = {
  id: '0010-fewer-indexes',
  olderReads: true,
  statements: [`drop index nightshift.inbox_unwatched`],
};
