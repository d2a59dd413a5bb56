import { limitedMeasures } from '../domain/detection/limited';
import { ServiceWatch } from '../domain/detection/service-watch';
import type { ServiceWatchSettings } from '../domain/detection/service-watch';
import { errorMessage } from '../domain/errors';
import type { Service } from '../domain/inventory';
import type { Checkpoint } from '../ports/detection';
import type { DetectionGroupDeps } from './detection-group';
import { measureRows } from './measure-rows';

/** A service with all that is known of it. */
export interface OpenWatch {
  readonly service: Service;
  /** `environment/name`. */
  readonly key: string;
  readonly watch: ServiceWatch;
}

/** Rows that are learnt at a time. */
const ROWS_AT_ONCE = 1000;
/** Without a checkpoint so much of the past is learnt, milliseconds, and no more rows than the detector keeps; older samples are as a rule forgotten. */
const LEARNS_BACK_MS = 24 * 3_600_000;

type WatchDeps = Pick<DetectionGroupDeps, 'samples' | 'book' | 'settings' | 'log' | 'heartbeat'>;

/** A service's watch as it was after the row that ended at `at`: from its last checkpoint and the rows since, or from the rows alone where there is none or its settings were others. */
export async function openWatch(deps: WatchDeps, service: Service, at: number): Promise<OpenWatch> {
  const { detector, alertsPerWeek, minRequests, rowMs } = deps.settings;
  const key = `${service.environment}/${service.name}`;
  const settings: ServiceWatchSettings = { detector, alertsPerWeek, minRequests, limited: limitedMeasures(service.limits) };
  const saved = await deps.book.restore(key);
  const restored = saved && saved.judgedTo <= at ? restoredWatch(deps, service, settings, saved) : undefined;
  const watch = restored ?? new ServiceWatch(service, settings);
  const back = Math.min(LEARNS_BACK_MS, detector.window * rowMs);
  const from = restored && saved ? saved.judgedTo : at - Math.floor(back / rowMs) * rowMs;
  for (let begin = from; begin < at; begin += ROWS_AT_ONCE * rowMs) {
    const end = Math.min(at, begin + ROWS_AT_ONCE * rowMs);
    for (const row of await measureRows(deps.samples, service, begin, end, rowMs)) watch.row(row);
    deps.heartbeat();
  }
  return { service, key, watch };
}

function restoredWatch(deps: WatchDeps, service: Service, settings: ServiceWatchSettings, { measures }: Checkpoint): ServiceWatch | undefined {
  try {
    return ServiceWatch.restore(service, settings, measures);
  } catch (error) {
    deps.log.warn(
      { service: service.name, error: errorMessage(error) },
      'a checkpoint is of other settings; the service is learnt anew from what is kept of it',
    );
    return undefined;
  }
}
