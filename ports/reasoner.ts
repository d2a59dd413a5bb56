import type { Opinion, TokenUsage } from '../domain/reasoning/opinion';
import type { ReasoningLimits, Spent } from '../domain/reasoning/budget';
import type { Repair } from '../domain/reasoning/repair';
import type { ReasoningRequest } from '../domain/reasoning/request';
import type { Rung } from '../domain/reasoning/rungs';

/** A question to a model: the request, and after an answer that could not be used that answer and what is wrong with it. */
export interface Question {
  readonly request: ReasoningRequest;
  readonly repair?: Repair;
}

/** Why a model gave no answer; only `throttled`, `timeout` and `unavailable` may be better later. */
export type ReasonerFailure =
  'throttled' | 'timeout' | 'unavailable' | 'cut-off' | 'too-long' | 'refused' | 'guardrail' | 'forbidden' | 'misconfigured' | 'cancelled';

/** What came of a question. `usage` holds everything that was counted on the way; `unsure` tells that a try may have cost something that nobody counted. */
export type ReasonerResult = {
  readonly usage: TokenUsage;
  readonly latencyMs: number;
  readonly unsure?: true;
} & (
  | { readonly ok: true; readonly text: string; readonly model: string; readonly rung: Rung; readonly guardrail?: 'detected' }
  | { readonly ok: false; readonly failure: ReasonerFailure; readonly message: string; readonly retryAfterMs?: number }
);

/** Asks a model. Never throws for what the other side does, and ends within its time-outs, however long the other side takes. */
export interface Reasoner {
  reason(question: Question, options: { readonly signal: AbortSignal }): Promise<ReasonerResult>;
}

/** Which question something is spent on; `attempt` is another one for each time that a model is asked. */
export interface SpendingKey {
  readonly incidentId: string;
  readonly round: number;
  readonly attempt: number;
}

/** What models cost, kept over restarts. */
export interface ReasoningBudget {
  /**
   * Sets aside what a question may cost at most, one caller at a time over all workers; `at` (epoch milliseconds) tells the day, by UTC. The same key again changes nothing and is
   * granted. Returns why not, where a limit would be passed.
   */
  reserve(key: SpendingKey, most: Spent, limits: ReasoningLimits, at: number): Promise<{ readonly refused?: string }>;
  /** What it did cost takes the place of what was set aside. Once: a second time changes nothing. */
  settle(key: SpendingKey, spent: Spent): Promise<void>;
}

/** Opinions by incident and round. */
export interface OpinionStore {
  /** The first of a round stays; returns the one that is kept. */
  save(opinion: Opinion): Promise<Opinion>;
  ofRound(incidentId: string, round: number): Promise<Opinion | undefined>;
}
