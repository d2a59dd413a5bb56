import { allHandlersFinished, condition, continueAsNew, setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import type { AuditHead } from '../domain/audit';
import { incidentIdOf } from '../domain/identity';
import { firing } from '../domain/incident-alerts';
import { incidentDetails } from '../domain/incident-details';
import { confirm, transitionOf } from '../domain/incident-record';
import { newIncidentState } from '../domain/incident-state';
import type { IncidentState } from '../domain/incident-state';
import type { Transition } from '../domain/incident-view';
import type { IncidentInput } from '../domain/steps';
import type { incident } from './incident';
import type { Mailbox } from './incident-handlers';
import { publishAttributes } from './search-attributes';
import { incidentActivities } from './support';

/** What every phase of an incident shares: its state, its mailbox, waiting, and writing down. */
export class IncidentFlow {
  readonly state: IncidentState;
  readonly box: Mailbox = { urgent: false, relapsed: false };
  #published: string;

  constructor(readonly input: IncidentInput) {
    const info = workflowInfo();
    const { environment, service } = input;
    const runId = info.firstExecutionRunId;
    this.state =
      input.carried ??
      newIncidentState({ incidentId: incidentIdOf(runId), workflowId: info.workflowId, runId, environment, service, now: info.startTime.getTime() });
    this.#published = input.carried ? publishedOf(this.state) : '';
  }

  /** Every alert that came has ended. */
  healed(): boolean {
    return firing(this.state).length === 0;
  }

  /** Waits for `ready`, a person's wish or a full history; entries that people wait for are written meanwhile. */
  async until(ready: () => boolean): Promise<void> {
    for (;;) {
      this.#show();
      await condition(() => ready() || this.box.wish !== undefined || this.box.urgent || this.large());
      if (!this.box.urgent) return;
      await this.flush();
    }
  }

  /** Writes what the store does not have yet, and publishes what people filter by. */
  async flush(): Promise<void> {
    this.box.urgent = false;
    this.#show();
    this.publish();
    if (this.state.pending.length === 0) return;
    const transition = transitionOf(this.state, Date.now());
    const { quick } = this.input.settings.activity;
    this.confirmed(transition, await incidentActivities(quick, `Record: ${this.state.status}`).record({ transition }));
  }

  /** Another activity carried the transition along. */
  confirmed(sent: Transition, head: AuditHead): void {
    confirm(this.state, sent, head);
  }

  /** `verifying` is not published: it lasts as long as one measurement, and each upsert is billed. */
  publish(): void {
    if (this.state.status !== 'verifying') this.#published = publishAttributes(this.state, this.#published, publishedOf(this.state));
  }

  /** The history should be cut. */
  large(): boolean {
    const info = workflowInfo();
    return info.continueAsNewSuggested || info.historyLength >= this.input.settings.maxHistoryEvents;
  }

  /** Goes on in a new execution: everything is written, and every handler has ended. */
  async continue(): Promise<void> {
    await this.flush();
    await condition(allHandlersFinished);
    await continueAsNew<typeof incident>({ ...this.input, carried: this.state });
  }

  #show(): void {
    setCurrentDetails(incidentDetails(this.state));
  }
}

function publishedOf(state: IncidentState): string {
  return [state.status, state.severity, state.cause ?? '', state.asked?.proposal.runbook.id ?? ''].join('|');
}
