import type { Environment } from '../../config/types';
import { NightshiftError } from '../../domain/errors';
import type { ClusterOptions } from './cluster';
import { postgresPrograms } from './postgres';

/** The programs of a cluster, as the set-up found them. Throws `unreachable` with what is missing and how to get it. */
export function clusterPrograms({
  NIGHTSHIFT_TEMPORAL_CLI: cli,
  NIGHTSHIFT_TEMPORAL_PROGRAMS: temporal,
  PATH: path = '',
}: Environment): ClusterOptions['programs'] {
  const missing = (what: string): NightshiftError => new NightshiftError('unreachable', what);
  const postgres = postgresPrograms(path);
  if (postgres === undefined)
    throw missing('PostgreSQL is not installed: its programs initdb, postgres, psql and pg_isready are needed (Debian: apt-get install postgresql).');
  if (!cli || !temporal)
    throw missing('The programs of the Temporal server are not known: use `npm run cluster` or `npm run bench`, which find or build them.');
  return { cli, temporal, postgres };
}
