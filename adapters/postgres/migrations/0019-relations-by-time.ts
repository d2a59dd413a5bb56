import type { Migration } from '../migrate';

/** Relations are read of a time and forgotten by time; so are services that were split off. */
export const relationsByTime: Migration = {
  id: '0019-relations-by-time',
  olderReads: true,
  statements: [
    `create index incident_relations_time on nightshift.incident_relations (environment, service, at)`,
    `create index incident_relations_age on nightshift.incident_relations (at)`,
    `create index incident_splits_age on nightshift.incident_splits (at)`,
  ],
};
