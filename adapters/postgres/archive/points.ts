import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import { NightshiftError } from '../../../domain/errors';
import type { MetricPoint } from '../../../domain/telemetry';
import type { PointReader, PointValue, Series } from '../../../ports/archive';
import type { Db } from '../database';
import { parsed } from '../json';
import type { SeriesTable } from './tables';

/** Most points of one answer: about 200 MB. */
const MOST_POINTS = 1_000_000;

/** Reads series and their points. */
export function pointReader(db: Db): PointReader {
  return {
    series: async ({ environment, service, metric, labels = {}, createdSince, receivedSince, after = 0, limit }) => {
      let query = db.selectFrom('series').selectAll().where('id', '>', after);
      if (environment !== undefined) query = query.where('environment', '=', environment);
      if (service !== undefined) query = query.where('service', '=', service);
      if (metric !== undefined) query = query.where('metric', '=', metric);
      if (createdSince !== undefined) query = query.where('created_at', '>=', createdSince);
      if (receivedSince !== undefined) query = query.where('received_at', '>=', receivedSince);
      for (const [name, value] of Object.entries(labels)) query = query.where(sql<string>`(labels::json ->> ${name})`, '=', value);
      const rows = await query.orderBy('id').limit(limit).execute();
      return rows.map(seriesOf);
    },
    read: async (series, from, to) => {
      const { rows } = await sql<{ series: number; at: number; value: number; histogram: string | null }>`
        select series, at, value, histogram from nightshift.points
        where series = any(${[...series]}::bigint[]) and at >= ${Math.ceil(from)} and at <= ${Math.floor(to)}
        order by series, at limit ${MOST_POINTS + 1}`.execute(db);
      if (rows.length > MOST_POINTS) {
        throw new NightshiftError('too_large', `More than ${String(MOST_POINTS)} points lie in that time; ask for fewer series or a shorter time.`);
      }
      const found = new Map<number, PointValue[]>();
      for (const { series: id, at, value, histogram } of rows) {
        const point: PointValue = histogram === null ? { at, value } : { at, value, histogram: parsed<NonNullable<MetricPoint['histogram']>>(histogram) };
        const list = found.get(id);
        if (list) list.push(point);
        else found.set(id, [point]);
      }
      return found;
    },
  };
}

function seriesOf(row: Selectable<SeriesTable>): Series {
  return {
    ...{ id: row.id, source: row.source, environment: row.environment, service: row.service, metric: row.metric },
    kind: row.kind as MetricPoint['kind'],
    ...(row.unit !== '' && { unit: row.unit }),
    labels: parsed<Record<string, string>>(row.labels),
    counts: {
      ...{ createdAt: row.created_at, points: row.points, late: row.late, duplicates: row.duplicates, corrected: row.corrected, ahead: row.ahead },
      ...{ unitChanges: row.unit_changes, first: row.first_at ?? row.created_at, last: row.last_at ?? row.created_at },
      ...{ receivedAt: row.received_at, lagMs: row.lag_ms },
    },
  };
}
