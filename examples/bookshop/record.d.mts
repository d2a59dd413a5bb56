/** What customers saw from `at` (epoch milliseconds) on, for 250 ms. */
export interface Bucket {
  readonly at: number;
  readonly requests: number;
  readonly failed: number;
  /** How many of the failed ones got no answer in time. */
  readonly timedOut: number;
  readonly p95Ms: number | null;
}
/** Width of a bucket in milliseconds. */
export const BUCKET_MS: number;
/** Reads a load generator's `loadgen.jsonl`, oldest first; throws when there is no file. */
export function readRecord(file: string): Bucket[];
/** Failed share (0 to 1, null without requests) and counts in buckets with `from <= at < to` (epoch milliseconds). */
export function rate(record: readonly Bucket[], from: number, to: number): { share: number | null; requests: number; failed: number; timedOut: number };
/** Begin of the first bucket with a failed request at `after` or later (epoch milliseconds), or null. */
export function firstFailure(record: readonly Bucket[], after: number): number | null;
/** Begin of the first good stretch of `forMs` after the first failure (epoch milliseconds), or null; `threshold` is a share, 0.02 unless given. */
export function recoveredAt(record: readonly Bucket[], after: number, options: { threshold?: number; forMs: number }): number | null;
