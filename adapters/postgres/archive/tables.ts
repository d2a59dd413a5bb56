import type { Generated } from 'kysely';

/** A series with its counters; see the migration 0003. */
export interface SeriesTable {
  id: Generated<number>;
  key: string;
  source: string;
  environment: string;
  service: string;
  metric: string;
  kind: string;
  unit: string;
  labels: string;
  created_at: number;
  points: Generated<number>;
  late: Generated<number>;
  duplicates: Generated<number>;
  corrected: Generated<number>;
  ahead: Generated<number>;
  unit_changes: Generated<number>;
  first_at: number | null;
  last_at: number | null;
  received_at: number;
  lag_ms: Generated<number>;
}

/** A template of log lines. */
export interface LogTemplateTable {
  id: Generated<number>;
  key: string;
  source: string;
  environment: string;
  service: string;
  level: string;
  template: string;
  sample: string;
  created_at: number;
  received_at: number;
}
