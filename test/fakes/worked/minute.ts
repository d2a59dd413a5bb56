const MINUTE_MS = 60_000;
/** Second of a minute in which the crawler begins: its searches fill the cache in some nine seconds, so that errors stand in the last ones of the minute, and a slow machine has its time. */
const BEGINS_MS = 43_000;

/** When the fault is best begun from some time on (epoch milliseconds): lines are counted by the minute, and nobody should wait for a whole one. */
export function faultBeginsAt(from: number): number {
  const minute = Math.floor(from / MINUTE_MS) * MINUTE_MS;
  const at = minute + BEGINS_MS;
  return at >= from ? at : at + MINUTE_MS;
}
