import type { Alert, AlertNote } from './alert';
import type { IncidentState } from './incident-state';
import { STATE_LIMITS } from './incident-state';
import { SEVERITIES } from './names';
import type { Severity } from './names';

/** What a batch of alerts did to an incident. */
export interface Joined {
  /** Conditions not seen before. */
  readonly added: readonly AlertNote[];
  /** Conditions that fire again after they had ended. */
  readonly refired: readonly AlertNote[];
  /** Conditions that ended. */
  readonly ended: readonly AlertNote[];
  /** Messages that the incident had taken in before. */
  readonly duplicates: number;
}

/** Takes alerts into the incident: dedupes by id, joins by fingerprint, keeps the worst severity. Changes `state`. */
export function joinAlerts(state: IncidentState, alerts: readonly Alert[], dedupeSize: number): Joined {
  const added: AlertNote[] = [];
  const refired: AlertNote[] = [];
  const ended: AlertNote[] = [];
  let duplicates = 0;
  for (const alert of alerts) {
    if (state.seen.includes(alert.id)) {
      duplicates += 1;
      continue;
    }
    state.seen.push(alert.id);
    state.alertCount += 1;
    const note = noteOf(alert);
    const known = state.alerts.find((a) => a.fingerprint === alert.fingerprint);
    if (known && isOlder(note, known)) continue;
    if (known) state.alerts.splice(state.alerts.indexOf(known), 1, note);
    else if (alert.status === 'firing') state.alerts.push(note);
    if (alert.status === 'firing' && !known) added.push(note);
    if (alert.status === 'firing' && known?.status === 'resolved') refired.push(note);
    if (alert.status === 'resolved' && known?.status === 'firing') ended.push(note);
    if (alert.status === 'firing') state.severity = worst(state.severity, alert.severity);
  }
  state.seen.splice(0, Math.max(0, state.seen.length - dedupeSize));
  forgetOldest(state);
  return { added, refired, ended, duplicates };
}

/** Conditions that still hold. */
export function firing(state: IncidentState): readonly AlertNote[] {
  return state.alerts.filter((a) => a.status === 'firing');
}

/** The worse of two severities. */
export function worst(a: Severity, b: Severity): Severity {
  return SEVERITIES.indexOf(a) <= SEVERITIES.indexOf(b) ? a : b;
}

function noteOf(alert: Alert): AlertNote {
  return {
    fingerprint: alert.fingerprint,
    name: alert.name,
    source: alert.source,
    status: alert.status,
    severity: alert.severity,
    summary: alert.summary.slice(0, 300),
    startsAt: alert.startsAt,
    ...(alert.signal === undefined ? {} : { signal: alert.signal }),
  };
}

/** A message that left before one that we know already says nothing new: sources deliver out of order. */
function isOlder(note: AlertNote, known: AlertNote): boolean {
  if (note.startsAt !== known.startsAt) return note.startsAt < known.startsAt;
  return known.status === 'resolved' && note.status === 'firing';
}

function forgetOldest(state: IncidentState): void {
  while (state.alerts.length > STATE_LIMITS.alerts) {
    const ended = state.alerts.findIndex((a) => a.status === 'resolved');
    state.alerts.splice(Math.max(0, ended), 1);
  }
}
