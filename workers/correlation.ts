import type { Logger } from 'pino';
import { CallMaps } from '../activities/call-maps';
import { createCorrelator, type Correlator } from '../activities/correlation';
import type { NightshiftConfig } from '../config/types';
import type { Clock } from '../ports/clock';
import type { Store } from '../ports/store';

/** Who calls whom, by configuration and traces. */
export function callMaps(config: NightshiftConfig, store: Store, clock: Clock, log: Logger): CallMaps {
  return new CallMaps({ inventory: config, calls: store.archive.calls, clock, log });
}

/** Makes the correlator of the dispatcher. */
export function startCorrelation(config: NightshiftConfig, store: Store, clock: Clock, log: Logger): Correlator {
  const maps = callMaps(config, store, clock, log);
  return createCorrelator({ store: store.correlation, maps, inventory: config, settings: config.correlation, clock });
}
