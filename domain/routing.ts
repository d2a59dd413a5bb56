import type { Alert } from './alert';
import { findService, type Inventory } from './inventory';
import { incidentWorkflowId, UNROUTED, unroutedWorkflowId } from './identity';

/** Where an alert belongs. */
export interface AlertRoute {
  readonly workflowId: string;
  readonly environment: string;
  /** Name of the inventory's service, or `unrouted`. */
  readonly service: string;
}

/** The incident workflow of an alert: its service's where the inventory knows it, else the one of its environment and source. */
export function routeAlert(inventory: Inventory, alert: Alert): AlertRoute {
  const { environment } = alert;
  return findService(inventory, environment, alert.service)
    ? { workflowId: incidentWorkflowId(environment, alert.service), environment, service: alert.service }
    : { workflowId: unroutedWorkflowId(environment, alert.source), environment, service: UNROUTED };
}
