import type { Alert } from '../domain/alert';
import { SEVERITIES } from '../domain/names';

/** Is it an alert? Anybody with access to Temporal can send anything as a signal. */
export function isAlert(value: unknown): value is Alert {
  if (typeof value !== 'object' || value === null) return false;
  const a = value as Record<string, unknown>;
  return (
    ['id', 'fingerprint', 'name', 'source', 'service', 'summary'].every((k) => typeof a[k] === 'string') &&
    SEVERITIES.some((s) => s === a['severity']) &&
    !Number.isNaN(Date.parse(String(a['startsAt']))) &&
    (a['status'] === 'firing' || a['status'] === 'resolved')
  );
}
