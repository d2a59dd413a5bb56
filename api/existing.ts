import { NightshiftError } from '../domain/errors';
import type { IncidentView } from '../domain/incident-view';
import type { ApiDeps } from './types';

/** The incident of that id. Throws `not_found`. */
export async function existingIncident(deps: Pick<ApiDeps, 'store'>, id: string): Promise<IncidentView> {
  const view = await deps.store.incidents.get(id);
  if (!view) throw new NightshiftError('not_found', `There is no incident ${id}.`);
  return view;
}
