import { existsSync, readFileSync } from 'node:fs';

/** @typedef {{ at: number, requests: number, failed: number, timedOut: number, p95Ms: number | null }} Bucket what customers saw from `at` (epoch milliseconds) on, for 250 ms */

/** Width of a bucket in milliseconds. */
export const BUCKET_MS = 250;

/** Reads a load generator's `loadgen.jsonl`, oldest bucket first. A half-written last line is left out; empty while there is no file. @param {string} file @returns {Bucket[]} */
export function readRecord(file) {
  // Customers who have only just come have written nothing yet.
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}

/** Failed share (0 to 1, null without requests) and number of requests in buckets that begin at `from` or later and before `to` (epoch milliseconds). @param {readonly Bucket[]} record @param {number} from @param {number} to @returns {{ share: number | null, requests: number, failed: number, timedOut: number }} */
export function rate(record, from, to) {
  const inside = record.filter(({ at }) => at >= from && at < to);
  const requests = inside.reduce((sum, bucket) => sum + bucket.requests, 0);
  const failed = inside.reduce((sum, bucket) => sum + bucket.failed, 0);
  const timedOut = inside.reduce((sum, bucket) => sum + bucket.timedOut, 0);
  return { share: requests === 0 ? null : failed / requests, requests, failed, timedOut };
}

/** Begin of the first bucket with a failed request at `after` or later, epoch milliseconds; null when there is none. The bucket that holds `after` counts. @param {readonly Bucket[]} record @param {number} after @returns {number | null} */
export function firstFailure(record, after) {
  return record.find(({ at, failed }) => at + BUCKET_MS > after && failed > 0)?.at ?? null;
}

/**
 * When customers were well again: begin of the first stretch of `forMs` after the first failure in which the failed share stays at or below `threshold`
 * (0 to 1), there is traffic in every second, and the first bucket is itself good. Epoch milliseconds; null while that has not been seen.
 * @param {readonly Bucket[]} record @param {number} after @param {{ threshold?: number, forMs: number }} options @returns {number | null}
 */
export function recoveredAt(record, after, { threshold = 0.02, forMs }) {
  const began = firstFailure(record, after);
  if (began === null) return null;
  const end = (record.at(-1)?.at ?? 0) + BUCKET_MS;
  const stretches = record.filter(({ at }) => at > began && at + forMs <= end);
  return stretches.find(({ at }) => isGood(record, at, at + forMs, threshold))?.at ?? null;
}

/** Whether a stretch and each second of it are good. @param {readonly Bucket[]} record @param {number} from @param {number} to @param {number} threshold */
function isGood(record, from, to, threshold) {
  const whole = rate(record, from, to);
  const first = rate(record, from, from + BUCKET_MS);
  if (whole.share === null || whole.share > threshold || (first.share ?? 1) > threshold) return false;
  for (let second = from; second < to; second += 1000) {
    const { share } = rate(record, second, Math.min(second + 1000, to));
    if (share === null || share > Math.max(threshold, 0.05)) return false;
  }
  return true;
}
