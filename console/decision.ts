import { errorCode } from '../domain/errors';
import type { ErrorCode } from '../domain/errors';
import type { Answer, Client, Reply } from './client';

/** So often an answer that was not recorded is sent again, and so long after the one before, in milliseconds. */
export const PERSISTENCE = { retries: 4, pauseMs: 800 } as const;

/** After these nobody can tell whether the answer was taken, so the same one is sent again with the same key. */
const AGAIN: ReadonlySet<ErrorCode> = new Set(['not_recorded', 'unreachable']);

/**
 * Sends an answer, and while it is not recorded the same answer with the same Idempotency-Key again, so that it counts once however often it arrives. `retrying` is told
 * before each repeat. Throws the last error.
 */
export async function sendAnswer(
  client: Pick<Client, 'decide'>,
  sent: { readonly id: string; readonly answer: Answer; readonly idempotencyKey: string },
  options: { readonly pause: (ms: number) => Promise<void>; readonly retrying: (attempt: number) => void },
): Promise<Reply> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await client.decide(sent.id, sent.answer, sent.idempotencyKey);
    } catch (error) {
      const code = errorCode(error);
      if (attempt > PERSISTENCE.retries || code === undefined || !AGAIN.has(code)) throw error;
    }
    options.retrying(attempt);
    await options.pause(PERSISTENCE.pauseMs);
  }
}

/** What a refused answer means for the person who gave it, and what to do now; the API's own sentence stands before it. */
export function adviceFor(code: ErrorCode | undefined, incidentId: string): string {
  switch (code) {
    case 'stale_proposal':
      return 'Your answer does not count for the new one. Read what is proposed now, and answer that.';
    case 'expired':
      return `Nothing was done. For a new proposal hand the incident back: npx nightshift incident hand-back ${incidentId}`;
    case 'forbidden':
      return 'Your answer was not taken, and the refusal stands in the audit. Ask somebody who may decide here.';
    case 'conflict':
      return 'Somebody was faster, or the incident has moved on. This page shows how it is now.';
    case 'not_recorded':
    case 'unreachable':
      return 'It is not known whether your answer arrived. Send it again: it carries the same key and counts once.';
    case 'rate_limited':
      return 'Your answer was not taken. Wait a moment, then send it again.';
    case undefined:
    default:
      return 'Your answer was not taken.';
  }
}

/** Whether sending the very same answer again can help. */
export function canSendAgain(code: ErrorCode | undefined): boolean {
  return code !== undefined && (AGAIN.has(code) || code === 'rate_limited' || code === 'overloaded');
}

/** A key that no other answer has. Pages without TLS on another host have no `randomUUID`. */
export function newIdempotencyKey(): string {
  return `console-${[...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
