import { useCallback, useState } from 'preact/hooks';
import { defined } from '../domain/defined';
import { errorCode, errorMessage } from '../domain/errors';
import type { ErrorCode } from '../domain/errors';
import type { RejectionCode } from '../domain/rejection';
import type { Answer, Client, Reply } from './client';
import { newIdempotencyKey, sendAnswer } from './decision';

/** An answer on its way. */
export type Sending =
  | { readonly phase: 'idle' }
  | { readonly phase: 'chosen'; readonly answer: Answer }
  | { readonly phase: 'sending'; readonly attempt: number }
  | { readonly phase: 'failed'; readonly id: string; readonly code: ErrorCode | undefined; readonly message: string; readonly sent: Sent }
  | { readonly phase: 'done'; readonly reply: Reply };

/** Exactly what was sent, to send it again. */
interface Sent {
  readonly id: string;
  readonly answer: Answer;
  readonly idempotencyKey: string;
}

/** What the form does with an answer. */
export interface Decision {
  readonly state: Sending;
  /** Chooses a verdict on the proposal with this digest; nothing is sent yet. */
  readonly choose: (verdict: Answer['verdict'], proposal: string) => void;
  readonly reset: () => void;
  /** `code` goes with a rejection alone. */
  readonly send: (reason: string, code?: RejectionCode) => Promise<void>;
  readonly sendAgain: () => Promise<void>;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Holds the answer of a person to an incident's proposal. `answered` is called once something came of it, as the incident looks different then. */
export function useDecision(client: Client, id: string, answered: () => void): Decision {
  const [state, setState] = useState<Sending>({ phase: 'idle' });

  const deliver = useCallback(
    async (sent: Sent): Promise<void> => {
      setState({ phase: 'sending', attempt: 0 });
      try {
        const reply = await sendAnswer(client, sent, { now: () => performance.now(), pause, retrying: (attempt) => setState({ phase: 'sending', attempt }) });
        setState({ phase: 'done', reply });
      } catch (error) {
        setState({ phase: 'failed', id, code: errorCode(error), message: errorMessage(error), sent });
      }
      answered();
    },
    [client, id, answered],
  );

  return {
    state,
    choose: (verdict, proposal) => setState({ phase: 'chosen', answer: { verdict, proposal } }),
    reset: () => setState({ phase: 'idle' }),
    send: async (reason, code) => {
      if (state.phase !== 'chosen') return;
      const why = state.answer.verdict === 'reject' ? defined({ code }) : {};
      const answer = { ...state.answer, ...(reason.trim() === '' ? {} : { reason: reason.trim() }), ...why };
      await deliver({ id, answer, idempotencyKey: newIdempotencyKey() });
    },
    sendAgain: async () => {
      if (state.phase === 'failed') await deliver(state.sent);
    },
  };
}
