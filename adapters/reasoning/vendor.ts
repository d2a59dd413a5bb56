import type { TokenUsage } from '../../domain/reasoning/opinion';
import type { PromptPart } from '../../domain/reasoning/request';
import type { Repair } from '../../domain/reasoning/repair';
import type { Rung } from '../../domain/reasoning/rungs';
import type { AnswerSchema } from '../../domain/reasoning/schema';
import type { ReasonerFailure } from '../../ports/reasoner';

/** A model that may be asked. */
export interface ModelSettings {
  /** As its provider calls it, such as the id or the ARN of a profile. */
  readonly id: string;
  /** The best that it can do; found out when nothing is said. */
  readonly rung?: Rung;
  /** Whether the provider is told to keep the part that is the same for all. */
  readonly cache?: boolean;
}

/** One message to a model. */
export interface Sent {
  readonly model: ModelSettings;
  readonly rung: Rung;
  readonly system: string;
  readonly parts: readonly PromptPart[];
  readonly schema: AnswerSchema;
  readonly maxTokens: number;
  readonly repair?: Repair;
  /** What the call is for, where the provider keeps a log. */
  readonly labels: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** What a provider answered: a text, or why it stopped without one. */
export interface VendorAnswer {
  readonly usage: TokenUsage;
  readonly text: string;
  readonly stopped?: { readonly failure: ReasonerFailure; readonly message: string };
  readonly guardrail?: 'detected';
}

/** Why a call failed; `schema-refused` where the model cannot do what the rung asks for. */
export interface VendorFailure {
  readonly failure: ReasonerFailure | 'schema-refused';
  readonly message: string;
  readonly retryAfterMs?: number;
  /** The other side may have worked, and asks money for it. */
  readonly unsure?: true;
}

/** One provider of models. */
export interface ModelVendor {
  ask(sent: Sent): Promise<VendorAnswer>;
  /** What an error of `ask` means. */
  failureOf(error: unknown, rung: Rung): VendorFailure;
}

/** Name of the tool by which a model answers. */
export const TOOL = 'report_diagnosis';
/** What it is for. */
export const TOOL_TEXT = 'Reports the diagnosis. It is the only way to answer, and nothing else happens by it.';

/** The last part on a rung where the form is told in words. */
export function formInWords(schema: AnswerSchema): string {
  return `\nThe object must fit this JSON Schema exactly:\n${JSON.stringify(schema)}`;
}
