import { allHandlersFinished, condition, continueAsNew, setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import type { AuditHead } from '../domain/audit';
import { incidentIdOf } from '../domain/identity';
import { healed } from '../domain/incident-alerts';
import { incidentDetails } from '../domain/incident-details';
import { confirm, stillUntold, transitionOf } from '../domain/incident-record';
import { newIncidentState, STATE_LIMITS } from '../domain/incident-state';
import type { IncidentState } from '../domain/incident-state';
import type { Transition } from '../domain/incident-view';
import type { IncidentInput } from '../domain/steps';
import type { incident } from './incident';
import type { Mailbox } from './incident-handlers';
import { publishAttributes } from './search-attributes';
import { incidentActivities } from './support';

/** After so long what is known of a storm is written, though nothing else asks for it. */
const WRITTEN_AFTER_MS = 10_000;

/** What every phase of an incident shares: its state, its mailbox, waiting, and writing down. */
export class IncidentFlow {
  readonly state: IncidentState;
  readonly box: Mailbox = { urgent: false, relapsed: false, conditions: 0 };
  #published: string;
  /** Whether the view that was written last shows every alert as ended. */
  #shownHealed: boolean;

  constructor(readonly input: IncidentInput) {
    const info = workflowInfo();
    const { environment, service } = input;
    const runId = info.firstExecutionRunId;
    this.state =
      input.carried ??
      newIncidentState({ incidentId: incidentIdOf(runId), workflowId: info.workflowId, runId, environment, service, now: info.startTime.getTime() });
    this.state.workflowVersion ??= input.schemaVersion;
    this.#published = input.carried ? publishedOf(this.state) : '';
    this.#shownHealed = this.healed();
  }

  /** What a message claims is looked up before it is told. */
  get looksUp(): boolean {
    return this.input.schemaVersion >= 2;
  }

  /** Many conditions of one message are one entry. */
  get condenses(): boolean {
    return this.input.schemaVersion >= 3;
  }

  /** What is only foretold is waited for, and no watch goes on without a reason. */
  get standsBy(): boolean {
    return this.input.schemaVersion >= 4;
  }

  /** What policy and record allow is done without an answer. */
  get actsUnasked(): boolean {
    return this.input.schemaVersion >= 5;
  }

  /** An incident without a cause is looked at again when something graver comes. */
  get looksAgain(): boolean {
    return this.input.schemaVersion >= 5;
  }

  /** The end of all alerts, or their return, has not been written: who waits for it looks at the view. */
  get turned(): boolean {
    return this.input.schemaVersion >= 2 && this.healed() !== this.#shownHealed;
  }

  /** Every alert that came is known to have ended. */
  healed(): boolean {
    return healed(this.state);
  }

  /** Waits for `ready`, a person's wish or a full history; entries that people wait for are written meanwhile. */
  async until(ready: () => boolean): Promise<void> {
    const over = (): boolean => ready() || this.box.wish !== undefined || this.due() || this.large();
    for (;;) {
      this.#show();
      await condition(() => over() || this.storming());
      if (!over()) await condition(over, WRITTEN_AFTER_MS);
      if (!this.due() && !this.storming()) return;
      await this.flush();
    }
  }

  /** Entries should be written now: people wait for them, or they have become many. */
  due(): boolean {
    return this.box.urgent || Math.max(this.state.pending.length, this.box.conditions) >= STATE_LIMITS.pendingEntries;
  }

  /** Of a storm something is not written yet: its count is looked at, and nothing else may come for long. */
  private storming(): boolean {
    return this.box.conditions > 0 && this.state.alertCount > STATE_LIMITS.alerts;
  }

  /** Writes what the store does not have yet, in parts where it is much, and publishes what people filter by. */
  async flush(): Promise<void> {
    this.box.urgent = false;
    this.box.conditions = 0;
    this.#show();
    this.publish();
    const { quick } = this.input.settings.activity;
    const until = this.state.entries;
    this.#shownHealed = this.healed();
    const write = async (): Promise<void> => {
      const transition = transitionOf(this.state, Date.now());
      this.confirmed(transition, await incidentActivities(quick, `Record: ${this.state.status}`).record({ transition }));
    };
    while ((this.state.pending[0]?.seq ?? Infinity) <= until) await write();
    if (stillUntold(this.state)) await write();
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

  /** Goes on in a new execution when everything is written and every handler has ended. Returns when something came meanwhile that only this execution knows. */
  async continue(): Promise<void> {
    await this.flush();
    await condition(allHandlersFinished);
    if (this.box.wish || this.box.relapsed || this.due()) return;
    await continueAsNew<typeof incident>({ ...this.input, carried: this.state });
  }

  #show(): void {
    setCurrentDetails(incidentDetails(this.state));
  }
}

function publishedOf(state: IncidentState): string {
  return [state.status, state.severity, state.cause ?? '', state.asked?.proposal.runbook.id ?? ''].join('|');
}
