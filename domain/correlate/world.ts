import type { Alert, AlertNote } from '../alert';
import type { IncidentStatus } from '../names';
import type { Member, OpenIncident } from './types';

/** Why an incident takes alerts of its own service only, as the end of a sentence; undefined while it takes others. */
export function closedTo(status: IncidentStatus, acted: boolean): string | undefined {
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
    this.incidents = new Map(incidents.map((incident) => [incident.workflowId, incident]));
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
    this.incidents.set(incident.workflowId, { ...known, members: [...others, member] });
  }
}
