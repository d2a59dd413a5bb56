import type { Migration } from '../migrate';

/** How far groups of services are judged (`epoch` counts who took a group over; only the last one writes), and what is known of each service, base64 of gzip. */
export const detection: Migration = {
  id: '0008-detection',
  olderReads: true,
  statements: [
    `create table nightshift.detection_groups (name text primary key, epoch bigint not null, judged_to bigint)`,
    `create table nightshift.detection_checkpoints (service text primary key, judged_to bigint not null, body text not null)`,
  ],
};
