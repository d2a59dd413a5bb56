import type { AlertNote } from '../alert';
import type { Diagnosis, Hypothesis } from '../diagnosis';

/** Name of the alert that a limit will be broken, although nothing is broken yet. */
export const PREDICTED_BREACH = 'PredictedBreach';
/** Name of the alert that what was predicted has come true. */
export const LIMIT_BROKEN = 'LimitBroken';
/** Source of both. */
export const FORECAST_SOURCE = 'forecast';

/** Whether an alert is about what is to come. */
export function isPrediction({ name, source }: Pick<AlertNote, 'name' | 'source'>): boolean {
  return name === PREDICTED_BREACH && source === FORECAST_SOURCE;
}

/** Whether an incident is about what is to come and nothing else: each alert that counts (those that fire, or where none does, all) is a prediction. */
export function isForetold(alerts: readonly Pick<AlertNote, 'name' | 'source' | 'status'>[]): boolean {
  const firing = alerts.filter(({ status }) => status === 'firing');
  const counted = firing.length > 0 ? firing : alerts;
  return counted.length > 0 && counted.every(isPrediction);
}

/** After the last time that a prediction speaks of, its end is waited for so long. */
const PATIENCE_MS = 24 * 3_600_000;

/** Until when the end of the predictions that fire is waited for, epoch milliseconds: a day after what they speak of, or after `now` where they speak of no time. */
export function endsBy(alerts: readonly Pick<AlertNote, 'name' | 'source' | 'status' | 'shortage'>[], now: number): number {
  const told = alerts.flatMap((alert) => (isPrediction(alert) && alert.status === 'firing' && alert.shortage ? [alert.shortage.until] : []));
  return Math.max(now, ...told) + PATIENCE_MS;
}

/** The first sentence of a prediction, such as `bookshop: order handles will be full in 2 to 5 hours`. */
export function headlineOf({ summary }: Pick<AlertNote, 'summary'>): string {
  return summary.split('. ')[0] ?? summary;
}

/**
 * A diagnosis where nothing is broken yet: a resource that fills up may be the reason of the forecast, everything else would be blamed for trouble that is not there. What was found
 * otherwise stands among what was ruled out. A shortage that more of the service would meet comes first.
 */
export function foretoldDiagnosis(found: Diagnosis, shortage?: Hypothesis): Diagnosis {
  const filling = found.hypotheses.filter(({ cause }) => cause === 'resource-exhaustion');
  const hypotheses = shortage ? [{ ...shortage, supporting: filling[0]?.supporting ?? [] }, ...filling] : filling;
  const blamed = found.hypotheses.filter((hypothesis) => !filling.includes(hypothesis));
  const reason = 'nothing is broken yet that it could be blamed for';
  return {
    ...found,
    verdict: hypotheses.length > 0 ? 'determined' : 'undetermined',
    cause: hypotheses[0]?.cause ?? 'undetermined',
    hypotheses,
    ruledOut: [...blamed.map(({ title, supporting }) => ({ title, reason, evidence: supporting })), ...found.ruledOut],
    unknown: [...found.unknown, 'Whether it comes as predicted: a forecast says what is likely'],
  };
}
