import { defined } from '../../domain/defined';
import { errorMessage, NightshiftError } from '../../domain/errors';
import { NO_TOKENS } from '../../domain/reasoning/opinion';
import type { TokenUsage } from '../../domain/reasoning/opinion';
import type { Rung } from '../../domain/reasoning/rungs';
import type { ReasonerFailure } from '../../ports/reasoner';
import { readAnswer } from '../local/http';
import type { ModelVendor, Sent, VendorAnswer, VendorFailure } from '../reasoning/vendor';
import { TOOL } from '../reasoning/vendor';
import { chatBody } from './chat-body';

/** An endpoint that speaks chat completions. */
export interface OpenAiDeps {
  /** Base, such as `http://127.0.0.1:11434/v1`, without a slash at its end. */
  readonly url: string;
  readonly key?: string;
  /** Of one try, milliseconds. */
  readonly timeoutMs: number;
}

const MOST_BYTES = 2_097_152;
const MOST_MESSAGE = 300;
const ABOUT_SCHEMA = /response_format|json_schema|schema|\bstrict\b|tool|structured|grammar/i;
const TOO_LONG = /context_length|context length|context window|too long|maximum context/i;

/** Models behind an OpenAI-compatible endpoint, such as one on this machine. https://platform.openai.com/docs/api-reference/chat */
export function openAiModels({ url, key, timeoutMs }: OpenAiDeps): ModelVendor {
  const headers = { 'content-type': 'application/json', ...(key !== undefined && { authorization: `Bearer ${key}` }) };
  return {
    ask: async (sent: Sent) => {
      const send = { method: 'POST', body: JSON.stringify(chatBody(sent)) } as const;
      const answer = await readAnswer(`${url}/chat/completions`, { timeoutMs, maxBytes: MOST_BYTES, headers, send, signal: sent.signal });
      if (answer.status !== 200) throw new HttpFailure(answer.status, answer.text, answer.headers.get('retry-after') ?? '');
      return chatAnswer(answer.text);
    },
    failureOf,
  };
}

/** An answer that is none. */
class HttpFailure extends Error {
  constructor(
    readonly status: number,
    readonly body: string,
    readonly retryAfter: string,
  ) {
    super(`the endpoint answered ${String(status)}: ${body.slice(0, MOST_MESSAGE)}`);
  }
}

interface Chat {
  readonly choices?: readonly {
    readonly finish_reason?: string;
    readonly message?: {
      readonly content?: string | null;
      readonly refusal?: string | null;
      readonly tool_calls?: readonly { readonly function?: { readonly name?: string; readonly arguments?: string } }[];
    };
  }[];
  readonly usage?: {
    readonly prompt_tokens?: number;
    readonly completion_tokens?: number;
    readonly prompt_tokens_details?: { readonly cached_tokens?: number };
  };
}

const STOPPED: Readonly<Record<string, readonly [ReasonerFailure, string]>> = {
  length: ['cut-off', 'the answer was longer than reasoning.maxTokens allows'],
  content_filter: ['refused', 'the provider filtered the answer'],
};

function chatAnswer(body: string): VendorAnswer {
  const chat = parsed(body);
  const [choice] = chat.choices ?? [];
  const { content, refusal, tool_calls: calls = [] } = choice?.message ?? {};
  const text = calls.find((call) => call.function?.name === TOOL)?.function?.arguments ?? content ?? '';
  const reason = choice?.finish_reason ?? '';
  const refused = typeof refusal === 'string' && refusal !== '' ? (['refused', 'the model refused to answer'] as const) : undefined;
  const stopped = refused ?? (Object.hasOwn(STOPPED, reason) ? STOPPED[reason] : undefined);
  return { usage: usageOf(chat.usage), text: String(text), ...(stopped && { stopped: { failure: stopped[0], message: stopped[1] } }) };
}

function parsed(body: string): Chat {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Told below.
  }
  throw new NightshiftError('unreadable', 'The endpoint of models answered something else than a chat completion.');
}

function usageOf({ prompt_tokens: asked = 0, completion_tokens: output = 0, prompt_tokens_details: details }: NonNullable<Chat['usage']> = {}): TokenUsage {
  const cacheRead = details?.cached_tokens ?? 0;
  return { ...NO_TOKENS, input: Math.max(0, asked - cacheRead), output, cacheRead };
}

const BY_STATUS: Readonly<Record<number, ReasonerFailure>> = { 401: 'forbidden', 403: 'forbidden', 408: 'timeout', 429: 'throttled' };
const SERVER = 500;

function failureOf(error: unknown, rung: Rung): VendorFailure {
  const message = errorMessage(error);
  // Whether something was begun before the connection broke nobody knows.
  if (!(error instanceof HttpFailure)) return { failure: 'unavailable', message, unsure: true };
  const { status, body, retryAfter } = error;
  if (status >= SERVER) return { failure: 'unavailable', message, unsure: true };
  const failure = BY_STATUS[status];
  if (failure) return { failure, message, ...defined({ retryAfterMs: /^\d{1,6}$/.test(retryAfter) ? Number(retryAfter) * 1000 : undefined }) };
  if (TOO_LONG.test(body)) return { failure: 'too-long', message };
  return { failure: rung !== 'plain' && ABOUT_SCHEMA.test(body) ? 'schema-refused' : 'misconfigured', message };
}
