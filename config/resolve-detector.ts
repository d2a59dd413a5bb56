import type { Defaults } from './defaults';
import { overlay } from './overlay';
import type { DetectorSource } from './schema-detector';
import type { DetectorConfig } from './types';

/** The detector with defaults filled in. */
export function resolveDetector(source: DetectorSource | undefined, { detector }: Pick<Defaults, 'detector'>): DetectorConfig {
  const { row, season, turn, heartbeat, checkpoint, ...rest } = source?.anomalies ?? {};
  const times = { rowMs: row, seasonMs: season, turnMs: turn, heartbeatMs: heartbeat, checkpointMs: checkpoint };
  const anomalies = overlay(detector.anomalies, { ...rest, ...times });
  const chooseEveryMs = source?.choose === false ? null : source?.choose?.every;
  return { ...overlay(detector, { everyMs: source?.every, windowMs: source?.window, chooseEveryMs }), anomalies };
}
