import { rateInterval } from './intervals';
import type { Interval } from './intervals';
import { Judge } from './judge';
import { PRODUCTION, settingsOf } from './product';
import { BEGIN, MINUTE_MS, simulatedWeeks, WEEK_MINUTES } from './simulator/weeks';

/** Two seasons of a week each are learnt, and the week after them is counted. */
const LEARNT = 2;
const COUNTED = 1;

/** False alarms in simulated weeks of healthy services. */
export interface WeeksResult {
  readonly serviceWeeks: number;
  readonly falseAlarms: number;
  readonly pages: number;
  readonly falsePagesPerServiceWeek: number;
  /** Exact (Poisson), 95 %. */
  readonly falsePagesInterval: Interval;
  /** Pages by name of the alert that opened them. */
  readonly by: Readonly<Record<string, number>>;
}

/** Watches so many services through three weeks each, in which nothing is wrong. */
export function healthyWeeks(services: number, seed: number, tell: (line: string) => void): WeeksResult {
  const by: Record<string, number> = {};
  let [falseAlarms, pages] = [0, 0];
  for (let i = 0; i < services; i += 1) {
    const judge = new Judge(settingsOf(PRODUCTION));
    for (const row of simulatedWeeks(seed + i, LEARNT + COUNTED)) judge.row(row);
    const told = judge.told(BEGIN + LEARNT * WEEK_MINUTES * MINUTE_MS);
    falseAlarms += told.alerts.length;
    pages += told.pages.length;
    for (const { alert } of told.pages) {
      by[alert.name] = (by[alert.name] ?? 0) + 1;
      tell(`false page: service ${String(seed + i)}: ${alert.summary}`);
    }
  }
  const serviceWeeks = services * COUNTED;
  return { serviceWeeks, falseAlarms, pages, falsePagesPerServiceWeek: pages / serviceWeeks, falsePagesInterval: rateInterval(pages, serviceWeeks), by };
}
