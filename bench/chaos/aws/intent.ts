import { randomUUID } from 'node:crypto';
import { digestOf } from '../../../domain/digest';
import { incidentIdOf, incidentWorkflowId } from '../../../domain/identity';
import { transitionOf } from '../../../domain/incident-record';
import { newIncidentState } from '../../../domain/incident-state';
import type { Service } from '../../../domain/inventory';
import { buildProposal } from '../../../domain/propose';
import type { Runbook, RunbookSnapshot } from '../../../domain/runbook';
import type { IncidentSettings } from '../../../domain/settings';
import type { RemediationInput } from '../../../domain/steps';
import { WORKFLOW_VERSIONS } from '../../../domain/workflow-versions';
import { CASES } from './scenarios';
import type { Case } from './scenarios';

const STEP_MS = 20_000;

/** A runbook whose one step is the action; its effect is not measured. */
export function snapshotOf({ action, service, variant }: Case): RunbookSnapshot {
  const runbook: Runbook = {
    ...{ id: `chaos-${service}`, version: 1, title: action, description: `Does ${action}.` },
    ...{ causes: [], risk: 'low', reversible: false, parameters: {}, preconditions: [], probe: { settleMs: 0, windowMs: 1 } },
    steps: [{ id: 'do', name: action, uses: action, with: variant.inputs, timeoutMs: STEP_MS }],
  };
  return { hash: digestOf(runbook), runbook };
}

/** Every runbook that a seed may draw. */
export function allSnapshots(): RunbookSnapshot[] {
  return CASES.map(snapshotOf);
}

/** What a remediation is started with for a new incident of a service, approved by a person. */
export function remediationOf(
  service: Service,
  { snapshot, outlook }: { readonly snapshot: RunbookSnapshot; readonly outlook: readonly string[] },
  settings: IncidentSettings,
): RemediationInput {
  const { name, environment, hands } = service;
  if (!hands) throw new Error(`${name} has no hands.`);
  const runId = randomUUID();
  const [incidentId, workflowId, now] = [incidentIdOf(runId), incidentWorkflowId(environment, `${name}-${runId}`), Date.now()];
  const proposal = buildProposal({
    ...{ incidentId, round: 1, environment, service: name, suspect: name, hypothesis: 'H1' },
    ...{ runbook: snapshot, target: hands.target, parameters: {}, outlook },
  });
  const at = new Date(now).toISOString();
  const said = { incidentId, proposal: proposal.digest, verdict: 'approve', person: 'somebody', at, acceptBy: new Date(now + 60_000).toISOString() } as const;
  return {
    schemaVersion: WORKFLOW_VERSIONS.remediation.written,
    ...{ parentWorkflowId: workflowId, proposal, alerts: [], settings },
    decisions: [{ ...said, acceptedAt: at, via: 'signal' }],
    evidence: { digest: digestOf({}), ids: [], onset: now },
    transition: transitionOf(newIncidentState({ incidentId, workflowId, runId, environment, service: name, now }), now),
  };
}
