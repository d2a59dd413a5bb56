import type { Alert } from '../../domain/alert';
import { digestOf } from '../../domain/digest';
import { incidentIdOf } from '../../domain/identity';
import { firing, joinAlerts } from '../../domain/incident-alerts';
import { announceJoined, enterJoined } from '../../domain/incident-joins';
import { confirm, enter, transitionOf } from '../../domain/incident-record';
import { newIncidentState, type IncidentState } from '../../domain/incident-state';
import { NightshiftError } from '../../domain/errors';
import { WORKFLOW_VERSIONS } from '../../domain/workflow-versions';
import type { AlertRoute } from '../../domain/routing';
import type { IncidentStarter } from '../../ports/incidents';
import type { TransitionStore } from '../../ports/store';

/** Incidents as their workflows keep them, by the domain's own functions, which write their views into a store. */
export class IncidentHouse implements IncidentStarter {
  readonly open = new Map<string, IncidentState>();
  readonly all: IncidentState[] = [];
  private runs = 0;

  constructor(
    private readonly transitions: TransitionStore,
    private readonly clock: { now(): number },
    /** Makes the ids of its incidents its own. */
    private readonly name = '',
  ) {}

  async deliver(route: AlertRoute, alerts: readonly Alert[]): Promise<void> {
    const { workflowId, environment, service } = route;
    if (route.mustRun === true && !this.open.has(workflowId)) throw new NightshiftError('not_found', `${workflowId} does not run.`);
    const state = this.open.get(workflowId) ?? this.begin(workflowId, environment, service);
    const joined = joinAlerts(state, alerts, 500);
    if (state.round === 0 && firing(state).length === 0) return void this.open.delete(workflowId);
    if (!this.all.includes(state)) this.all.push(state);
    const opens = state.round === 0;
    state.round = 1;
    enterJoined(state, this.clock.now(), joined, true);
    if (!opens) announceJoined(state, joined);
    await this.write(state);
  }

  /** Changes an incident as its workflow would, and writes it. */
  async change(workflowId: string, by: (state: IncidentState) => void): Promise<void> {
    const state = this.open.get(workflowId);
    if (!state) throw new Error(`${workflowId} is not open`);
    by(state);
    enter(state, this.clock.now(), 'nightshift', 'note', 'It was changed.');
    await this.write(state);
    if (state.status === 'resolved') this.open.delete(workflowId);
  }

  private begin(workflowId: string, environment: string, service: string): IncidentState {
    this.runs += 1;
    const runId = `0198f1c2-0000-7000-8000-${digestOf([this.name, this.runs]).slice(0, 12)}`;
    const state = newIncidentState({ incidentId: incidentIdOf(runId), workflowId, runId, environment, service, now: this.clock.now() });
    state.workflowVersion = WORKFLOW_VERSIONS.incident.written;
    this.open.set(workflowId, state);
    return state;
  }

  private async write(state: IncidentState): Promise<void> {
    const transition = transitionOf(state, this.clock.now());
    confirm(state, transition, await this.transitions.apply(transition));
  }
}
