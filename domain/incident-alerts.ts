import type { Alert, AlertNote } from './alert';
import { clipBytes, shortId } from './byte-size';
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
  /** Conditions that had not ended as far as we know, and are said to have begun anew: many sources never tell an end. */
  readonly renewed: readonly AlertNote[];
  /** Conditions that ended. */
  readonly ended: readonly AlertNote[];
  /** Services that had nothing in the incident before, and joined it. */
  readonly services: readonly string[];
  /** Messages that the incident had taken in before. */
  readonly duplicates: number;
}

/** Takes alerts into the incident: dedupes by id (of services that join, each its own ids), joins by service and fingerprint, keeps the worst severity. Changes `state`. */
export function joinAlerts(state: IncidentState, alerts: readonly Alert[], dedupeSize: number): Joined {
  const added: AlertNote[] = [];
  const refired: AlertNote[] = [];
  const renewed: AlertNote[] = [];
  const ended: AlertNote[] = [];
  const before = new Set(state.alerts.map(({ service }) => service));
  let duplicates = 0;
  for (const alert of alerts) {
    const id = seenAs(alert);
    if (state.seen.includes(id)) {
      duplicates += 1;
      continue;
    }
    state.seen.push(id);
    state.alertCount += 1;
    const known = state.alerts.find((note) => isOf(note, alert, state.service));
    const note = noteOf(alert, state.service, known);
    if (known && isOlder(note, known)) continue;
    if (known) state.alerts.splice(state.alerts.indexOf(known), 1, note);
    else if (alert.status === 'firing') state.alerts.push(note);
    if (alert.status === 'firing' && !known) added.push(note);
    if (alert.status === 'firing' && known?.status === 'resolved') refired.push(note);
    if (alert.status === 'firing' && known?.status === 'firing' && note.startsAt > known.startsAt) renewed.push(note);
    if (alert.status === 'resolved' && known?.status === 'firing') ended.push(note);
    if (alert.status === 'firing') state.severity = worst(state.severity, alert.severity);
  }
  state.seen.splice(0, Math.max(0, state.seen.length - dedupeSize));
  forgetOldest(state);
  return { added, refired, renewed, ended, services: newServices(added, before), duplicates };
}

/** Services may use one id for different things; those of the incident's own stay as they are remembered. */
function seenAs({ id, service, joins }: Alert): string {
  return shortId(joins === undefined ? id : JSON.stringify([service, id]));
}

function newServices(added: readonly AlertNote[], before: ReadonlySet<string | undefined>): readonly string[] {
  const found = added.flatMap(({ service, joined }) => (service === undefined || joined === undefined || before.has(service) ? [] : [service]));
  return [...new Set(found)];
}

/** Conditions that still hold. */
export function firing(state: Pick<IncidentState, 'alerts'>): readonly AlertNote[] {
  return state.alerts.filter((a) => a.status === 'firing');
}

/** Conditions that ended as no data of them comes any more: whether they are well is not known. */
export function silent(state: Pick<IncidentState, 'alerts'>): readonly AlertNote[] {
  return state.alerts.filter((a) => a.status === 'resolved' && a.noData === true);
}

/** Conditions that are not known to be well: those that hold, and then those of which no data comes. */
export function unsettled(state: IncidentState): readonly AlertNote[] {
  return [...firing(state), ...silent(state)];
}

/** Every condition is known to have ended; no data is unknown, never well. */
export function healed(state: IncidentState): boolean {
  return unsettled(state).length === 0;
}

/** Nothing fires any more, and of some of it no data comes: no end can be waited for. */
export function blind(state: IncidentState): boolean {
  return firing(state).length === 0 && silent(state).length > 0;
}

/** Severity of the gravest condition of the incident's own that holds. */
export function gravest(state: Pick<IncidentState, 'alerts'>): Severity {
  return firing(state)
    .filter(({ joined }) => joined === undefined)
    .reduce<Severity>((found, { severity }) => worst(found, severity), 'sev4');
}

