import { PRESETS } from '../../domain/anomaly/presets';
import { ALERTS_PER_WEEK, SeriesWatch } from '../../domain/anomaly/watch';
import type { MadeSeries } from './repeats';
import { madeSeries } from './repeats';

/** Alerts of the whole chain (detector, threshold, floor, episodes) on made series of 8 weeks, of which the first two are learnt. */
export interface AlertsResult {
  readonly alertsPerWeek: number;
  readonly incidents: number;
  readonly found: number;
  readonly falsePerSeriesWeek: number;
  readonly falsePerHealthySeriesWeek: number;
}

const DAYS = 56;
const WEEKS_LEARNT = 2;

/** Watches the series of some seeds, once with incidents that repeat and once without any. */
export function benchAlerts(seeds: readonly number[]): AlertsResult {
  const [troubled, healthy] = [false, true].map((none) => seeds.flatMap((seed) => madeSeries(seed, { days: DAYS, healthy: none })).map(alertsOf));
  const sum = (all: ReturnType<typeof alertsOf>[] | undefined, pick: (one: ReturnType<typeof alertsOf>) => number): number =>
    (all ?? []).reduce((total, one) => total + pick(one), 0);
  const weeks = (all: readonly object[] | undefined): number => (all?.length ?? 0) * (DAYS / 7 - WEEKS_LEARNT);
  const share = (count: number, of: number): number => Number((count / of).toPrecision(3));
  return {
    alertsPerWeek: ALERTS_PER_WEEK,
    incidents: sum(troubled, ({ incidents }) => incidents),
    found: sum(troubled, ({ found }) => found),
    falsePerSeriesWeek: share(
      sum(troubled, (one) => one.wrong),
      weeks(troubled),
    ),
    falsePerHealthySeriesWeek: share(
      sum(healthy, (one) => one.wrong),
      weeks(healthy),
    ),
  };
}

function alertsOf({ kind, rows, windows }: MadeSeries): { readonly incidents: number; readonly found: number; readonly wrong: number } {
  const watch = new SeriesWatch({ detector: PRESETS.default, kind });
  const found = new Set<number>();
  let wrong = 0;
  rows.forEach(({ at, value }, i) => {
    if (watch.push(at, value).anomaly?.alerting !== true) return;
    const window = windows.findIndex(([first, last]) => i >= first && i <= last);
    if (window < 0) wrong += 1;
    else found.add(window);
  });
  return { incidents: windows.length, found: found.size, wrong };
}
