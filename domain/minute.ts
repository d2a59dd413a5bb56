const MINUTE_MS = 60_000;

/** Begin of the minute of an ISO 8601 time, epoch milliseconds. */
export function minuteOf(iso: string): number {
  return Math.floor(Date.parse(iso) / MINUTE_MS) * MINUTE_MS;
}
