import { formInWords, TOOL, TOOL_TEXT } from '../reasoning/vendor';
import type { Sent } from '../reasoning/vendor';

/** The body of a chat completion. */
export function chatBody({ model, rung, system, parts, schema, maxTokens, repair }: Sent): object {
  const form = rung === 'plain' ? formInWords(schema) : '';
  const asked = `${parts.map(({ text }) => text).join('')}${form}`;
  return {
    model: model.id,
    max_tokens: maxTokens,
    messages: [
      { role: 'system', content: system },
      { role: 'user', content: asked },
      ...(repair
        ? [
            { role: 'assistant', content: repair.answer },
            { role: 'user', content: repair.problems },
          ]
        : []),
    ],
    ...(rung === 'native' && { response_format: { type: 'json_schema', json_schema: { name: TOOL, description: TOOL_TEXT, strict: true, schema } } }),
    ...((rung === 'strict-tool' || rung === 'forced-tool') && {
      tools: [{ type: 'function', function: { name: TOOL, description: TOOL_TEXT, parameters: schema, ...(rung === 'strict-tool' && { strict: true }) } }],
      tool_choice: { type: 'function', function: { name: TOOL } },
    }),
  };
}
