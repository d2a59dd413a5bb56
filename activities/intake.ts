import { errorCode, errorMessage } from '../domain/errors';
import type { Inventory } from '../domain/inventory';
import type { Clock } from '../ports/clock';
import type { IncidentStarter } from '../ports/incidents';
import type { Inbox } from '../ports/store';
import type { ArrivalRate } from './arrival-rate';
import type { Gate } from './gate';
import type { Correlator } from './correlation';
import { chunksOf, lanesBy, lanesOf, placesOf, type Lane } from './intake-lanes';
import { Pace, type PaceSettings } from './intake-pace';

/** Where the dispatcher tells of trouble and of its end. */
export interface DispatcherLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/** Limits and pauses of the dispatcher; times in milliseconds. */
export interface DispatcherSettings {
  /** Alerts read at once. Those of workflows that rest, are delivered to or cannot be reached are not read, so that they hold up nobody else. */
  readonly window: number;
  readonly chunk: { readonly alerts: number; readonly bytes: number };
  /**
   * Between two looks, as intake waits while the inbox is read: `ms` after one that read so many alerts, or while many come in, and `leastMs` after others; never less than so many
   * times what the look took, as one at a long backlog takes long.
   */
  readonly breath: { readonly alerts: number; readonly ms: number; readonly leastMs: number; readonly times: number };
  /** Workflows that are delivered to at the same time. */
  readonly lanes: number;
  /** Looks again without a kick, for alerts that another process took in. */
  readonly pollMs: number;
  readonly retry: { readonly firstMs: number; readonly maxMs: number };
  /** How long the alerts of one workflow gather while they storm in. */
  readonly storm: PaceSettings;
  /** From so many alerts a second at this process on, taking them in goes first: those of a storm gather for longer. */
  readonly busy: { readonly perSecond: number; readonly pauseMs: number };
}

/** Defaults of the dispatcher. */
export const DISPATCHER_DEFAULTS: DispatcherSettings = {
  window: 4_000,
  // No payload of a history is to be over 64 KiB.
  chunk: { alerts: 400, bytes: 48 * 1024 },
  breath: { alerts: 200, ms: 200, leastMs: 20, times: 10 },
  lanes: 16,
  pollMs: 2_000,
  retry: { firstMs: 200, maxMs: 15_000 },
  storm: { alerts: 4, pauseMs: 2_000 },
  busy: { perSecond: 400, pauseMs: 10_000 },
};

/** Places of waiting workflows that are left out of a look; further ones are read and passed over. */
const MOST_PLACES = 1_000;

/** What a dispatcher works with. `random` gives 0 to 1 and spreads retries. */
export interface DispatcherDeps {
  readonly inbox: Inbox;
  readonly starter: IncidentStarter;
  readonly inventory: Inventory;
  readonly clock: Clock;
  readonly log: DispatcherLog;
  /** How many alerts come in at this process; none when absent. */
  readonly arrivals?: Pick<ArrivalRate, 'perSecond'>;
  /** Holds alerts back on purpose; none does when absent. */
  readonly gate?: Gate;
  /** Routes alerts of several services to one workflow; each goes to that of its own service when absent. */
  readonly correlator?: Pick<Correlator, 'route' | 'gone'>;
  readonly random?: () => number;
  readonly settings?: Partial<DispatcherSettings>;
}

/** Carries alerts from the inbox to Temporal. */
export interface Dispatcher {
  /** Says that there is something new: looks at once. */
  kick(): void;
  /** Takes up nothing more; resolves when deliveries under way have ended. */
  stop(): Promise<void>;
}

/** Consecutive failures of a lane (or of reading the inbox) and when it is tried again. */
interface Pause {
  readonly failures: number;
  readonly until: number;
}

/**
 * Starts the dispatcher. Each workflow is a lane of its own: its alerts go in order, one signal at a time, and one is marked as delivered only after
 * Temporal has it, so a crash delivers again (the workflow dedupes) and never loses. A lane that fails pauses with jitter; the others go on.
 * One dispatcher at a time may run on an inbox.
 */
