import type { OutboxChannel } from '../../../adapters/postgres/transitions';
import type { Alert } from '../../../domain/alert';
import type { AuditEntry } from '../../../domain/audit';
import type { IncidentView, Transition } from '../../../domain/incident-view';

/** Noon of some day, epoch milliseconds: the tests' beginning of time. */
export const NOON = Date.UTC(2026, 0, 5, 12);

/** ISO time so many seconds after noon. */
export function at(seconds: number): string {
  return new Date(NOON + seconds * 1000).toISOString();
}

/** An entry; the same number always has the same content. */
export function entry(seq: number, over: Partial<AuditEntry> = {}): AuditEntry {
  return { seq, at: at(seq), actor: 'nightshift', kind: 'note', summary: `entry ${seq}`, data: { seq, nested: { b: 1, a: [true, null] } }, ...over };
}

/** A projection of an incident. */
export function view(incidentId: string, version: number, over: Partial<IncidentView> = {}): IncidentView {
  return {
    incidentId,
    workflowId: `incident:prod:${incidentId}`,
    runId: 'run',
    environment: 'prod',
    service: 'bookshop',
    title: 'Checkout fails',
    affected: 'buyers',
    severity: 'sev2',
    status: 'open',
    openedAt: at(0),
    updatedAt: at(version),
    alerts: [],
    alertCount: 0,
    round: 1,
    version,
    ...over,
  };
}

/** A transition with the entries `from` to `to`. */
export function transition(incidentId: string, from: number, to: number, over: Partial<Transition> = {}, viewOver: Partial<IncidentView> = {}): Transition {
  const records = Array.from({ length: to - from + 1 }, (_, i) => entry(from + i));
  return { incidentId, records, view: view(incidentId, to, viewOver), ...over };
}

/** An alert. */
export function alert(id: string, over: Partial<Alert> = {}): Alert {
  return {
    id,
    fingerprint: `f-${id}`,
    status: 'firing',
    source: 'generic',
    environment: 'prod',
    service: 'bookshop',
    name: 'ErrorShareHigh',
    severity: 'sev2',
    summary: 'errors',
    startsAt: at(0),
    labels: {},
    ...over,
  };
}

/** The channels of the stores under test: one takes everything, one escalations only. */
export const CHANNELS: readonly OutboxChannel[] = [
  { channel: 'terminal' },
  { channel: 'pager', on: ['escalated'] },
  { channel: 'guests', on: ['opened'], serves: ({ service }) => service === 'guest' },
];

let incidents = 0;

/** The id of an incident that no other test of the file uses. */
export function incident(): string {
  incidents += 1;
  return `inc-${incidents.toString().padStart(16, '0')}`;
}
