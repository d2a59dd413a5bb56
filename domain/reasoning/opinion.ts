import type { CauseKind } from '../names';
import type { Rung } from './rungs';

/** A hypothesis of a model that was checked against the evidence. */
export interface OpinedHypothesis {
  /** Id of the hypothesis of the statistics that it is; absent where it is none of them. */
  readonly statistical?: string;
  readonly cause: CauseKind;
  /** A sentence of the model, without links, secrets and invented numbers; text from outside all the same. */
  readonly statement: string;
  readonly supporting: readonly string[];
  readonly contradicting: readonly string[];
  readonly quotes: readonly { readonly evidence: string; readonly text: string }[];
  /** 1 to 5, as the model says: it only orders. */
  readonly confidence: number;
}

/** Something of an answer that is not used, and why. */
export interface Discarded {
  readonly what: string;
  readonly reasons: readonly string[];
}

/** What may be used of an answer. */
export interface Judged {
  readonly hypotheses: readonly OpinedHypothesis[];
  /** Id of a candidate. */
  readonly runbook?: string;
  readonly summary?: string;
  readonly unknowns: readonly string[];
  readonly needsHuman: boolean;
  readonly discarded: readonly Discarded[];
}

/** Tokens of a call, as the provider counts them. */
export interface TokenUsage {
  readonly input: number;
  readonly output: number;
  /** Read from and written to a provider's cache, beside `input`. */
  readonly cacheRead: number;
  readonly cacheWrite: number;
}

/** Why no answer of a model is used. */
export type NoOpinionReason = 'off' | 'over-budget' | 'failed' | 'unusable';

/** What a model said of one round, checked, with what it cost; it is recorded, and decides nothing by itself. */
export interface Opinion extends Judged {
  readonly incidentId: string;
  readonly round: number;
  /** ISO 8601. */
  readonly at: string;
  readonly outcome: 'used' | NoOpinionReason;
  /** In words, where nothing of it is used. */
  readonly why?: string;
  /** Which model answered, and on which rung. */
  readonly model?: string;
  readonly rung?: Rung;
  readonly usage: TokenUsage;
  /** Millionths of a US dollar. */
  readonly microUsd: number;
  readonly latencyMs: number;
  /** Questions that were asked: 1, or 2 with the one to mend an answer. */
  readonly turns: number;
  /** Whether a guardrail saw an attack in the evidence. */
  readonly guardrail?: 'detected';
}

/** Nothing was used. */
export const NO_TOKENS: TokenUsage = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };

/** The sum of two. */
export function addUsage(a: TokenUsage, b: TokenUsage): TokenUsage {
  return { input: a.input + b.input, output: a.output + b.output, cacheRead: a.cacheRead + b.cacheRead, cacheWrite: a.cacheWrite + b.cacheWrite };
}

/** An opinion that holds nothing but the reason. */
export function noOpinion(of: Pick<Opinion, 'incidentId' | 'round' | 'at' | 'outcome'> & Partial<Opinion> & { readonly why: string }): Opinion {
  return { hypotheses: [], unknowns: [], needsHuman: false, discarded: [], usage: NO_TOKENS, microUsd: 0, latencyMs: 0, turns: 0, ...of };
}
