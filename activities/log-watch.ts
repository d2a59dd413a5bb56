import { setImmediate as breathe } from 'node:timers/promises';
import type { Alert } from '../domain/alert';
import type { AnomalyRecord } from '../domain/detection/anomaly-record';
import { errorMessage } from '../domain/errors';
import { findService } from '../domain/inventory';
import type { Inventory } from '../domain/inventory';
import type { ErrorLinesSettings } from '../domain/log-watch/error-lines';
import type { LogPlace } from '../domain/log-watch/log-alerts';
import { LOG_CHECKPOINTS, LOG_WATCH_STATE, logCheckpointName, readLogWatch } from '../domain/log-watch/log-state';
import type { KeptLogWatch } from '../domain/log-watch/log-state';
import type { AnomalyFeedback, AnomalyStore, FeedbackStore } from '../ports/anomalies';
import type { LogReader, LogTemplate } from '../ports/archive';
import type { Clock } from '../ports/clock';
import type { Inbox, StateStore, StateSweep } from '../ports/store';
import { OpenLogs } from './open-logs';
import { repeat } from './repeat';
import type { Repeated } from './repeat';

/** What watching lines works with. */
export interface LogWatchDeps {
  readonly inventory: Inventory;
  readonly logs: LogReader;
  readonly inbox: Pick<Inbox, 'accept'>;
  readonly anomalies: Pick<AnomalyStore, 'put'>;
  readonly feedback: Pick<FeedbackStore, 'since'>;
  readonly state: StateStore & StateSweep;
  readonly clock: Clock;
  readonly log: { warn(fields: object, message: string): void };
  readonly settings: ErrorLinesSettings & { readonly inboxLimit: number; /** How long lines are kept, milliseconds. */ readonly keepMs: number };
  /** Called when alerts were committed. */
  readonly onAlerts: () => void;
}

const MINUTE_MS = 60_000;
/** A minute is judged so long after its end: what was written in it has been read by then. */
const GRACE_MS = 30_000;
/** What comes later still is counted with its minute so long. */
const LATE_MS = 10 * MINUTE_MS;
/** Minutes that are judged in one turn: after a long absence it goes on step by step. */
const MOST_MINUTES = 20;
/** Templates of a level that are read of the newest minutes, of all services. */
const MOST_READ = 10_000;
/** What is learnt is saved so often. */
const CHECKPOINT_MS = 60 * MINUTE_MS;
const FEEDBACK_PAGE = 500;
const AGAIN_MS = 5000;

/** Watches the lines of every service. */
export interface LogWatcher {
  /** Judges the minutes that are over, at most so many. Returns how long to wait for the next, milliseconds. Throws what reading or the inbox throws; the same minutes are judged again then. */
  turn(): Promise<number>;
}

/** Judges every minute once and in order. What was told is saved after the alerts are committed: killed in between, it is told again under the same ids. */
export function logWatcher(deps: LogWatchDeps): LogWatcher {
  let watching: Watching | undefined;
  return {
    async turn() {
      const current = (watching ??= new Watching(deps));
      try {
        return await current.turn();
      } catch (error) {
        // What was judged and not committed must not be known.
        watching = undefined;
        throw error;
      }
    },
  };
}

/** Takes a turn after each minute, until it is stopped. */
export function createLogWatchLoop(deps: LogWatchDeps): Repeated {
  const watcher = logWatcher(deps);
  return repeat(() =>
    watcher.turn().catch((error: unknown) => {
      deps.log.warn({ error: errorMessage(error) }, 'lines of logs could not be judged; it is tried again');
      return AGAIN_MS;
    }),
  );
}

class Watching {
  private readonly open = new Map<string, OpenLogs>();
  private kept: KeptLogWatch | undefined;
  private checkpointAt: number;

  constructor(private readonly deps: LogWatchDeps) {
    this.checkpointAt = deps.clock.now() + CHECKPOINT_MS;
  }

  async turn(): Promise<number> {
    const { clock, state } = this.deps;
    const due = Math.floor((clock.now() - GRACE_MS) / MINUTE_MS) * MINUTE_MS;
    // What was written before the first start is history.
    this.kept ??= readLogWatch(await state.load(LOG_WATCH_STATE)) ?? (await this.begin(due));
    const from = this.kept.judgedTo;
    const to = Math.min(due, from + MOST_MINUTES * MINUTE_MS);
    if (to > from) await this.judge(this.kept, to);
    if (clock.now() >= this.checkpointAt) await this.save(to);
    return Math.max(0, to + MINUTE_MS + GRACE_MS - clock.now());
  }

