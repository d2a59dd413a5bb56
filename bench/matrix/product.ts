import { defaultsOf } from '../../config/defaults';
import { PRESETS, withSeason } from '../../domain/anomaly/presets';
import type { ServiceWatchSettings } from '../../domain/detection/service-watch';

/** What the product's defaults say of detection. */
export interface ProductSettings {
  readonly rowMs: number;
  readonly seasonMs: number;
  readonly alertsPerWeek: number;
  readonly minRequests: number;
}

/** As a service is watched by default, and as the demo is, whose seconds are what minutes are in earnest. */
export const PRODUCTION: ProductSettings = defaultsOf('default').detector.anomalies;
export const DEMO: ProductSettings = defaultsOf('fast').detector.anomalies;

/** The unchanged detector of the product. */
export function settingsOf({ seasonMs, alertsPerWeek, minRequests }: ProductSettings): ServiceWatchSettings {
  return { detector: withSeason(PRESETS.default, seasonMs), alertsPerWeek, minRequests };
}
