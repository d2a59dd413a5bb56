import type { Alert } from '../../domain/alert';
import type { IncidentView } from '../../domain/incident-view';
import type { Proposal } from '../../domain/proposal';

/** An alert with a given id and service. */
export function sampleAlert(id: string, over: Partial<Alert> = {}): Alert {
  return {
    id,
    fingerprint: `fp-${id}`,
    status: 'firing',
    source: 'generic',
    environment: 'prod',
    service: 'bookshop',
    name: 'ErrorShareHigh',
    severity: 'sev2',
    summary: '7 % of requests fail',
    startsAt: '2026-03-01T09:30:00.000Z',
    labels: {},
    ...over,
  };
}

/** A proposal to roll the bookshop back. */
export function sampleProposal(incidentId: string, over: Partial<Proposal> = {}): Proposal {
  return {
    digest: 'd1'.repeat(32),
    incidentId,
    round: 1,
    environment: 'prod',
    service: 'bookshop',
    suspect: 'bookshop',
    hypothesis: 'H1',
    runbook: { id: 'rollback-release', version: 1, hash: 'a'.repeat(64), title: 'Roll a release back' },
    target: { provider: 'local', partition: 'local', account: 'here', region: 'here', kind: 'supervisor', id: 'bookshop' },
    parameters: { release: '1.4.0' },
    preview: ['deploy 1.4.0'],
    inverse: ['deploy 1.5.0'],
    risk: 'low',
    reversible: true,
    ...over,
  };
}

/** An incident that waits for an answer. */
export function sampleIncident(incidentId: string, over: Partial<IncidentView> = {}, proposal = sampleProposal(incidentId)): IncidentView {
  return {
    incidentId,
    workflowId: 'incident:prod:bookshop',
    runId: '0198f1c2-0000-7000-8000-000000000001',
    environment: 'prod',
    service: 'bookshop',
    title: 'Requests of bookshop fail',
    affected: 'customers who check out',
    severity: 'sev2',
    status: 'awaiting-approval',
    openedAt: '2026-03-01T09:30:00.000Z',
    updatedAt: '2026-03-01T09:31:00.000Z',
    alerts: [],
    alertCount: 1,
    round: 1,
    proposal: {
      proposal,
      policy: { mode: 'approve', reason: 'no rule: ask', quorum: 1, approvers: [], notAuthor: true, remindAfterMs: 1, expireAfterMs: 1, escalateTo: 'on-call' },
      expiresAt: '2026-03-01T10:31:00.000Z',
      approvals: [],
      state: 'open',
    },
    version: 3,
    ...over,
  };
}