/** When the first condition of its own began that is graver than all that the last round knew, epoch milliseconds; undefined where none holds. */
export function graverSince({ alerts, known }: Pick<IncidentState, 'alerts' | 'known'>): number | undefined {
  const graver = known === undefined ? [] : firing({ alerts }).filter((note) => note.joined === undefined && worst(known, note.severity) !== known);
  return graver.length === 0 ? undefined : Math.min(...graver.map(({ startsAt }) => Date.parse(startsAt)));
}

/** The worse of two severities. */
export function worst(a: Severity, b: Severity): Severity {
  return SEVERITIES.indexOf(a) <= SEVERITIES.indexOf(b) ? a : b;
}

/** Name of a condition, with its service where that is not the incident's own. */
export function conditionName(note: AlertNote): string {
  return note.service === undefined ? note.name : `${note.name} on ${note.service}`;
}

/** One line about a condition that fires. */
export function firesText(note: AlertNote): string {
  return `${conditionName(note)} fires: ${note.summary}`;
}

/** One line about a condition that joins an open incident, with the reason. */
export function joinsText(note: AlertNote): string {
  return `${firesText(note)} (joins, as ${joinsWhy(note)})`;
}

/** Why a condition joins an open incident. */
export function joinsWhy(note: AlertNote): string {
  if (note.joined !== undefined) return note.joined;
  return note.service === undefined ? 'it is of the same service' : 'its service is in no configuration, like the others here';
}

/** Most bytes of a name and of a summary in a note. */
const NOTE_BYTES = { name: 120, summary: 300, joined: 400 } as const;

/** The end of a condition names no anomaly, and does not make the one that began it forgotten. */
function noteOf(alert: Alert, service: string, known: AlertNote | undefined): AlertNote {
  const anomaly = alert.anomaly ?? known?.anomaly;
  const joined = known?.joined ?? alert.joins;
  return {
    fingerprint: alert.fingerprint,
    name: clipBytes(alert.name, NOTE_BYTES.name),
    source: alert.source,
    status: alert.status,
    severity: alert.severity,
    summary: clipBytes(alert.summary, NOTE_BYTES.summary),
    startsAt: alert.startsAt,
    ...(alert.signal === undefined ? {} : { signal: alert.signal }),
    ...(anomaly === undefined ? {} : { anomaly }),
    ...(alert.status === 'resolved' && alert.noData === true ? { noData: true } : {}),
    ...(alert.shortage === undefined ? {} : { shortage: alert.shortage }),
    ...(alert.service === service ? {} : { service: alert.service }),
    ...(joined === undefined || alert.service === service ? {} : { joined: clipBytes(joined, NOTE_BYTES.joined) }),
  };
}

/** A message that left before one that we know already says nothing new: sources deliver out of order. */
function isOlder(note: AlertNote, known: AlertNote): boolean {
  if (note.startsAt !== known.startsAt) return note.startsAt < known.startsAt;
  return known.status === 'resolved' && note.status === 'firing';
}

/** The same condition: services may use one fingerprint for different things. What is of no known service is told apart by its fingerprint alone. */
function isOf(note: AlertNote, alert: Alert, own: string): boolean {
  if (note.fingerprint !== alert.fingerprint) return false;
  return note.joined === undefined && alert.joins === undefined ? true : (note.service ?? own) === alert.service;
}

/** What ended goes before what holds, and of both what joined from other services before the incident's own. */
function forgetOldest(state: IncidentState): void {
  const ended = (note: AlertNote): boolean => note.status === 'resolved' && note.noData !== true;
  const joined = (note: AlertNote): boolean => note.joined !== undefined;
  while (state.alerts.length > STATE_LIMITS.alerts) {
    const first = [(note: AlertNote) => joined(note) && ended(note), ended, joined].map((of) => state.alerts.findIndex(of)).find((i) => i >= 0);
    state.alerts.splice(first ?? 0, 1);
  }
}
