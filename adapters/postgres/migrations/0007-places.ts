import type { Migration } from '../migrate';

/** Where an alert comes from, so that what waits on purpose need not be read; null in rows of the version before. */
export const places: Migration = {
  id: '0007-places',
  olderReads: true,
  statements: [`alter table nightshift.inbox add column place text`],
};
