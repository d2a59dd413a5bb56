import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { WorkflowFailedError } from '@temporalio/client';
import type { WorkflowHandle } from '@temporalio/client';
import type { AwsActionName } from '../../../domain/actions/table';
import { specOf } from '../../../domain/actions/table';
import { errorMessage } from '../../../domain/errors';
import { remediationWorkflowId } from '../../../domain/identity';
import { findService, targetId } from '../../../domain/inventory';
import type { RemediationInput, RemediationResult } from '../../../domain/steps';
import type { LedgerEntry } from '../../../test/fakes/aws/ledger';
import { isRead } from '../../../test/fakes/aws/match';
import { OWN_ACCOUNT, REGION } from './config';
import { remediationOf, snapshotOf } from './intent';
import { judge } from './judge';
import type { Ended, Judgement } from './judge';
import type { Lane } from './lane';
import type { ActionPlan, AwsPlan, WorkerKill } from './plan';

/** What came of one action in a run. */
export interface ActionResult extends Judgement {
  readonly action: AwsActionName;
  readonly variant: string;
  readonly fate: Ended['fate'];
  readonly reason: string;
}

/** What came of one seed. */
export interface AwsRunResult {
  readonly seed: number;
  readonly focus: AwsActionName;
  /** What the focus had called last when the worker was killed: `service.Operation`, or `nothing`. */
  readonly killedAt: readonly string[];
  readonly actions: readonly ActionResult[];
  readonly seconds: number;
}

type Told = Pick<Ended, 'fate' | 'reason'>;

const LOOK_EVERY_MS = 4;
/** An intent that has not ended by then is stuck. */
const DEADLINE_MS = 60_000;
/** A workflow task that a killed worker had is given to another after this. */
const TASK_TIMEOUT = '2s';

/** Carries the actions of a plan out once, side by side, with what the plan has befall them, and judges them by the ledger. */
export async function runAwsSeed(lane: Lane, plan: AwsPlan): Promise<AwsRunResult> {
  const began = performance.now();
  const run = new Run(lane, plan);
  try {
    const actions = await run.toItsEnd();
    return { seed: plan.seed, focus: plan.focus, killedAt: run.killedAt, actions, seconds: (performance.now() - began) / 1000 };
  } finally {
    run.lift();
  }
}

class Run {
  readonly killedAt: string[] = [];
  readonly #lifts: (() => void)[] = [];
  #focusEnded = false;
  #ended = false;

  constructor(
    private readonly lane: Lane,
    private readonly plan: AwsPlan,
  ) {
    const { aws } = lane;
    for (const { on } of plan.actions) {
      aws.world.forget(on.account, REGION);
      on.variant.lay(aws.place(REGION, on.account));
    }
  }

