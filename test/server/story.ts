import type { Alert } from '../../domain/alert';
import type { IncidentView } from '../../domain/incident-view';
import type { ApiClient } from '../../cli/client';
import type { Harness } from './harness';
import { until } from './until';

/** Milliseconds that a story may take on a busy machine. */
export const PATIENCE = 60_000;

/** Waits until a service has been measured for so long that there is a normal to compare with. */
export async function settled(h: Harness, service: string, ms = 7_000): Promise<void> {
  await until(
    async () => {
      const now = Date.now();
      const samples = await h.store.samples.read('test', service, now - 60_000, now);
      return samples[0] !== undefined && samples[0].at < now - ms ? true : undefined;
    },
    `${service} has been measured for ${String(ms)} ms`,
    PATIENCE,
  );
}

/** Deploys the bad release and waits for the proposal. */
export async function proposed(h: Harness, service: string, release = '1.5.0'): Promise<IncidentView> {
  await settled(h, service);
  h.practice(service).deploy(release, 'ana');
  return h.incident(service, (v) => v.status === 'awaiting-approval', PATIENCE);
}

/** Approves what an incident proposes, and waits for `ready`. */
export async function approved(h: Harness, ben: ApiClient, asked: IncidentView, ready = (v: IncidentView) => v.status === 'resolved'): Promise<IncidentView> {
  await ben.decide(asked.incidentId, { verdict: 'approve', proposal: asked.proposal?.proposal.digest ?? '' });
  return h.incident(asked.service, ready, PATIENCE);
}

/** Kinds of an incident's entries, in order. */
export async function kinds(h: Harness, view: IncidentView): Promise<string[]> {
  return (await h.api.timeline(view.incidentId)).map((entry) => entry.kind);
}

/** Puts an alert past the door, straight to the workflow: for messages that a test must time itself. */
export async function signal(h: Harness, view: IncidentView, alerts: readonly Partial<Alert>[]): Promise<void> {
  await h.client.workflow.getHandle(view.workflowId).signal(
    'alerts',
    alerts.map((fields, at) => ({
      ...{ id: `signal-${String(Date.now())}-${String(at)}`, fingerprint: 'fp-signal', status: 'firing', source: 'generic', environment: 'test' },
      ...{ service: view.service, name: 'QueueLong', severity: 'sev3', summary: 'the queue is long', startsAt: new Date().toISOString(), labels: {} },
      ...fields,
    })),
  );
}

/** Bytes of the largest payload in a history, as it was sent. */
export function largestPayload(history: string): number {
  let largest = 0;
  const look = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(look);
    if (typeof value !== 'object' || value === null) return;
    const { data, metadata } = value as { data?: unknown; metadata?: unknown };
    if (typeof data === 'string' && metadata !== undefined) largest = Math.max(largest, Buffer.from(data, 'base64').length);
    Object.values(value).forEach(look);
  };
  look(JSON.parse(history));
  return largest;
}
