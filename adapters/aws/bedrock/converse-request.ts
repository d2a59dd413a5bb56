import type { ContentBlock, ConverseCommandInput, Message, Tool } from '@aws-sdk/client-bedrock-runtime';
import type { PromptPart } from '../../../domain/reasoning/request';
import type { AnswerSchema } from '../../../domain/reasoning/schema';
import { formInWords, TOOL, TOOL_TEXT } from '../../reasoning/vendor';
import type { Sent } from '../../reasoning/vendor';

/** A guardrail of Bedrock, which looks at what outsiders wrote. */
export interface Guardrail {
  /** Its id or ARN. */
  readonly id: string;
  readonly version: string;
}

/** A message as Converse takes it. https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html */
export function converseInput(sent: Sent, guardrail: Guardrail | undefined): ConverseCommandInput {
  const { model, rung, system, maxTokens, labels, schema } = sent;
  return {
    modelId: model.id,
    system: [{ text: system }, ...(model.cache === true ? [{ cachePoint: { type: 'default' } } as const] : [])],
    messages: messagesOf(sent, guardrail !== undefined),
    inferenceConfig: { maxTokens },
    requestMetadata: { ...labels },
    ...(guardrail && { guardrailConfig: { guardrailIdentifier: guardrail.id, guardrailVersion: guardrail.version, trace: 'enabled' } }),
    ...(rung === 'native' && {
      outputConfig: { textFormat: { type: 'json_schema', structure: { jsonSchema: { name: TOOL, description: TOOL_TEXT, schema: JSON.stringify(schema) } } } },
    }),
    ...((rung === 'strict-tool' || rung === 'forced-tool') && {
      toolConfig: { tools: [toolOf(schema, rung === 'strict-tool')], toolChoice: { tool: { name: TOOL } } },
    }),
  };
}

function toolOf(schema: AnswerSchema, strict: boolean): Tool {
  // A copy, as the SDK's type of a document is one that may be changed.
  const json = JSON.parse(JSON.stringify(schema)) as Record<string, never>;
  return { toolSpec: { name: TOOL, description: TOOL_TEXT, inputSchema: { json }, ...(strict && { strict }) } };
}

function messagesOf({ parts, repair, rung, schema }: Sent, guarded: boolean): Message[] {
  const form: PromptPart[] = rung === 'plain' ? [{ text: formInWords(schema), outside: false }] : [];
  const asked: Message = { role: 'user', content: [...parts, ...form].map((part) => contentOf(part, guarded)) };
  if (!repair) return [asked];
  return [asked, { role: 'assistant', content: [{ text: repair.answer }] }, { role: 'user', content: [{ text: repair.problems }] }];
}

/** With a guardrail only what outsiders wrote is looked at: our own words would set it off. */
function contentOf({ text, outside }: PromptPart, guarded: boolean): ContentBlock {
  return outside && guarded ? { guardContent: { text: { text } } } : { text };
}
