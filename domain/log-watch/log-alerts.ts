import type { Alert } from '../alert';
import { anomalyText } from '../detection/anomaly-record';
import type { AnomalyRecord } from '../detection/anomaly-record';
import { humanDuration, utcTime } from '../human-time';
import type { Service } from '../inventory';
import { limitSeverity } from '../limit-severity';
import type { LogAnomaly } from '../log-templates/rates-types';
import { cleanText, digestId } from '../outside-text';

/** What is measured: lines of level error in a minute. Nothing that verification measures, so that a remedy is judged by the guardrails, and unknown where those were well before it too. */
export const ERROR_LINES = 'errorLines';
const UNUSUAL = 'ErrorLinesUnusual';
const NEW_LINE = 'NewErrorLine';

/** Where lines are written. */
export type LogPlace = Pick<Service, 'name' | 'environment' | 'tier'>;

/** A condition that began, or ended when `endedAt` is given. Times are epoch milliseconds. */
export interface LogCondition {
  readonly since: number;
  readonly endedAt?: number;
}

/** The lines that an alert is mostly about. */
export interface FrequentLine {
  readonly text: string;
  readonly lines: number;
}

/** Alert that a service writes far more error lines than usual, or that this is over; the same spike always has the same id. */
export function errorLinesAlert(place: LogPlace, condition: LogCondition, about: { readonly record?: AnomalyRecord; readonly most?: FrequentLine }): Alert {
  const { record, most } = about;
  const often = most === undefined ? '' : ` Most often “${cleanText(most.text, 200)}”, ${String(most.lines)} times since ${utcTime(condition.since)}.`;
  const told = record ? anomalyText(record) : `error lines come far more often than usual again since ${utcTime(condition.since)}.`;
  const summary = condition.endedAt === undefined ? `${told}${often}` : `error lines are as usual again since ${utcTime(condition.endedAt)}`;
  return {
    ...alertOf(place, `log:${place.environment}/${place.name}/${ERROR_LINES}`, UNUSUAL, condition, summary),
    ...(record && { value: record.anomaly.value, threshold: record.anomaly.band.high }),
    ...(record && condition.endedAt === undefined && { anomaly: record.id }),
  };
}

/** Alert that an error line that was never there before comes often, or that it comes no more. `template` is the line with placeholders that it is known by. */
export function newLineAlert(
  place: LogPlace,
  condition: LogCondition,
  about: { readonly template: string; readonly text: string; readonly anomaly?: LogAnomaly; readonly record?: AnomalyRecord },
): Alert {
  const fingerprint = `log:${place.environment}/${place.name}/${digestId('line', [about.template])}`;
  const { anomaly, record } = about;
  const lasted = condition.endedAt === undefined ? 0 : condition.endedAt - condition.since;
  const over = `the error line “${about.text}”, new since ${utcTime(condition.since)}, has not come any more after ${humanDuration(lasted)}`;
  return {
    ...alertOf(place, fingerprint, NEW_LINE, condition, anomaly?.sentence ?? over),
    ...(anomaly && { value: anomaly.lines }),
    ...(record && { anomaly: record.id }),
  };
}

function alertOf(place: LogPlace, fingerprint: string, name: string, { since, endedAt }: LogCondition, text: string): Alert {
  const startsAt = new Date(since).toISOString();
  const status = endedAt === undefined ? 'firing' : 'resolved';
  return {
    ...{ id: `${fingerprint}:${startsAt}:${status}`, fingerprint, status, source: 'detector' },
    ...{ environment: place.environment, service: place.name, name, severity: limitSeverity(place.tier, ERROR_LINES) },
    ...{ summary: `${place.name}: ${text}`, startsAt, signal: ERROR_LINES, labels: {} },
    ...(endedAt !== undefined && { endsAt: new Date(endedAt).toISOString() }),
  };
}
