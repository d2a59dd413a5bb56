import type { Alert, AlertNote } from '../alert';
import { STATE_LIMITS } from '../incident-state';
import type { IncidentStatus } from '../names';
import type { Member, OpenIncident } from './types';

/** Workflows from this version on understand alerts that join. */
const JOINS_SINCE = 5;
/** Conditions of its own service that an incident is compared by: it remembers no more of them itself. */
const MOST_OWN = STATE_LIMITS.alerts;

/** Why an incident takes alerts of its own service only, as the end of a sentence; undefined while it takes others. */
export function closedTo({
  status,
  acted,
  version,
}: {
  readonly status: IncidentStatus;
  readonly acted: boolean;
  readonly version?: number;
}): string | undefined {
  if (version === undefined || version < JOINS_SINCE) return 'it was opened by a version that takes alerts of its own service alone';
  if (acted || status === 'remediating' || status === 'verifying') return 'its remediation has begun';
  return status === 'watching' || status === 'resolved' ? 'nothing is broken there any more' : undefined;
}

/** What an incident remembers of an alert, as correlation sees it; its labels are not known any more. */
export function memberOf(note: AlertNote, home: string): Member {
  const { fingerprint, source, name, signal, severity, status, startsAt, service = home } = note;
  const began = Date.parse(startsAt);
  return { fingerprint, source, name, severity, service, firing: status === 'firing', startsAt: began, ...(signal === undefined ? {} : { signal }) };
}

/** An alert as correlation sees it; `receivedAt` is epoch milliseconds, and no condition begins after its message came. */
export function memberOfAlert(alert: Alert, receivedAt: number): Member {
  const { service, fingerprint, source, name, signal, severity, status, labels } = alert;
  const began = Date.parse(alert.startsAt);
  const startsAt = Number.isNaN(began) ? receivedAt : Math.min(began, receivedAt);
  return { service, fingerprint, source, name, severity, startsAt, firing: status === 'firing', labels, ...(signal === undefined ? {} : { signal }) };
}

/** The open incidents of one environment while alerts are routed one after the other: what one opens or joins, the next one sees. */
export class World {
  private readonly incidents: Map<string, OpenIncident>;

  constructor(incidents: readonly OpenIncident[]) {
    this.incidents = new Map(incidents.map((incident) => [incident.workflowId, { ...incident, members: bounded(incident.members, incident.service) }]));
  }

  get(workflowId: string): OpenIncident | undefined {
    return this.incidents.get(workflowId);
  }

  all(): readonly OpenIncident[] {
    return [...this.incidents.values()];
  }

  /** An incident has ended. */
  drop(workflowId: string): void {
    this.incidents.delete(workflowId);
  }

  /** An incident opens, or a condition of one begins, begins anew or ends. */
  take(incident: Omit<OpenIncident, 'members' | 'split'>, member: Member): void {
    const known = this.incidents.get(incident.workflowId) ?? { ...incident, split: [], members: [] };
    const others = known.members.filter((each) => each.service !== member.service || each.fingerprint !== member.fingerprint);
    this.incidents.set(incident.workflowId, { ...known, members: bounded([...others, member], known.service) });
  }
}

/** Of very many conditions of its own service the newest that fire; those that joined are bounded where they join. */
function bounded(members: readonly Member[], service: string): readonly Member[] {
  let own = members.filter((member) => member.service === service).length;
  if (own <= MOST_OWN) return members;
  const over = new Set<Member>();
  for (const member of [...members.filter(({ firing }) => !firing), ...members.filter(({ firing }) => firing)]) {
    if (own <= MOST_OWN) break;
    if (member.service !== service) continue;
    over.add(member);
    own -= 1;
  }
  return members.filter((member) => !over.has(member));
}
