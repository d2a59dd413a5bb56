import { readFile } from 'node:fs/promises';
import { HttpError } from './http.mjs';

/** Longest wait for payments in milliseconds. */
const PATIENCE_MS = 1200;

/** @typedef {(order: string, cents: number) => Promise<void>} Charge */

/**
 * Charges an order through the payments process that `file` tells of. The returned function throws HttpError 502 when payments
 * does not take the charge.
 * @param {string} file @returns {Charge}
 */
export function paymentsClient(file) {
  return async (order, cents) => {
    try {
      const { url } = JSON.parse(await readFile(file, 'utf8'));
      const reply = await fetch(`${url}/charges`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ order, cents }),
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      await reply.arrayBuffer();
      if (!reply.ok) throw new Error(`HTTP ${reply.status}`);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new HttpError(502, `payments does not answer: ${reason}`);
    }
  };
}
