import { errorMessage } from '../domain/errors';
import type { Inventory } from '../domain/inventory';
import type { Clock } from '../ports/clock';
import type { IncidentStarter } from '../ports/incidents';
import type { Inbox } from '../ports/store';
import { chunksOf, lanesOf, type Lane } from './intake-lanes';
import { Pace, type PaceSettings } from './intake-pace';

/** Where the dispatcher tells of trouble and of its end. */
export interface DispatcherLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/** Limits and pauses of the dispatcher; times in milliseconds. */
export interface DispatcherSettings {
  /** Alerts read at once. The window grows while workflows that cannot be reached fill it, so that they hold up nobody else. */
  readonly window: number;
  readonly maxWindow: number;
  readonly chunk: { readonly alerts: number; readonly bytes: number };
  /** Workflows that are delivered to at the same time. */
  readonly lanes: number;
  /** Looks again without a kick, for alerts that another process took in. */
  readonly pollMs: number;
  readonly retry: { readonly firstMs: number; readonly maxMs: number };
  /** How long the alerts of one workflow gather while they storm in. */
  readonly storm: PaceSettings;
}

/** Defaults of the dispatcher. */
export const DISPATCHER_DEFAULTS: DispatcherSettings = {
  window: 500,
  maxWindow: 4_000,
  chunk: { alerts: 100, bytes: 32 * 1024 },
  lanes: 16,
  pollMs: 2_000,
  retry: { firstMs: 200, maxMs: 15_000 },
  storm: { alerts: 4, pauseMs: 2_000 },
};

/** What a dispatcher works with. `random` gives 0 to 1 and spreads retries. */
export interface DispatcherDeps {
  readonly inbox: Inbox;
  readonly starter: IncidentStarter;
  readonly inventory: Inventory;
  readonly clock: Clock;
  readonly log: DispatcherLog;
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
  private reading: Pause | undefined;
  private windowSize: number;
  private lookedAt = 0;
  private stopped = false;
  private woken = false;
  private rouse: () => void = () => undefined;

  constructor(
    private readonly deps: DispatcherDeps,
    private readonly settings: DispatcherSettings,
  ) {
    this.windowSize = settings.window;
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
      await this.look();
      await this.rest();
    }
    await Promise.all(this.busy.values());
  }

  private async look(): Promise<void> {
    this.lookedAt = this.deps.clock.now();
    if (this.reading && this.deps.clock.now() < this.reading.until) return;
    // What these have is being delivered while we read, so it would look undelivered; their end brings another read.
    const underWay = new Set(this.busy.keys());
    try {
      const items = await this.deps.inbox.undelivered(this.windowSize);
      this.reading = undefined;
      const lanes = lanesOf(this.deps.inventory, items);
      const started = this.startLanes(
        lanes.filter((lane) => !underWay.has(lane.workflowId)),
        items.length >= this.windowSize,
      );
      this.resizeWindow(items.length, started);
      this.forgetPauses(lanes, items.length);
    } catch (error) {
      this.reading = this.nextPause(this.reading);
      if (this.reading.failures === 1) this.deps.log.warn({ error: errorMessage(error) }, 'the inbox cannot be read; alerts wait in it');
    }
  }

  private startLanes(lanes: readonly Lane[], backlog: boolean): number {
    const now = this.deps.clock.now();
    this.pace.forget(now);
    let started = 0;
    for (const lane of lanes) {
      if (this.stopped || this.busy.size >= this.settings.lanes) break;
      if (this.busy.has(lane.workflowId) || (this.pauses.get(lane.workflowId)?.until ?? 0) > now) continue;
      // A backlog has gathered already.
      if (!backlog && this.pace.resting(lane.workflowId, now)) continue;
      started += 1;
      const done = this.deliver(lane).finally(() => {
        this.busy.delete(lane.workflowId);
        this.wake();
      });
      this.busy.set(lane.workflowId, done);
    }
    return started;
  }

  private async deliver(lane: Lane): Promise<void> {
    const { starter, inbox, log } = this.deps;
    try {
      for (const chunk of chunksOf(lane.items, this.settings.chunk)) {
        if (this.stopped) return;
        await starter.deliver(
          lane.workflowId,
          lane.environment,
          lane.service,
          chunk.map((item) => item.alert),
        );
        await inbox.markDelivered(
          chunk.map((item) => item.position),
          lane.workflowId,
        );
      }
      this.pace.delivered(lane.workflowId, lane.items.length, this.deps.clock.now());
      if (this.pauses.delete(lane.workflowId)) log.info({ workflowId: lane.workflowId }, 'alerts are delivered again');
    } catch (error) {
      const pause = this.nextPause(this.pauses.get(lane.workflowId));
      this.pauses.set(lane.workflowId, pause);
      if (pause.failures === 1) log.warn({ workflowId: lane.workflowId, error: errorMessage(error) }, 'alerts could not be delivered; they wait in the inbox');
    }
  }

  private nextPause(before: Pause | undefined): Pause {
    const failures = (before?.failures ?? 0) + 1;
    const longest = Math.min(this.settings.retry.maxMs, this.settings.retry.firstMs * 2 ** Math.min(failures - 1, 30));
    const spread = 0.5 + (this.deps.random ?? Math.random)() / 2;
    return { failures, until: this.deps.clock.now() + Math.ceil(longest * spread) };
  }

  private resizeWindow(read: number, started: number): void {
    const { window, maxWindow } = this.settings;
    const blocked = read >= this.windowSize && started === 0 && this.busy.size < this.settings.lanes;
    if (blocked && this.windowSize < maxWindow) {
      this.windowSize = Math.min(maxWindow, this.windowSize * 2);
      this.woken = true;
    } else if (read < window) this.windowSize = window;
  }

  // Only when the whole backlog was seen: a lane outside the window may still wait.
  private forgetPauses(lanes: readonly Lane[], read: number): void {
    if (read >= this.windowSize) return;
    const waiting = new Set(lanes.map((lane) => lane.workflowId));
    for (const id of this.pauses.keys()) if (!waiting.has(id) && !this.busy.has(id)) this.pauses.delete(id);
  }

  private async rest(): Promise<void> {
    if (this.woken) return;
    const now = this.deps.clock.now();
    const pauses = [...(this.reading ? [this.reading] : []), ...this.pauses.values()].map((pause) => pause.until);
    // A pause that ended during the look held a lane back in it, so it counts too.
    const untils = [...pauses.filter((until) => until > this.lookedAt), ...this.pace.pauses(this.lookedAt)];
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
