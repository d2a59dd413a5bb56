import type { Alert } from '../domain/alert';
import { errorMessage } from '../domain/errors';
import type { NotificationReason } from '../domain/incident-view';
import { takers } from '../domain/notification';
import type { AlertsNotification } from '../domain/notification';
import type { IncidentSettings } from '../domain/settings';
import { isLost, isSettled, lostNotifications, lostReason, stalledNotification, stallOf } from '../domain/watch';
import type { WatchedAlert, WatchRule } from '../domain/watch';
import type { Clock } from '../ports/clock';
import type { Notifier } from '../ports/notifier';
import { openIncidents } from '../ports/open-incidents';
import type { AlertWatch, IncidentReader, Outbox } from '../ports/store';
import { Recall } from './watch-recall';
import { repeat } from './repeat';

/** Where the watcher tells what it found; a pino logger fits. */
export interface WatchLog {
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** What the watcher works with. */
export interface WatcherDeps {
  readonly watch: AlertWatch;
  readonly incidents: Pick<IncidentReader, 'list'>;
  readonly outbox: Pick<Outbox, 'put'>;
  /** For what the store cannot take any more; with the reasons that each channel takes. */
  readonly notifiers: readonly (Notifier & { readonly on?: readonly NotificationReason[] })[];
  readonly clock: Clock;
  readonly log: WatchLog;
  readonly rule: WatchRule;
  readonly incidentSettings: IncidentSettings;
  readonly everyMs: number;
  /** Whether this process tells; the others keep in mind what they took in, in case the store goes. */
  readonly tells: () => boolean;
  /** Called when notifications were put into the outbox. */
  readonly onWritten: () => void;
}

/** The running watcher. */
export interface Watcher {
  /** This process has accepted alerts: it tells of them even if the store goes away now. */
  note(alerts: readonly Alert[]): void;
  /** Incidents that stalled at the last look. */
  stalled(): number;
  stop(): Promise<void>;
}

/** Alerts that one look reads. */
const PAGE = 1000;
/** After a storm pages follow each other faster by so much, or the watcher would see what came last only long after it. */
const PAGES_AT_ONCE = 10;
/** Views are large, and a stall is long: they are read so often in its time. */
const LOOKS_WHILE_STALLING = 10;

/**
 * Looks after what was accepted, with nothing but the store and the channels: an alert that is in no incident in time is told to people, whole, and so is an incident that does
 * not move. Where the store does not answer either, it tells by itself what it remembers.
 */
export function createWatcher(deps: WatcherDeps): Watcher {
  const watching = new Watching(deps);
  const looks = repeat(() => watching.turn());
  return {
    note: (alerts) => watching.recall.note(alerts, deps.clock.now()),
    stalled: () => watching.stalled,
    stop: () => looks.stop(),
  };
}

class Watching {
  readonly recall = new Recall();
  stalled = 0;
  private away = false;
  private readAt = -Infinity;
  private lookedAtIncidents = -Infinity;

  constructor(private readonly deps: WatcherDeps) {}

  async turn(): Promise<number> {
    const more = await this.look();
    return more ? this.deps.everyMs / PAGES_AT_ONCE : this.deps.everyMs;
  }

  /** Returns whether a whole page, or most of it, was settled: more may stand behind it. */
  private async look(): Promise<boolean> {
    const { watch, tells, clock, log, everyMs } = this.deps;
    try {
      const quick = tells() ? await watch.settleDelivered(PAGE, clock.now()) : 0;
      const since = clock.now();
      // After a storm most of what would be read is settled by the next pages.
      if (quick === PAGE && since - this.readAt < everyMs) return true;
      this.readAt = since;
      const unsettled = await watch.unsettled(PAGE, since);
      this.recall.replace(unsettled, since);
      let settled = 0;
      if (tells()) {
        settled = await this.settle(unsettled);
        await this.lookAtIncidents();
      }
      this.away = false;
      return quick === PAGE || (unsettled.length === PAGE && settled > PAGE / 2);
    } catch (error) {
      if (!this.away) log.warn({ error: errorMessage(error) }, 'the watcher cannot read or write the store; it tells by itself what it remembers');
      this.away = true;
      await this.tellDirectly();
      return false;
    }
  }

  /** Returns how many need no watching any more. */
  private async settle(unsettled: readonly WatchedAlert[]): Promise<number> {
    const { watch, clock, rule, log, onWritten } = this.deps;
    const now = clock.now();
    const done = unsettled.filter((item) => isSettled(item) || this.recall.wasTold(item.alert.id)).map((item) => item.position);
    if (done.length > 0) await watch.settle(done, now);
    const lost = unsettled.filter((item) => isLost(item, rule, now) && !done.includes(item.position));
    for (const { positions, notification } of lostNotifications(lost, lostReason(lost, rule), now)) await watch.settle(positions, now, notification);
    if (lost.length === 0) return done.length;
    log.error({ alerts: lost.length }, 'accepted alerts are in no incident; people are told of each');
    onWritten();
    return done.length + lost.length;
  }

  private async lookAtIncidents(): Promise<void> {
    const { incidents, outbox, clock, rule, incidentSettings, onWritten } = this.deps;
    if (clock.now() - this.lookedAtIncidents < rule.stalledAfterMs / LOOKS_WHILE_STALLING) return;
    let stalled = 0;
    for await (const page of openIncidents(incidents)) {
      for (const view of page) {
        const reason = stallOf(view, incidentSettings, rule, clock.now());
        if (reason === undefined) continue;
        stalled += 1;
        await outbox.put(stalledNotification(view, reason, clock.now()));
      }
    }
    if (stalled > this.stalled) onWritten();
    this.stalled = stalled;
    this.lookedAtIncidents = clock.now();
  }

  /** Each channel by itself: one that fails gets it at a later look. */
  private async tellDirectly(): Promise<void> {
    const { notifiers, rule, clock, log } = this.deps;
    const why = 'The store of Nightshift does not answer: is its disk full, or its database down?';
    for (const notifier of takers('undelivered', notifiers)) {
      const lost = this.recall.untold(notifier.channel).filter((item) => isLost(item, rule, clock.now()));
      for (const { notification } of lostNotifications(lost, why, clock.now())) {
        try {
          await notifier.send(notification);
          this.recall.told(notifier.channel, idsOf(notification));
        } catch (error) {
          log.error({ channel: notifier.channel, error: errorMessage(error) }, 'alerts that are in no incident could not be told; it is tried again');
          break;
        }
      }
    }
  }
}

function idsOf({ alerts }: AlertsNotification): readonly string[] {
  return alerts.map((alert) => alert.id);
}
