import { Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import type { Logger } from 'pino';
import { withAnomalies } from '../activities/anomaly-news';
import { createHeart } from '../activities/heartbeat';
import { createDeliverer } from '../activities/notifications';
import { createWatcher } from '../activities/watch';
import { createHeartbeatNotifier } from '../adapters/webhook/heartbeat';
import type { NightshiftConfig } from '../config/types';
import type { Alert } from '../domain/alert';
import { defined } from '../domain/defined';
import type { Clock } from '../ports/clock';
import type { Term } from '../ports/coordination';
import type { Notifier } from '../ports/notifier';
import type { Store } from '../ports/store';
import { channelsOf, notifiersOf } from './notifiers';

/** What watching needs: no Temporal server, and no worker. */
export interface WatchOptions {
  readonly config: NightshiftConfig;
  readonly store: Store;
  readonly log: Logger;
  /** Writes notifications for a terminal. */
  readonly write: (text: string) => void;
}

/** What sees to it that no alert is lost and that people are told, in every process. */
export interface Watch {
  /** This process has accepted alerts. */
  note(alerts: readonly Alert[]): void;
  /** Registers its numbers. */
  measure(registry: Registry): void;
  stop(): Promise<void>;
}

/** Starts watching over an open store, before anything that may not come up. One process a database sends notifications and tells; the others stand by. */
export function startWatch(options: WatchOptions): Watch {
  const { config, store, log } = options;
  const clock: Clock = { now: () => Date.now() };
  let lastBeat: number | undefined;
  const notifiers = notifiersOf(config, options.write, clock);
  const heartbeat = heartbeatNotifier(config, clock, (at) => (lastBeat = at));
  const illustrated = withAnomalies(notifiers, { anomalies: store.anomalies, ...defined({ apiUrl: config.api.publicUrl }), log });
  const campaign = store.coordination.campaign('watch', () => startTerm(options, clock, [...illustrated, ...heartbeat]));
  const watcher = createWatcher({
    ...{ watch: store.watch, incidents: store.incidents, outbox: store.outbox, clock, log },
    ...{ rule: config.watch, everyMs: config.watch.everyMs, incidentSettings: config.incidents },
    notifiers: channelsOf(config).map(({ on }, i) => ({ ...(notifiers[i] as Notifier), ...(on === undefined ? {} : { on }) })),
    tells: () => campaign.leads(),
    onWritten: () => store.coordination.wake('outbox'),
  });
  return {
    note: (alerts) => watcher.note(alerts),
    measure: (registry) =>
      addGauges(registry, { leads: () => campaign.leads(), stalled: () => watcher.stalled(), lastBeat: () => lastBeat, beats: heartbeat.length > 0 }),
    async stop() {
      await watcher.stop();
      // Last, so that what was written at the end is still sent.
      await campaign.stop();
    },
  };
}

function startTerm({ config, store, log }: WatchOptions, clock: Clock, notifiers: readonly Notifier[]): Term {
  const deliverer = createDeliverer({ outbox: store.outbox, notifiers, clock, log });
  const heart =
    config.heartbeat &&
    createHeart({
      ...{ inbox: store.inbox, state: store.state, clock, log, everyMs: config.heartbeat.everyMs, inboxLimit: config.inbox.limit },
      environment: config.services[0]?.environment ?? 'production',
      onAccepted: () => store.coordination.wake('inbox'),
    });
  log.info({}, 'this process sends notifications and watches over alerts');
  return {
    wake: () => deliverer.kick(),
    async stop() {
      await Promise.all([heart?.stop(), deliverer.stop()]);
    },
  };
}

function heartbeatNotifier({ heartbeat }: NightshiftConfig, clock: Clock, onTaken: (at: number) => void): readonly Notifier[] {
  // One that took two rounds tells of the past.
  return heartbeat ? [createHeartbeatNotifier({ ...heartbeat, staleMs: 2 * heartbeat.everyMs, clock, onTaken })] : [];
}

interface Numbers {
  readonly leads: () => boolean;
  readonly stalled: () => number;
  readonly lastBeat: () => number | undefined;
  readonly beats: boolean;
}

function addGauges(registry: Registry, { leads, stalled, lastBeat, beats }: Numbers): void {
  const gauge = (name: string, help: string, read: () => number | undefined): void => {
    new Gauge({
      ...{ name, help, registers: [registry] },
      collect() {
        const value = read();
        if (value === undefined) this.remove();
        else this.set(value);
      },
    });
  };
  gauge('nightshift_watching', '1 while this process sends notifications and tells of alerts that are in no incident.', () => (leads() ? 1 : 0));
  gauge('nightshift_incidents_stalled', 'Open incidents that do not move, as the process that watches sees them.', () => (leads() ? stalled() : undefined));
  if (beats) gauge('nightshift_heartbeat_last_success_timestamp_seconds', 'When this process last sent a heartbeat.', () => seconds(lastBeat()));
}

function seconds(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : ms / 1000;
}
