import { appendFileSync } from 'node:fs';

/** @typedef {'served' | 'failed' | 'timed-out'} Outcome */

/** Width of a bucket of the record in milliseconds. */
const BUCKET_MS = 250;

/**
 * What customers saw, a line of `loadgen.jsonl` for each 250 ms: a request counts in the bucket in which its answer came, or in which the customer gave up.
 * Empty buckets are written too. Returns how to tell it of a request and how to end it.
 * @param {string} file
 */
export function recorder(file) {
  /** @type {{ at: number, failed: number, timedOut: number, times: number[] }} */
  const state = { at: Math.floor(Date.now() / BUCKET_MS) * BUCKET_MS, failed: 0, timedOut: 0, times: [] };
  const flush = () => {
    const now = Math.floor(Date.now() / BUCKET_MS) * BUCKET_MS;
    let lines = '';
    for (; state.at < now; state.at += BUCKET_MS) {
      const times = state.times.sort((a, b) => a - b);
      const p95 = times[Math.max(0, Math.ceil(times.length * 0.95) - 1)];
      lines += `${JSON.stringify({ at: state.at, requests: times.length, failed: state.failed, timedOut: state.timedOut, p95Ms: p95 === undefined ? null : Math.round(p95 * 10) / 10 })}\n`;
      state.times = [];
      [state.failed, state.timedOut] = [0, 0];
    }
    if (lines !== '') appendFileSync(file, lines);
  };
  const timer = setInterval(flush, BUCKET_MS / 5);
  return {
    /** @param {Outcome} outcome @param {number} ms */
    seen: (outcome, ms) => {
      flush();
      state.times.push(ms);
      if (outcome !== 'served') state.failed += 1;
      if (outcome === 'timed-out') state.timedOut += 1;
    },
    end: () => {
      clearInterval(timer);
      flush();
    },
  };
}
