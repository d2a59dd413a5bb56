import { Gauge } from 'prom-client';
import { ASIDE_MS } from './aside';
import { inTime } from './guard';
import type { ApiDeps } from './types';

/** Registers how many messages are set aside; without an answer of the store there is no number. */
export function addAsideGauge({ store, clock, settings, metrics }: Pick<ApiDeps, 'store' | 'clock' | 'settings' | 'metrics'>): void {
  new Gauge({
    ...{ name: 'nightshift_set_aside', help: 'Messages of sources that could not be read and wait for a person.', registers: [metrics] },
    async collect() {
      const count = await inTime(() => store.setAside.count(clock.now() - ASIDE_MS), settings.doorTimeoutMs).catch(() => undefined);
      if (count === undefined) this.remove();
      else this.set(count);
    },
  });
}