export function createDispatcher(deps: DispatcherDeps): Dispatcher {
  const dispatcher = new LaneDispatcher(deps, { ...DISPATCHER_DEFAULTS, ...deps.settings });
  const ended = dispatcher.run();
  return {
    kick: () => dispatcher.wake(),
    stop: async () => {
      dispatcher.stop();
      await ended;
    },
  };
}

class LaneDispatcher {
  private readonly busy = new Map<string, Promise<void>>();
  private readonly pauses = new Map<string, Pause>();
  private readonly pace: Pace;
  /** Where the alerts of the workflows that are or were delivered to come from. */
  private readonly places = new Map<string, Set<string>>();
  private reading: Pause | undefined;
  private lookedAt = 0;
  private lookedForMs = 0;
  /** How long a storm gathered when the inbox was last looked at. */
  private gatherMs = 0;
  private stopped = false;
  private woken = false;
  private rouse: () => void = () => undefined;

  constructor(
    private readonly deps: DispatcherDeps,
    private readonly settings: DispatcherSettings,
  ) {
    this.pace = new Pace(settings.storm);
  }

  wake(): void {
    this.woken = true;
    this.rouse();
  }

  stop(): void {
    this.stopped = true;
    this.wake();
  }

  async run(): Promise<void> {
    while (!this.stopped) {
      // Cleared before reading: a kick during the read must bring another read.
      this.woken = false;
      const read = await this.look();
      if (!this.stopped) await new Promise((resolve) => setTimeout(resolve, this.breathAfter(read)));
      await this.rest();
    }
    await Promise.all(this.busy.values());
  }

  private isBusy(): boolean {
    return (this.deps.arrivals?.perSecond() ?? 0) >= this.settings.busy.perSecond;
  }

  private breathAfter(read: number): number {
    const { alerts, ms, leastMs, times } = this.settings.breath;
    return Math.max(read >= alerts || this.isBusy() ? ms : leastMs, Math.min(times * this.lookedForMs, this.settings.pollMs));
  }

  private pauseMs(): number {
    return this.isBusy() ? this.settings.busy.pauseMs : this.settings.storm.pauseMs;
  }

  /** Workflows that nothing is delivered to now, whatever waits for them. */
  private waitingLanes(now: number): ReadonlySet<string> {
    const waits = (id: string): boolean => this.busy.has(id) || (this.pauses.get(id)?.until ?? 0) > now || this.pace.resting(id, now, this.gatherMs);
    for (const id of this.places.keys()) if (!waits(id)) this.places.delete(id);
    return new Set(this.places.keys());
  }

  /** Returns how many alerts it read. */
  private async look(): Promise<number> {
    this.lookedAt = this.deps.clock.now();
    this.gatherMs = this.pauseMs();
    if (this.reading && this.deps.clock.now() < this.reading.until) return 0;
    // What some of these have is being delivered while we read, so it would look undelivered; their end brings another read.
    const waiting = this.waitingLanes(this.lookedAt);
    const except = [...waiting].flatMap((id) => [...(this.places.get(id) ?? [])]).slice(0, MOST_PLACES);
    try {
      const items = await this.deps.inbox.undelivered(this.settings.window, except);
      this.lookedForMs = this.deps.clock.now() - this.lookedAt;
      const passed = (await this.deps.gate?.pass(items)) ?? { items, again: false };
      this.reading = undefined;
      // What was held or folded has made room in the window.
      if (passed.again || passed.items.length < items.length) this.woken = true;
      const lanes = this.deps.correlator ? lanesBy(await this.deps.correlator.route(passed.items)) : lanesOf(this.deps.inventory, passed.items);
      const full = items.length >= this.settings.window;
      this.startLanes(
        lanes.filter((lane) => !waiting.has(lane.workflowId)),
        full,
      );
      // Only when the whole backlog was seen: a lane outside the window may still wait.
      if (!full) this.forgetPauses(new Set([...waiting, ...lanes.map((lane) => lane.workflowId)]));
      return items.length;
    } catch (error) {
      this.reading = this.nextPause(this.reading);
      if (this.reading.failures === 1) this.deps.log.warn({ error: errorMessage(error) }, 'the inbox cannot be read; alerts wait in it');
      return 0;
    }
  }

