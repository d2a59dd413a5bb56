import { NightshiftError } from '../../domain/errors';

/** Value of a stored JSON text; the caller names the type that was written there. */
export function parsed<T>(body: string): T {
  return JSON.parse(body) as T;
}

/** Epoch milliseconds of an ISO 8601 time. Throws `invalid_input` naming the field. */
export function millis(iso: string, field: string): number {
  const at = Date.parse(iso);
  if (Number.isNaN(at))
    throw new NightshiftError('invalid_input', `${field} must be an ISO 8601 time, not "${iso.slice(0, 40)}".`, [
      { path: field, message: 'not an ISO 8601 time' },
    ]);
  return at;
}
