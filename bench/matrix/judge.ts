import type { Alert } from '../../domain/alert';
import type { ServiceWatchSettings } from '../../domain/detection/service-watch';
import { ServiceWatch } from '../../domain/detection/service-watch';
import type { WindowStats } from '../../domain/metrics';

/** What a service is told about in a stretch of time: its alerts that begin, and of these the ones that page, as no other was under way. */
export interface Told {
  readonly alerts: readonly Alert[];
  readonly pages: readonly { readonly at: number; readonly alert: Alert }[];
}

/** Watches a service row by row, and keeps what it told. */
export class Judge {
  private readonly watch: ServiceWatch;
  private readonly firing = new Set<string>();
  private readonly begun: { at: number; alert: Alert; pages: boolean }[] = [];

  constructor(settings: ServiceWatchSettings) {
    this.watch = new ServiceWatch({ name: 'bookshop', environment: 'demo', tier: 'critical' }, settings);
  }

  row(stats: WindowStats): void {
    for (const alert of this.watch.row(stats).alerts) {
      if (alert.status === 'firing') {
        this.begun.push({ at: stats.to, alert, pages: this.firing.size === 0 });
        this.firing.add(alert.fingerprint);
      } else this.firing.delete(alert.fingerprint);
    }
  }

  /** What began from a time to before another, epoch milliseconds. */
  told(from: number, to = Infinity): Told {
    const within = this.begun.filter(({ at }) => at >= from && at < to);
    return { alerts: within.map(({ alert }) => alert), pages: within.filter(({ pages }) => pages) };
  }

  /** The first alert that began at a time or later, and when. */
  first(from: number): { readonly at: number; readonly alert: Alert } | undefined {
    return this.begun.find(({ at }) => at >= from);
  }
}
