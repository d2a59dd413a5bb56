import type { ConverseCommandOutput, GuardrailAssessment, TokenUsage } from '@aws-sdk/client-bedrock-runtime';
import { NO_TOKENS } from '../../../domain/reasoning/opinion';
import type { ReasonerFailure } from '../../../ports/reasoner';
import { TOOL } from '../../reasoning/vendor';
import type { VendorAnswer } from '../../reasoning/vendor';

/** Reasons to stop by which there is no answer; all others leave it to the text. */
const STOPPED: Readonly<Record<string, readonly [ReasonerFailure, string]>> = {
  max_tokens: ['cut-off', 'the answer was longer than reasoning.maxTokens allows'],
  guardrail_intervened: ['guardrail', 'the guardrail stopped the answer'],
  content_filtered: ['refused', 'the provider filtered the answer'],
  refusal: ['refused', 'the model refused to answer'],
  model_context_window_exceeded: ['too-long', 'the question is too long for the model'],
};

/** What Converse answered: the text, or the input of the tool as JSON. */
export function converseAnswer({ output, stopReason, usage, trace }: ConverseCommandOutput): VendorAnswer {
  const blocks = output?.message?.content ?? [];
  const input = blocks.find(({ toolUse }) => toolUse?.name === TOOL)?.toolUse?.input;
  const text = input === undefined ? blocks.flatMap((block) => block.text ?? []).join('') : JSON.stringify(input);
  const stopped = stopReason !== undefined && Object.hasOwn(STOPPED, stopReason) ? STOPPED[stopReason] : undefined;
  const assessments = Object.values(trace?.guardrail?.inputAssessment ?? {});
  return {
    usage: usageOf(usage),
    text,
    ...(stopped && { stopped: { failure: stopped[0], message: stopped[1] } }),
    ...(assessments.some(saw) && { guardrail: 'detected' as const }),
  };
}

function usageOf(usage: TokenUsage | undefined): VendorAnswer['usage'] {
  if (!usage) return NO_TOKENS;
  const { inputTokens = 0, outputTokens = 0, cacheReadInputTokens = 0, cacheWriteInputTokens = 0 } = usage;
  return { input: inputTokens, output: outputTokens, cacheRead: cacheReadInputTokens, cacheWrite: cacheWriteInputTokens };
}

function saw({ contentPolicy }: GuardrailAssessment): boolean {
  return (contentPolicy?.filters ?? []).some(({ detected, action }) => detected === true || action === 'BLOCKED');
}
