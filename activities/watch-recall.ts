import type { Alert } from '../domain/alert';
import type { WatchedAlert } from '../domain/watch';

/** Alerts that are remembered at most; those that came first are told first. */
const MOST = 5000;

/** What one process remembers of accepted alerts, for when the store cannot be asked any more. */
export class Recall {
  private readonly alerts = new Map<string, WatchedAlert>();
  /** Ids of alerts by channel that they were told on without the store. */
  private readonly tolds = new Map<string, Set<string>>();

  /** Alerts were accepted just now. */
  note(alerts: readonly Alert[], receivedAt: number): void {
    for (const alert of alerts) {
      if (this.alerts.size >= MOST) return;
      if (!this.alerts.has(alert.id)) this.alerts.set(alert.id, { position: 0, alert, receivedAt, inWorkflow: false, inIncident: false });
    }
  }

  /** What the store holds as of `since` (epoch milliseconds) takes the place of what was remembered; what was noted later stays. */
  replace(unsettled: readonly WatchedAlert[], since: number): void {
    const later = [...this.alerts.values()].filter((item) => item.receivedAt >= since);
    this.alerts.clear();
    for (const item of [...unsettled, ...later]) this.alerts.set(item.alert.id, item);
    for (const [channel, ids] of this.tolds) this.tolds.set(channel, new Set([...ids].filter((id) => this.alerts.has(id))));
  }

  /** Was it told on some channel without the store? */
  wasTold(id: string): boolean {
    return [...this.tolds.values()].some((ids) => ids.has(id));
  }

  untold(channel: string): readonly WatchedAlert[] {
    return [...this.alerts.values()].filter((item) => this.tolds.get(channel)?.has(item.alert.id) !== true);
  }

  told(channel: string, ids: readonly string[]): void {
    this.tolds.set(channel, new Set([...(this.tolds.get(channel) ?? []), ...ids]));
  }
}
