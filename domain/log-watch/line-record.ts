import type { Anomaly } from '../anomaly/explain';
import { anomalyRecord, MOST_POINTS } from '../detection/anomaly-record';
import type { AnomalyPoint, AnomalyRecord } from '../detection/anomaly-record';
import type { CountedTemplate, LogAnomaly, RateSettings } from '../log-templates/rates-types';
import { digestId } from '../outside-text';
import type { LogPlace } from './log-alerts';

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
/** A chance that cannot be told from none would make the score 1. */
const LEAST_CHANCE = 1e-9;

/** What the record of unusual lines is made of. */
export interface LineFacts {
  readonly anomaly: LogAnomaly;
  /** The line with placeholders that it is known by. */
  readonly line: string;
  readonly template: CountedTemplate;
  readonly settings: RateSettings;
  /** Templates of the service, among which the chance is shared. */
  readonly templates: number;
  readonly alerting: boolean;
}

/** Unusual lines as an anomaly that can be looked up, drawn and judged: the score is one less the chance of so many lines, were nothing unusual. */
export function lineRecord({ environment, name }: LogPlace, facts: LineFacts): AnomalyRecord {
  const { anomaly, line, settings, alerting } = facts;
  const { from, now, windowMs, alertsPerWeek } = settings;
  const known = (now - from) / DAY_MS;
  const smallest = alertsPerWeek / (Math.max(1, facts.templates) * (WEEK_MS / windowMs));
  const rarely = windowMs / DAY_MS / Math.max(LEAST_CHANCE, anomaly.chance);
  const never = anomaly.kind === 'new' ? anomaly.chance === 0 : rarely > known;
  const told: Anomaly = {
    ...{ at: now, value: anomaly.lines, kind: 'log', direction: 'above', since: anomaly.since, learning: false, alerting },
    ...{
      score: 1 - Math.max(LEAST_CHANCE, anomaly.chance),
      threshold: 1 - smallest,
      band: { low: anomaly.expected.low, expected: anomaly.expected.mean, high: anomaly.expected.high },
    },
    ...{ sign: 'value', shares: { value: 1, season: 0, spread: 0, level: 0, band: 0 } },
    rarity: never ? { days: known, never } : { days: rarely, never },
  };
  const label = `${anomaly.kind === 'new' ? 'new' : 'more'} ${anomaly.level} lines “${anomaly.text}”`;
  const series = { environment, service: name, measure: `logTemplate:${digestId('line', [line])}`, label, unit: `lines in ${String(windowMs / 60_000)} m` };
  return anomalyRecord(series, told, pointsOf(facts));
}

/** Lines in each of the windows before, by their end. */
function pointsOf({ template, settings: { from, now, windowMs } }: LineFacts): readonly AnomalyPoint[] {
  const count = Math.min(MOST_POINTS, Math.floor((now - from) / windowMs));
  const sums = new Array<number>(count).fill(0);
  for (const { at, lines } of template.minutes) {
    const place = count - 1 - Math.floor((now - 1 - at) / windowMs);
    if (place >= 0 && place < count) sums[place] = (sums[place] ?? 0) + lines;
  }
  return sums.map((value, i) => ({ at: now - (count - 1 - i) * windowMs, value }));
}
