import type { AuditRecord } from '../domain/audit';
import type { EvidenceBundle } from '../domain/evidence';
import type { IncidentView } from '../domain/incident-view';
import type { SignalHistory } from '../domain/signals';
import type { Client } from './client';

/** Everything about one incident that the page shows. */
export interface Whole {
  readonly view: IncidentView;
  readonly timeline: readonly AuditRecord[];
  readonly evidence: EvidenceBundle | undefined;
  readonly signals: SignalHistory | undefined;
  /** When the signals were asked for last, epoch milliseconds. */
  readonly signalsAt: number;
}

/** Signals are asked for at most this often. */
const LEAST_SIGNALS_MS = 4_000;

/** Loads an incident; of what was there `before` only what can have changed is asked for again. */
export async function loadIncident(client: Client, id: string, before: Whole | undefined, now: number): Promise<Whole> {
  const view = await client.incident(id);
  const known = before?.view.version === view.version ? before : undefined;
  const [history, timeline, evidence] = await Promise.all([
    signalsOf(client, id, before, now),
    known?.timeline ?? client.timeline(id),
    known?.evidence ?? (isGathering(view) ? before?.evidence : client.evidence(id)),
  ]);
  return { view, timeline, evidence, ...history };
}

/** Whether a round is so young that it has no evidence yet. */
function isGathering(view: IncidentView): boolean {
  return view.status === 'open' || view.status === 'triaged';
}

async function signalsOf(client: Client, id: string, before: Whole | undefined, now: number): Promise<Pick<Whole, 'signals' | 'signalsAt'>> {
  const due = (before?.signalsAt ?? -Infinity) + Math.max(LEAST_SIGNALS_MS, before?.signals?.stepMs ?? 0);
  if (before !== undefined && now < due) return before;
  // Plots help; an answer must not wait for them.
  const signals = await client.signals(id).catch(() => before?.signals);
  return { signals, signalsAt: now };
}
