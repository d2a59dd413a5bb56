import type { AuditRecord } from '../domain/audit';
import type { EvidenceBundle } from '../domain/evidence';
import type { IncidentView } from '../domain/incident-view';
import type { SignalHistory } from '../domain/signals';
import { anomaliesOf } from '../domain/detection/anomaly-ids';
import type { Client, Picture } from './client';

/** Everything about one incident that the page shows. */
export interface Whole {
  readonly view: IncidentView;
  readonly timeline: readonly AuditRecord[];
  readonly evidence: EvidenceBundle | undefined;
  readonly signals: SignalHistory | undefined;
  /** Of the anomalies that the alerts come from. */
  readonly pictures: readonly Picture[];
  /** When the signals were asked for last, epoch milliseconds. */
  readonly signalsAt: number;
}

/** Signals are asked for at most this often. */
const LEAST_SIGNALS_MS = 4_000;
/** Pictures on the page. */
const MOST_PICTURES = 4;

/** Loads an incident; of what was there `before` only what can have changed is asked for again. */
export async function loadIncident(client: Client, id: string, before: Whole | undefined, now: number): Promise<Whole> {
  const view = await client.incident(id);
  const known = before?.view.version === view.version ? before : undefined;
  const [history, timeline, evidence, pictures] = await Promise.all([
    signalsOf(client, id, before, now),
    known?.timeline ?? client.timeline(id),
    known?.evidence ?? (isGathering(view) ? before?.evidence : client.evidence(id)),
    picturesOf(client, view, before?.pictures ?? []),
  ]);
  return { view, timeline, evidence, pictures, ...history };
}

/** A picture never changes, so that each is asked for once; they help, and an answer must not wait for them. */
async function picturesOf(client: Client, view: IncidentView, before: readonly Picture[]): Promise<readonly Picture[]> {
  const wanted = anomaliesOf(view.alerts).slice(0, MOST_PICTURES);
  const asked = async (id: string): Promise<Picture | undefined> =>
    before.find(({ anomaly }) => anomaly === id) ?? (await client.picture(id).catch(() => undefined));
  const found = await Promise.all(wanted.map(asked));
  return found.filter((picture) => picture !== undefined);
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
