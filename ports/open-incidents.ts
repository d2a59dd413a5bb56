import type { IncidentView } from '../domain/incident-view';
import type { IncidentReader } from './store';

/** Most of a page: views are large. */
const PAGE = 100;

/** Every open incident, a page of at most 100 at a time; each page is read when it is asked for. */
export async function* openIncidents(reader: Pick<IncidentReader, 'list'>): AsyncGenerator<readonly IncidentView[]> {
  let cursor: string | undefined;
  do {
    const { incidents, next } = await reader.list({ open: true, limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
    yield incidents;
    cursor = next;
  } while (cursor !== undefined);
}
