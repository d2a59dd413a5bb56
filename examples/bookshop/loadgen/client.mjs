import http from 'node:http';

/** A customer goes away after this many milliseconds; that counts as failed. */
const PATIENCE_MS = 2000;

/** @typedef {{ status: number | null, body: unknown }} Answer status is null when no answer came */
/** @typedef {(method: string, path: string, body?: object) => Promise<Answer>} Call */

/** @param {string} text @returns {unknown} */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Calls the service and tells `seen` of each answer, or of none, with the milliseconds that it took. Never rejects.
 * @param {string} url @param {(outcome: import('./recorder.mjs').Outcome, ms: number) => void} seen @returns {Call}
 */
export function clientOf(url, seen) {
  return (method, path, body) =>
    new Promise((resolve) => {
      const began = performance.now();
      const headers = body ? { 'content-type': 'application/json' } : {};
      const request = http.request(new URL(path, url), { method, headers });
      const timer = setTimeout(() => {
        late = true;
        request.destroy(new Error('too slow'));
      }, PATIENCE_MS);
      let [told, late] = [false, false];
      const tell = (/** @type {Answer} */ answer) => {
        if (told) return;
        told = true;
        clearTimeout(timer);
        const outcome = answer.status === null || answer.status >= 500 ? 'failed' : 'served';
        seen(late ? 'timed-out' : outcome, performance.now() - began);
        resolve(answer);
      };
      request.on('error', () => tell({ status: null, body: undefined }));
      request.on('response', (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (part) => (text += part));
        response.on('end', () => tell({ status: response.statusCode ?? null, body: parsed(text) }));
        response.on('error', () => tell({ status: null, body: undefined }));
      });
      request.end(body ? JSON.stringify(body) : undefined);
    });
}
