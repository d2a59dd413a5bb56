import { createHash } from 'node:crypto';

/**
 * Identity of a message whose lines and calls are counted: the same bytes with the same times are the same delivery, sent again because its answer was lost. The times of what
 * is in it belong to it: lines that carry none get the time of their arrival, and two such messages are two.
 */
export function deliveryId(bytes: Uint8Array, times: readonly string[]): string {
  return createHash('sha256').update(bytes).update(times.join()).digest('hex').slice(0, 32);
}
