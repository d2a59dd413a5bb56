import type { Logger } from 'pino';
import type { Correlator } from '../activities/correlation';
import { createGate, type Gate } from '../activities/gate';
import { createNoteTaker } from '../activities/notes';
import { SilenceBook } from '../activities/silence-book';
import { watchSilences } from '../activities/silence-watch';
import { alertmanagerSilences } from '../adapters/alertmanager/silences';
import { awsAccess } from '../adapters/aws/access';
import { cloudwatchMuteRules } from '../adapters/aws/mute-rules';
import type { NightshiftConfig } from '../config/types';
import { placesOf } from '../domain/aws/place';
import type { Clock } from '../ports/clock';
import type { Incidents } from '../ports/incidents';
import type { SilenceSource } from '../ports/quiet';
import type { Store } from '../ports/store';

/** What holding alerts back works with; `kick` makes the dispatcher look. */
export interface QuietOptions {
  readonly config: NightshiftConfig;
  readonly store: Store;
  readonly incidents: Pick<Incidents, 'command'>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly kick: () => void;
  readonly correlator: Pick<Correlator, 'holder'>;
}

/** Makes the dispatcher's gate, and watches over silences until it is stopped. */
export function startQuiet({ config, store, incidents, clock, log, kick, correlator }: QuietOptions): { readonly gate: Gate; stop(): Promise<void> } {
  const { alerts } = config;
  const book = new SilenceBook({ silences: store.silences, windows: alerts.maintenance, clock, log });
  const notes = createNoteTaker(incidents, log);
  const onWritten = (): void => store.coordination.wake('outbox');
  const holder: Correlator['holder'] = (condition) => correlator.holder(condition);
  const gate = createGate({ quiet: store.quiet, incidents: store.incidents, inventory: config, rules: alerts, book, clock, notes, onWritten, holder });
  const watch = watchSilences({
    ...{ silences: store.silences, book, incidents: store.incidents, notes, clock, log, onChanged: kick },
    sources: [...alerts.alertmanagers.map(alertmanagerSilences), ...muteRules(config, clock)],
  });
  return { gate, stop: () => watch.stop() };
}

function muteRules({ aws }: NightshiftConfig, clock: Clock): readonly SilenceSource[] {
  if (!aws?.muteRules) return [];
  return cloudwatchMuteRules({ access: awsAccess(aws), places: placesOf(aws.accounts), everyMs: aws.muteRules.everyMs, clock });
}
