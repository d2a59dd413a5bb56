import type { IncidentReason, IncidentView } from '../../domain/incident-view';
import type { IncidentNotification } from '../../domain/notification';

/** Digest of the sample's proposal. */
export const SAMPLE_DIGEST = 'd1'.repeat(32);
/** Id of the sample incident. */
export const SAMPLE_ID = 'inc-abcdefgh23456723';

/** An incident that waits for approval of a rollback; parts can be replaced. */
export function sampleView(over: Partial<IncidentView> = {}): IncidentView {
  return { ...HEAD, diagnosis: DIAGNOSIS, proposal: PROPOSAL, ...over };
}

/** A notification of the sample incident. */
export function sampleNotification(reason: IncidentReason, over: Partial<IncidentNotification> = {}): IncidentNotification {
  const view = over.view ?? sampleView();
  return { id: `${view.incidentId}/1/${reason}`, incidentId: view.incidentId, reason, round: 1, at: '2026-11-20T14:05:00.000Z', view, ...over };
}

const HEAD: IncidentView = {
  incidentId: SAMPLE_ID,
  workflowId: 'incident:demo:bookshop',
  runId: '0190c0de-0000-7000-8000-000000000000',
  environment: 'demo',
  service: 'bookshop',
  title: 'Checkout fails for a quarter of the requests',
  affected: 'customers of bookshop who check out, about 30 a minute',
  severity: 'sev2',
  status: 'awaiting-approval',
  openedAt: '2026-11-20T14:02:00.000Z',
  updatedAt: '2026-11-20T14:05:00.000Z',
  alerts: [
    {
      fingerprint: 'f1',
      name: 'ErrorShareHigh',
      source: 'detector',
      status: 'firing',
      severity: 'sev2',
      summary: 'error share 25 % is above 0.05',
      startsAt: '2026-11-20T14:02:00.000Z',
      signal: 'errorShare',
    },
  ],
  alertCount: 2,
  round: 1,
  cause: 'bad-release',
  version: 6,
};

const DIAGNOSIS: NonNullable<IncidentView['diagnosis']> = {
  verdict: 'determined',
  hypotheses: [
    {
      id: 'H1',
      cause: 'bad-release',
      title: 'release 1.5.0 broke the checkout',
      score: 0.92,
      supporting: ['E01', 'E02', 'E03', 'E06'],
      contradicting: ['E05'],
      suspect: 'bookshop',
      runbook: 'rollback-release',
    },
  ],
  ruledOut: [
    { title: 'payments failing', reason: 'it answered normally', evidence: ['E04'] },
    { title: 'memory', reason: 'no resource above 80 %', evidence: ['E05'] },
  ],
  unknown: ['the logs of payments could not be read'],
  evidenceDigest: 'e'.repeat(64),
  evidence: {
    E01: 'error share rose from 0 to 0.25',
    E02: 'deployment of 1.5.0 by ana, 8 s before',
    E03: 'new error "no handle free"',
    E04: 'payments healthy',
    E05: 'memory at 40 %',
    E06: 'handles full',
  },
  onset: '2026-11-20T14:01:40.000Z',
};

const PROPOSAL: NonNullable<IncidentView['proposal']> = {
  proposal: {
    digest: SAMPLE_DIGEST,
    incidentId: SAMPLE_ID,
    round: 1,
    environment: 'demo',
    service: 'bookshop',
    suspect: 'bookshop',
    hypothesis: 'H1',
    runbook: { id: 'rollback-release', version: 1, hash: 'b'.repeat(64), title: 'Roll the release back', about: 'Deploys an earlier release again.' },
    target: { provider: 'local', partition: 'local', account: 'bookshop-local', region: 'local', kind: 'service', id: 'bookshop' },
    parameters: { from: '1.5.0', to: '1.4.0' },
    preview: ['deploy release 1.4.0 on bookshop'],
    inverse: ['deploy release 1.5.0 on bookshop'],
    risk: 'medium',
    reversible: true,
    author: 'ana',
  },
  policy: {
    mode: 'approve',
    reason: 'No rule speaks of this, so a person is asked.',
    quorum: 1,
    approvers: ['anyone with the role approver'],
    notAuthor: false,
    remindAfterMs: 1_800_000,
    expireAfterMs: 259_200_000,
    escalateTo: 'on-call',
  },
  expiresAt: '2026-11-23T14:05:00.000Z',
  approvals: [],
  state: 'open',
};
