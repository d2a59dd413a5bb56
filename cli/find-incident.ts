import { NightshiftError } from '../domain/errors';
import type { IncidentView } from '../domain/incident-view';
import type { ApiClient } from './client';

/** How the commands tell what they find an incident by. */
export const INCIDENT_ID = "id of the incident, or the beginning of an open one's";

const FULL = /^inc-[a-z2-7]{16}$/;
const PAGE = 100;

/** Whether a name is a whole incident id and not only the beginning of one. */
export function isWholeId(name: string): boolean {
  return FULL.test(name);
}

/**
 * The incident that a person names: by its whole id, or by a beginning that only one open incident has (with or without `inc-`).
 * Throws `not_found`, or `invalid_input` with the candidates when several fit.
 */
export async function findIncident(client: ApiClient, name: string): Promise<IncidentView> {
  const wanted = name.trim().toLowerCase();
  if (isWholeId(wanted)) return client.incident(wanted);
  if (!/^(inc-)?[a-z2-7]+$/.test(wanted)) {
    throw new NightshiftError('invalid_input', "An incident is named by its id, such as inc-abcdefgh23456723, or by the beginning of an open one's id.");
  }
  const prefix = wanted.startsWith('inc-') ? wanted : `inc-${wanted}`;
  const fitting = (await openIncidents(client)).filter((view) => view.incidentId.startsWith(prefix));
  const [only, second] = fitting;
  if (only === undefined)
    throw new NightshiftError(
      'not_found',
      `No open incident's id begins with "${prefix}". A closed one needs its whole id; see "nightshift incident list --all".`,
    );
  if (second !== undefined)
    throw new NightshiftError('invalid_input', `"${prefix}" could be ${fitting.map((view) => view.incidentId).join(' or ')}; give more of the id.`);
  return only;
}

async function openIncidents(client: ApiClient): Promise<readonly IncidentView[]> {
  const found: IncidentView[] = [];
  let cursor: string | undefined;
  do {
    const page = await client.incidents({ open: true, limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
    found.push(...page.incidents);
    cursor = page.next;
  } while (cursor !== undefined);
  return found;
}