  private async begin(judgedTo: number): Promise<KeptLogWatch> {
    const begun = { judgedTo, services: [] };
    await this.deps.state.save(LOG_WATCH_STATE, begun);
    return begun;
  }

  private async judge(kept: KeptLogWatch, to: number): Promise<void> {
    const from = kept.judgedTo;
    await this.read(kept, from, to);
    const alerts: Alert[] = [];
    const records: AnomalyRecord[] = [];
    for (let end = from + MINUTE_MS; end <= to; end += MINUTE_MS) {
      for (const service of this.open.values()) {
        // A minute of a service with many kinds of lines takes a while, and others wait for this process too.
        await breathe();
        const judged = service.judge(end);
        alerts.push(...judged.alerts);
        records.push(...judged.records);
      }
    }
    await this.commit({ judgedTo: to, services: [...this.open.values()].flatMap(({ standing }) => standing ?? []) }, alerts, records);
    for (const [key, service] of this.open) if (service.idle) this.open.delete(key);
  }

  /** The newest lines, into the services that wrote them; a service that is seen first is opened as it was before them. */
  private async read({ services }: KeptLogWatch, from: number, to: number): Promise<void> {
    const found = new Map<string, LogTemplate[]>();
    for (const level of ['error', 'warn'] as const) {
      const read = await this.deps.logs.templates({ level, from: from - LATE_MS, to: to - 1, limit: MOST_READ });
      if (read.length === MOST_READ) this.deps.log.warn({ level, templates: MOST_READ }, 'more kinds of lines came than are judged; the most frequent are');
      for (const each of read) {
        const key = keyOf(each.environment, each.service);
        found.set(key, [...(found.get(key) ?? []), each]);
      }
    }
    for (const each of services) if (!found.has(keyOf(each.environment, each.service))) found.set(keyOf(each.environment, each.service), []);
    for (const [key, lines] of found) {
      const [environment = '', name = ''] = JSON.parse(key) as readonly string[];
      const kept = services.find((each) => each.environment === environment && each.service === name);
      const service = this.open.get(key) ?? (await OpenLogs.open(this.deps, this.placeOf(environment, name), from, kept));
      this.open.set(key, service);
      service.take(lines);
    }
  }

  /** Anomalies are kept before the alerts that name them, and these before it is said how far lines were judged. */
  private async commit(kept: KeptLogWatch, alerts: readonly Alert[], records: readonly AnomalyRecord[]): Promise<void> {
    const { anomalies, inbox, state, clock, settings, onAlerts } = this.deps;
    for (const record of records) await anomalies.put(record);
    if (alerts.length > 0) {
      await inbox.accept(alerts, clock.now(), settings.inboxLimit);
      onAlerts();
    }
    await state.save(LOG_WATCH_STATE, kept);
    this.kept = kept;
  }

  /** Saves what is learnt. Only here feedback is taken in, so that minutes are judged the same when they are learnt again from the checkpoint before. */
  private async save(judgedTo: number): Promise<void> {
    this.checkpointAt = this.deps.clock.now() + CHECKPOINT_MS;
    const told = await this.told();
    for (const service of this.open.values()) {
      service.hear(told);
      const { environment, name } = service.place;
      await this.deps.state.save(logCheckpointName(environment, name), service.checkpoint(judgedTo));
    }
    // Of a service whose lines are forgotten nothing could be learnt again either.
    await this.deps.state.forgetJudged(LOG_CHECKPOINTS, judgedTo - this.deps.settings.keepMs);
  }

  private async told(): Promise<readonly AnomalyFeedback[]> {
    const all: AnomalyFeedback[] = [];
    let after = Math.min(...[...this.open.values()].map(({ feedback }) => feedback));
    while (Number.isFinite(after)) {
      const page = await this.deps.feedback.since(after, FEEDBACK_PAGE);
      all.push(...page);
      after = page.at(-1)?.id ?? Infinity;
    }
    return all;
  }

  private placeOf(environment: string, name: string): LogPlace {
    return { environment, name, tier: findService(this.deps.inventory, environment, name)?.tier ?? 'standard' };
  }
}

function keyOf(environment: string, name: string): string {
  return JSON.stringify([environment, name]);
}
