import type { WorkflowHandle } from '@temporalio/client';
import type { Stage } from '../../bench/stage/stage';
import type { StubService, StubWorld } from '../../bench/stage/world';
import type { IncidentView } from '../../domain/incident-view';

/** What a scenario plays with. */
export interface Play {
  readonly stage: Stage;
  readonly world: StubWorld;
}

/** Normal times long enough for a baseline, in milliseconds. */
const NORMAL_MS = 2_500;

/** A service in normal times, on which somebody then deploys a release that fails. */
export async function badRelease({ stage, world }: Play, name: string, release = '1.5.0'): Promise<StubService> {
  const service = await normal({ stage, world }, name);
  service.deploy(release, 'ana');
  return service;
}

/** A service whose baseline is there. */
export async function normal({ world }: Play, name: string): Promise<StubService> {
  await pause(NORMAL_MS);
  return world.service(name);
}

/** Waits until the incident of a service has a status, in a round. */
export function status({ stage }: Play, name: string, wanted: IncidentView['status'], round = 1): Promise<IncidentView> {
  return stage.seen(name, (view) => view.status === wanted && view.round >= round);
}

/** A person answers the open proposal at the HTTP door. */
export function decide({ stage }: Play, view: IncidentView, verdict: 'approve' | 'reject'): Promise<void> {
  const reason = verdict === 'reject' ? { reason: 'not during the sale' } : {};
  return stage.post(`/v1/incidents/${view.incidentId}/decide`, { verdict, proposal: view.proposal?.proposal.digest, ...reason });
}

/** A person does something else at the HTTP door. */
export function say({ stage }: Play, view: IncidentView, what: 'acknowledge' | 'take-over' | 'hand-back' | 'note' | 'resolve', note?: string): Promise<void> {
  return stage.post(`/v1/incidents/${view.incidentId}/${what}`, note === undefined ? {} : { note });
}

/** Waits for the end of a workflow. */
export async function ended({ stage }: Play, workflowId: string): Promise<void> {
  const handle: WorkflowHandle = stage.client.workflow.getHandle(workflowId);
  await handle.result();
}

/** A pause that belongs to the scenario, as normal times do. */
export async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}
