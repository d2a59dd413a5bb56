import { setTimeout as delay } from 'node:timers/promises';
import { errorCode, errorMessage } from '../../domain/errors';
import type { IncidentView } from '../../domain/incident-view';
import type { Call, Lane } from './lane';
import { observe } from './observe';
import type { Observed, Since } from './observe';
import { STAGES } from './plan';
import type { Kill, Plan, Victim } from './plan';

/** What came of one seed. */
export interface RunResult {
  readonly seed: number;
  /** The incident was opened and is resolved, and the ledger shows a rollback or restart. */
  readonly completed: boolean;
  /** Rollbacks and restarts that took effect. */
  readonly effects: number;
  /** Stages as they were seen in the moment of the kill. */
  readonly killed: readonly { readonly stage: Observed['stage']; readonly victim: Victim }[];
  readonly seconds: number;
  /** Why it did not complete. */
  readonly why?: string;
}

const LOOK_EVERY_MS = 30;
/** An incident that is not resolved by then is lost. */
const GIVE_UP_MS = 120_000;

/** Brings the fault of a plan about, answers as the person who is asked, kills what the plan says, and tells what came of it; a part that does not come back is told as such. */
export async function runSeed(lane: Lane, plan: Plan): Promise<RunResult> {
  const began = performance.now();
  let run: Run | undefined;
  let found: { readonly effects: number; readonly why?: string };
  try {
    await lane.well();
    run = new Run(lane, plan, { at: Date.now(), calls: (await lane.calls())?.length ?? 0 });
    const end = await run.toItsEnd();
    const effects = await effectsOf(lane, end.calls);
    found = { effects, ...optionalWhy(faultOf(end, effects)) };
  } catch (error) {
    found = { effects: 0, why: errorMessage(error) };
  }
  return { seed: plan.seed, completed: found.why === undefined, killed: run?.killed ?? [], seconds: (performance.now() - began) / 1000, ...found };
}

function optionalWhy(why: string | undefined): { readonly why?: string } {
  return why === undefined ? {} : { why };
}

class Run {
  readonly killed: { stage: Observed['stage']; victim: Victim }[] = [];
  #kills: readonly Kill[];
  /** The cache was emptied by a kill, and is being filled again. */
  #filling = false;
  #last: Observed | undefined;
  /** Digests that were answered, or are being answered. */
  readonly #answered = new Set<string>();

  constructor(
    private readonly lane: Lane,
    private readonly plan: Plan,
    private readonly since: Since,
  ) {
    this.#kills = plan.kills;
  }

  async toItsEnd(): Promise<Observed> {
    await this.lane.inject(this.plan.fault);
    const until = Date.now() + GIVE_UP_MS;
    for (;;) {
      const seen = await this.look();
      if (seen.stage === 'ended' || Date.now() > until) return seen;
      const kill = this.#kills[0];
      const killsFirst = kill?.stage === 'awaiting-approval';
      if (kill && rank(seen.stage) >= rank(kill.stage)) await this.kill(kill);
      else if (seen.stage === 'awaiting-approval' && !killsFirst) this.answer(seen.view);
      else await delay(LOOK_EVERY_MS);
    }
  }

  private async look(): Promise<Observed> {
    const digest = this.#last?.view?.proposal?.proposal.digest;
    this.#last = await observe(this.lane, this.since, digest !== undefined && this.#answered.has(digest), this.#last);
    if (this.#filling && this.#last.calls.length > 0) {
      this.#filling = false;
      await this.lane.endCrawl();
    }
    return this.#last;
  }

  private async kill(kill: Kill): Promise<void> {
    this.#kills = this.#kills.slice(1);
    await delay(kill.delayMs);
    const { stage, calls } = await this.look();
    if (stage === 'ended') return;
    this.killed.push({ stage, victim: kill.victim });
    await this.lane.kill(kill);
    // What fills the cache does not go away because the process was started again; but it must not fill the one that the remedy empties.
    const healed = this.plan.fault === 'memory-leak' && (kill.victim === 'supervisor' || kill.victim === 'everything') && calls.length === 0;
    if (!healed) return;
    await this.lane.inject('memory-leak');
    this.#filling = true;
  }

  private answer(view: IncidentView | undefined): void {
    const digest = view?.proposal?.proposal.digest;
    if (!view || digest === undefined || this.#answered.has(digest)) return;
    this.#answered.add(digest);
    void this.lane
      .api()
      .then((api) => api.decide(view.incidentId, { verdict: 'approve', proposal: digest }))
      .catch((error: unknown) => {
        // The person sees that it was not taken, and says it again.
        if (errorCode(error) !== 'stale_proposal' && errorCode(error) !== 'conflict') this.#answered.delete(digest);
      });
  }
}

function rank(stage: Observed['stage']): number {
  return stage === 'ended' ? STAGES.length : STAGES.indexOf(stage);
}

/** A call took effect when it is done, and an interrupted one when the service was altered by it: a restart always, as whatever ended it ended the process too. */
async function effectsOf(lane: Lane, calls: readonly Call[]): Promise<number> {
  const altered = (await lane.altered()) ?? new Set();
  return calls.filter((call) => call.state === 'done' || altered.has(call.id) || (call.state === 'interrupted' && call.kind === 'restart')).length;
}

function faultOf({ view }: Observed, effects: number): string | undefined {
  if (!view) return 'no incident was opened';
  if (view.status !== 'resolved') return `the incident ${view.incidentId} is ${view.status}: ${view.reason ?? 'no reason'}`;
  if (effects === 0) return `the incident ${view.incidentId} is resolved, and nothing was done: ${errorMessage(view.outcome?.summary ?? '')}`;
  return effects === 1 ? undefined : `the service was altered ${String(effects)} times`;
}
