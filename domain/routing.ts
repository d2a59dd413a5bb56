import type { Alert } from './alert';
import { findService, type Inventory } from './inventory';
import { HEARTBEAT_SOURCE } from './heartbeat';
import { heartbeatWorkflowId, incidentWorkflowId, UNROUTED, unroutedWorkflowId } from './identity';

/** Where an alert belongs. */
export interface AlertRoute {
  readonly workflow: 'incident' | 'heartbeat';
  readonly workflowId: string;
  readonly environment: string;
  /** Name of the inventory's service, or `unrouted`. */
  readonly service: string;
  /** Only while it runs: what goes there is of other services, and must not start it. */
  readonly mustRun?: true;
}

/** Where an alert comes from, as text: all alerts of one place go to one workflow. */
export function placeOf({ environment, service, source }: Pick<Alert, 'environment' | 'service' | 'source'>): string {
  return `${environment}/${service}/${source}`;
}

/** The incident workflow of an alert: its service's where the inventory knows it, else the one of its environment and source. */
export function routeAlert(inventory: Inventory, alert: Pick<Alert, 'environment' | 'service' | 'source'>): AlertRoute {
  const { environment } = alert;
  if (alert.source === HEARTBEAT_SOURCE) return { workflow: 'heartbeat', workflowId: heartbeatWorkflowId(environment), environment, service: alert.service };
  const workflow = 'incident';
  return findService(inventory, environment, alert.service)
    ? { workflow, workflowId: incidentWorkflowId(environment, alert.service), environment, service: alert.service }
    : { workflow, workflowId: unroutedWorkflowId(environment, alert.source), environment, service: UNROUTED };
}