  private startLanes(lanes: readonly Lane[], full: boolean): void {
    // What rested when the look began was held back in it, and must bring another when its rest ends.
    this.pace.forget(this.lookedAt, this.gatherMs);
    for (const lane of lanes) {
      if (this.stopped || this.busy.size >= this.settings.lanes) break;
      this.places.set(lane.workflowId, new Set([...(this.places.get(lane.workflowId) ?? []), ...placesOf(lane)]));
      const done = this.deliver(lane, full).finally(() => {
        this.busy.delete(lane.workflowId);
        this.wake();
      });
      this.busy.set(lane.workflowId, done);
    }
  }

  private async deliver(lane: Lane, full: boolean): Promise<void> {
    const { starter, inbox, log } = this.deps;
    try {
      for (const chunk of chunksOf(lane.items, this.settings.chunk)) {
        if (this.stopped) return;
        await starter.deliver(
          lane,
          chunk.map((item) => item.alert),
        );
        await inbox.markDelivered(
          chunk.map((item) => item.position),
          lane.workflowId,
        );
      }
      // Where the window was full there may be more, which has gathered already.
      if (!full) this.pace.delivered(lane.workflowId, lane.items.length, this.deps.clock.now());
      if (this.pauses.delete(lane.workflowId)) log.info({ workflowId: lane.workflowId }, 'alerts are delivered again');
    } catch (error) {
      const gone = lane.mustRun === true && errorCode(error) === 'not_found' && (await this.gone(lane));
      const pause = this.nextPause(this.pauses.get(lane.workflowId));
      this.pauses.set(lane.workflowId, pause);
      if (pause.failures !== 1) return;
      if (gone) log.info({ workflowId: lane.workflowId }, 'the incident had ended before alerts of other services reached it; they are routed anew');
      else log.warn({ workflowId: lane.workflowId, error: errorMessage(error) }, 'alerts could not be delivered; they wait in the inbox');
    }
  }

  /** The incident has ended since its alerts were routed: they are routed anew. */
  private async gone({ workflowId }: Lane): Promise<boolean> {
    try {
      await this.deps.correlator?.gone(workflowId);
      return this.deps.correlator !== undefined;
    } catch {
      return false;
    }
  }

  private nextPause(before: Pause | undefined): Pause {
    const failures = (before?.failures ?? 0) + 1;
    const longest = Math.min(this.settings.retry.maxMs, this.settings.retry.firstMs * 2 ** Math.min(failures - 1, 30));
    const spread = 0.5 + (this.deps.random ?? Math.random)() / 2;
    return { failures, until: this.deps.clock.now() + Math.ceil(longest * spread) };
  }

  private forgetPauses(waiting: ReadonlySet<string>): void {
    for (const id of this.pauses.keys()) if (!waiting.has(id) && !this.busy.has(id)) this.pauses.delete(id);
  }

  private async rest(): Promise<void> {
    if (this.woken) return;
    const now = this.deps.clock.now();
    const pauses = [...(this.reading ? [this.reading] : []), ...this.pauses.values()].map((pause) => pause.until);
    // A pause that ended during the look held a lane back in it, so it counts too.
    const untils = [...pauses.filter((until) => until > this.lookedAt), ...this.pace.pauses(this.lookedAt, this.gatherMs)];
    const ms = Math.max(0, Math.min(this.settings.pollMs, ...untils.map((until) => until - now)));
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.rouse = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
