import type { Migration } from '../migrate';

/** Of the last attempt at an intent: the id that the other side gave it, and when it began (epoch milliseconds). */
export const attempts: Migration = {
  id: '0012-attempts',
  olderReads: true,
  statements: [`alter table nightshift.intents add column reference text`, `alter table nightshift.intents add column started_at bigint`],
};
