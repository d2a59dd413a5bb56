import type { AlertNote } from '../alert';

/** Whether a text is the id of an anomaly. */
export function isAnomalyId(text: string): boolean {
  return /^ano-[0-9a-f]{32}$/.test(text);
}

/** Ids of the anomalies that an incident's alerts come from, each once, in the order of the alerts. */
export function anomaliesOf(alerts: readonly Pick<AlertNote, 'anomaly'>[]): readonly string[] {
  return [...new Set(alerts.flatMap(({ anomaly }) => anomaly ?? []))];
}
