import { NightshiftError } from '../../domain/errors';
import type { IncidentView } from '../../domain/incident-view';
import type { IncidentFilter, IncidentReader } from '../../ports/store';
import type { Db } from './database';
import { parsed } from './json';

const MAX_LIMIT = 500;

/** The projection by pages, newest incident first; limits over 500 are cut to it. */
export function incidentReader(db: Db): IncidentReader {
  return {
    list: (filter) => list(db, filter),
    get: async (incidentId) => {
      const row = await db.selectFrom('incidents').select('body').where('incident_id', '=', incidentId).executeTakeFirst();
      return row && parsed<IncidentView>(row.body);
    },
    lastClosed: async (environment, service) => {
      const row = await db
        .selectFrom('incidents')
        .select('body')
        .where('environment', '=', environment)
        .where('service', '=', service)
        .where('closed_at', 'is not', null)
        .orderBy('closed_at', 'desc')
        .orderBy('opened_at', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row && parsed<IncidentView>(row.body);
    },
  };
}

async function list(db: Db, filter: IncidentFilter): Promise<{ incidents: IncidentView[]; next?: string }> {
  const limit = checkedLimit(filter.limit);
  // One more than asked for tells whether there is a next page.
  const rows = await filtered(db, filter)
    .orderBy('opened_at', 'desc')
    .orderBy('incident_id')
    .limit(limit + 1)
    .execute();
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const next = rows.length > limit && last ? { next: writeCursor(last.opened_at, last.incident_id) } : {};
  return { incidents: page.map((row) => parsed<IncidentView>(row.body)), ...next };
}

function filtered(db: Db, { status, open, service, environment, severity, cursor }: IncidentFilter) {
  let query = db.selectFrom('incidents').select(['opened_at', 'incident_id', 'body']);
  if (status) query = query.where('status', 'in', status.length > 0 ? status : ['']);
  if (open !== undefined) query = query.where('status', open ? '<>' : '=', 'resolved');
  if (service !== undefined) query = query.where('service', '=', service);
  if (environment !== undefined) query = query.where('environment', '=', environment);
  if (severity) query = query.where('severity', 'in', severity.length > 0 ? severity : ['']);
  if (cursor === undefined) return query;
  const [openedAt, incidentId] = readCursor(cursor);
  return query.where((eb) => eb.or([eb('opened_at', '<', openedAt), eb.and([eb('opened_at', '=', openedAt), eb('incident_id', '>', incidentId)])]));
}

function checkedLimit(limit: number): number {
  if (!Number.isInteger(limit) || limit < 1) {
    throw new NightshiftError('invalid_input', 'The page size must be a whole number from 1 up.', [{ path: 'limit', message: 'not a whole number from 1 up' }]);
  }
  return Math.min(limit, MAX_LIMIT);
}

function writeCursor(openedAt: number, incidentId: string): string {
  return Buffer.from(JSON.stringify([openedAt, incidentId])).toString('base64url');
}

function readCursor(cursor: string): [number, string] {
  try {
    const [openedAt, incidentId, ...rest] = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as unknown[];
    if (Number.isSafeInteger(openedAt) && typeof incidentId === 'string' && rest.length === 0) return [openedAt as number, incidentId];
  } catch {
    // Falls through to the same answer as for any other cursor that we did not write.
  }
  throw new NightshiftError('invalid_input', 'The cursor is not one that a page before gave. Start again without it.', [
    { path: 'cursor', message: 'not a cursor of ours' },
  ]);
}