  lift(): void {
    for (const lift of this.#lifts.splice(0)) lift();
  }

  async toItsEnd(): Promise<ActionResult[]> {
    const { actions } = this.plan;
    const inputs = await Promise.all(actions.map((each) => this.prepared(each)));
    this.lane.aws.ledger.clear();
    this.lane.aws.effects.clear();
    for (const each of actions) this.spoil(each);
    const begun = await Promise.all(actions.map(async (each, i) => ({ each, handle: await this.begin(inputs[i] as RemediationInput) })));
    const killing = this.kill(begun.map(({ handle }) => handle));
    const results = await Promise.all(begun.map(async ({ each, handle }) => this.judged(each, await this.endOf(each, handle))));
    this.#ended = true;
    await killing;
    return results;
  }

  private spoil({ on, faults, lagMs }: ActionPlan): void {
    const { aws } = this.lane;
    const { account } = on;
    for (const { of, ...fault } of faults) {
      const which = of === 'sessions' ? { service: 'sts', operation: 'AssumeRole', account: OWN_ACCOUNT } : { only: of, account };
      this.#lifts.push(aws.fault({ ...fault, ...which }));
    }
    if (lagMs > 0) this.#lifts.push(aws.lag({ account, ms: lagMs }));
  }

  private async prepared({ on }: ActionPlan): Promise<RemediationInput> {
    const { config, outlook } = this.lane;
    const service = findService(config, config.temporal.taskQueue, on.service);
    if (!service) throw new Error(`There is no service ${on.service}.`);
    const snapshot = snapshotOf(on);
    return remediationOf(service, { snapshot, outlook: await outlook(on, service, snapshot) }, { ...config.incidents, allowUnverified: true });
  }

  private async begin(input: RemediationInput): Promise<WorkflowHandle> {
    const { client, config } = this.lane;
    const { taskQueue } = config.temporal;
    const workflowId = remediationWorkflowId(targetId(input.proposal.target));
    return client.workflow.start('remediation', { workflowId, taskQueue, workflowTaskTimeout: TASK_TIMEOUT, args: [input] });
  }

  private async endOf({ on }: ActionPlan, handle: WorkflowHandle): Promise<Told> {
    const deadline = new AbortController();
    const late = delay(DEADLINE_MS, undefined, { signal: deadline.signal }).then(async (): Promise<Told> => {
      // The next seed needs its target.
      await handle.terminate('the deadline of the harness').catch(() => undefined);
      return { fate: 'open', reason: `it had not ended after ${String(DEADLINE_MS / 1000)} s` };
    });
    const told = await Promise.race([toldBy(handle), late]);
    deadline.abort();
    late.catch(() => undefined);
    this.#focusEnded ||= on.action === this.plan.focus;
    return told;
  }

  private async kill(handles: readonly WorkflowHandle[]): Promise<void> {
    for (const kill of this.plan.kills) {
      if (!(await this.reached(kill))) return;
      await delay(kill.delayMs);
      if (this.#ended) return;
      const last = this.focused()?.calls.at(-1);
      this.killedAt.push(last ? `${last.service}.${last.operation}` : 'nothing');
      // A worker that is gone would be waited for, as it had the workflow in its cache.
      await this.lane.kill(kill.pauseMs, async () => void (await Promise.all(handles.map((handle) => this.unstick(handle)))));
    }
  }

  /** Waits for the moment, or for the end of the focus; false where nothing is under way any more. */
  private async reached({ moment }: WorkerKill): Promise<boolean> {
    if (moment.at === 'time') return !this.#ended;
    while (!this.#focusEnded) {
      const { calls = [], effects = [] } = this.focused() ?? {};
      if (moment.at === 'call' ? calls.length >= moment.number : effects.length > 0) return true;
      await delay(LOOK_EVERY_MS);
    }
    return !this.#ended;
  }

  private async unstick({ workflowId }: WorkflowHandle): Promise<void> {
    const { connection, options } = this.lane.client;
    await connection.workflowService.resetStickyTaskQueue({ namespace: options.namespace, execution: { workflowId } }).catch(() => undefined);
  }

  private focused(): ReturnType<Run['seen']> | undefined {
    const focus = this.plan.actions.find(({ on }) => on.action === this.plan.focus);
    return focus && this.seen(focus);
  }

  /** Calls for one action, all effects on its service, and those of its kinds. */
  private seen({ on }: ActionPlan) {
    const { ledger, effects } = this.lane.aws;
    const ours = ({ account }: Pick<LedgerEntry, 'account'>): boolean => account === on.account;
    const everything = effects.entries.filter(ours);
    return { calls: ledger.entries.filter(ours), everything, effects: everything.filter(({ kind }) => kind in on.variant.effects) };
  }

  /** For whoever looks into it: what was called, and what happened. */
  private keep(found: { readonly seed: number; readonly plan: ActionPlan; readonly [more: string]: unknown }): void {
    const name = `seed-${String(found.seed)}-${found.plan.on.service}.json`;
    writeFileSync(join(this.lane.dir, name), `${JSON.stringify(found, null, 2)}\n`);
  }

  private judged(each: ActionPlan, told: Told): ActionResult {
    const { on, faults, lagMs } = each;
    const { action, variant } = on;
    const { calls, effects, everything } = this.seen(each);
    const wanted = variant.effects;
    const count = (kind: string | undefined): number => everything.filter((effect) => effect.kind === kind).length;
    const found = Object.fromEntries(Object.keys(wanted).map((kind) => [kind, count(kind) - count(variant.undoneBy?.[kind])]));
    const judgement = judge({
      ...{ ...told, wanted, found, safe: specOf(action).again === 'safe', denied: faults.some(({ effect }) => effect === 'deny') },
      lookedAt: calls.findLast(({ service, operation }) => service !== 'sts' && isRead(operation))?.at ?? 0,
      ...(effects.length > 0 && { visibleAt: Math.max(...effects.map(({ at }) => at)) + lagMs }),
    });
    if (judgement.why !== undefined) this.keep({ seed: this.plan.seed, plan: each, ...told, ...judgement, calls, effects });
    return { action, variant: variant.name, ...told, ...judgement };
  }
}

async function toldBy(handle: WorkflowHandle): Promise<Told> {
  try {
    const { kind, reason } = (await handle.result()) as RemediationResult;
    return { fate: kind === 'measured' ? 'done' : kind, reason };
  } catch (error) {
    if (error instanceof WorkflowFailedError) return { fate: 'broken', reason: causeOf(error) };
    return { fate: 'open', reason: errorMessage(error) };
  }
}

function causeOf(error: Error): string {
  return error.cause instanceof Error ? causeOf(error.cause) : error.message;
}
