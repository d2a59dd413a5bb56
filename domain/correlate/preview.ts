import type { CallMap } from './call-map';
import { decide } from './decide';
import type { CorrelateSettings, Member } from './types';
import { World } from './world';

/** An incident as it was. Times are epoch milliseconds. */
export interface PastIncident {
  readonly incidentId: string;
  /** Infinity while it is open. */
  readonly endedAt: number;
}

/** An alert of the past that went to an incident. */
export interface PastAlert {
  /** `conditionKey`. */
  readonly key: string;
  readonly environment: string;
  readonly member: Member;
  /** When it came. */
  readonly at: number;
  /** Service whose incident it went to. */
  readonly wentTo: string;
  readonly incident: PastIncident;
}

/** An incident that would have been made of several services. */
export interface Merge {
  readonly environment: string;
  readonly service: string;
  readonly at: number;
  /** Incidents that there were instead, or this one where it was so. */
  readonly incidents: readonly string[];
  readonly joined: readonly { readonly service: string; readonly alert: string; readonly at: number; readonly reason: string }[];
}

/** Two incidents that would have named each other. */
export interface PreviewRelation {
  readonly environment: string;
  readonly service: string;
  readonly other: string;
  readonly at: number;
  readonly reason: string;
}

/** What rules would have made of alerts of the past. */
export interface Preview {
  readonly alerts: number;
  readonly incidentsThen: number;
  readonly incidentsNow: number;
  /** Conditions that would have gone to the incident of another service than they did. */
  readonly changed: number;
  readonly merges: readonly Merge[];
  readonly related: readonly PreviewRelation[];
}

interface Sketch {
  readonly home: string;
  readonly at: number;
  endsAt: number;
  readonly incidents: Set<string>;
  readonly joined: { service: string; alert: string; at: number; reason: string }[];
}

/**
 * Runs rules over alerts of the past, oldest first. An incident lasts until the last of those that its alerts went to has ended; that a remediation would have kept alerts out is not
 * known of the past, and is left aside.
 */
export class PreviewRun {
  private readonly worlds = new Map<string, World>();
  private readonly open = new Map<string, Sketch>();
  private readonly holders = new Map<string, string>();
  private readonly then = new Set<string>();
  private readonly merges: Merge[] = [];
  private readonly related: PreviewRelation[] = [];
  private opened = 0;
  private alerts = 0;
  private changed = 0;

  constructor(
    private readonly settings: CorrelateSettings,
    private readonly maps: ReadonlyMap<string, CallMap>,
  ) {}

  /** The next alert. */
  take(alert: PastAlert): void {
    this.alerts += 1;
    this.endUntil(alert.at);
    const { environment, member } = alert;
    const world = this.worlds.get(environment) ?? new World([]);
    this.worlds.set(environment, world);
    if (member.firing) this.then.add(alert.incident.incidentId);
    const own = workflowOf(environment, member.service);
    const holder = this.holders.get(alert.key);
    if (holder !== undefined && this.open.has(holder)) return this.goOn(holder, alert, world);
    if (!member.firing) return;
    const map = this.maps.get(environment);
    const decision = this.open.has(own) || !map || !this.settings.enabled ? undefined : decide(member, world.all(), { map, settings: this.settings });
    const workflowId = decision?.kind === 'joins' ? decision.incident.workflowId : own;
    const sketch = this.open.get(workflowId) ?? this.begin(workflowId, alert);
    if (decision?.kind === 'joins') sketch.joined.push({ service: member.service, alert: member.name, at: alert.at, reason: decision.reason });
    for (const { incident, reason } of decision?.relates ?? [])
      this.related.push({ environment, service: sketch.home, other: incident.service, at: alert.at, reason });
    if (sketch.home !== alert.wentTo) this.changed += 1;
    this.holders.set(alert.key, workflowId);
    this.goOn(workflowId, alert, world);
  }

  /** What came of it. */
  result(): Preview {
    this.endUntil(Infinity);
    const { alerts, changed, opened: incidentsNow, merges, related } = this;
    return { alerts, incidentsThen: this.then.size, incidentsNow, changed, merges: [...merges].sort((a, b) => a.at - b.at), related };
  }

  private begin(workflowId: string, { member, at }: PastAlert): Sketch {
    this.opened += 1;
    const sketch: Sketch = { home: member.service, at, endsAt: at, incidents: new Set(), joined: [] };
    this.open.set(workflowId, sketch);
    return sketch;
  }

  private goOn(workflowId: string, { environment, member, incident }: PastAlert, world: World): void {
    const sketch = this.open.get(workflowId);
    if (!sketch) return;
    sketch.endsAt = Math.max(sketch.endsAt, incident.endedAt);
    sketch.incidents.add(incident.incidentId);
    world.take({ workflowId, environment, service: sketch.home, openedAt: sketch.at }, member);
  }

  private endUntil(at: number): void {
    for (const [workflowId, sketch] of this.open) {
      if (sketch.endsAt >= at && at !== Infinity) continue;
      const { environment } = parsedWorkflow(workflowId);
      this.open.delete(workflowId);
      this.worlds.get(environment)?.drop(workflowId);
      if (sketch.joined.length > 0)
        this.merges.push({ environment, service: sketch.home, at: sketch.at, incidents: [...sketch.incidents], joined: sketch.joined });
    }
  }
}

/** A name of its own: no workflow is meant. */
function workflowOf(environment: string, service: string): string {
  return JSON.stringify([environment, service]);
}

function parsedWorkflow(id: string): { readonly environment: string } {
  const [environment] = JSON.parse(id) as [string, string];
  return { environment };
}
