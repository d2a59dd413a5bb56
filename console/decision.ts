import type { ErrorCode } from '../domain/errors';
import { persist } from '../domain/persist';
import type { Persistence, Uncertain } from '../domain/persist';
import type { Answer, Client, Reply } from './client';

/** After these nobody can tell whether the answer was taken, so the same one is sent again with the same key. */
const AGAIN: readonly Uncertain[] = ['not_recorded', 'unreachable'];

/** Sends an answer, and again while it is not known whether it was taken. `retrying` is told before each repeat. Throws the last error. */
export async function sendAnswer(
  client: Pick<Client, 'decide'>,
  sent: { readonly id: string; readonly answer: Answer; readonly idempotencyKey: string },
  options: Omit<Persistence, 'again'>,
): Promise<Reply> {
  return persist(() => client.decide(sent.id, sent.answer, sent.idempotencyKey), { ...options, again: AGAIN });
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
  return code !== undefined && (AGAIN.some((each) => each === code) || code === 'rate_limited' || code === 'overloaded');
}

/** A key that no other answer has. Pages without TLS on another host have no `randomUUID`. */
export function newIdempotencyKey(): string {
  return `console-${[...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
